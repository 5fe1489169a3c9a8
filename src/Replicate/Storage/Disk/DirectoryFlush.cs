using System.Runtime.InteropServices;

namespace Replicate.Storage.Disk;

/// <summary>Makes the names in a directory durable: a file that was flushed and renamed may have its old name after a power failure.</summary>
internal static class DirectoryFlush
{
    private const int Interrupted = 4;

    // No such directory (any more), no permission, invalid, read-only, not there, not supported: the numbers of Linux and macOS.
    private static readonly int[] Unsupported = OperatingSystem.IsMacOS() ? [2, 13, 22, 30, 45, 78, 102] : [2, 13, 22, 30, 38, 95];

    private static volatile bool _isMissing = OperatingSystem.IsWindows();

    /// <summary>
    /// Flushes a directory to the disk. Windows keeps names in the journal of its file system and has no such call, some file
    /// systems have none for directories, and one that may not be read can't be flushed: there is nothing more to be done.
    /// </summary>
    /// <param name="directory">Its absolute path.</param>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>): the names may be lost.</exception>
    public static void Flush(string directory)
    {
        if (_isMissing)
        {
            return;
        }

        try
        {
            var descriptor = Retry(() => Open(directory, 0), out var error);
            if (descriptor >= 0)
            {
                _ = Retry(() => Synchronize(descriptor), out error);
                _ = Close(descriptor);
            }

            if (IsFailure(error))
            {
                throw Failed(directory, error);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _isMissing = true;
        }
    }

    /// <summary>Whether an error of the system says that names may be lost, rather than that directories can't be flushed here.</summary>
    /// <param name="error">The number of the error; 0 for none.</param>
    internal static bool IsFailure(int error) => error != 0 && Array.IndexOf(Unsupported, error) < 0;

    /// <summary>The error for a directory that could not be flushed.</summary>
    internal static ReplicateException Failed(string directory, int error) =>
        Failed($"the names in '{directory}'", $"{Marshal.GetPInvokeErrorMessage(error)}.", null);

    /// <summary>The error for something that could not be flushed.</summary>
    /// <param name="what">What it is, as in <c>the names in '/data'</c>.</param>
    /// <param name="reason">A sentence of the system.</param>
    /// <param name="cause">What was thrown; null for nothing.</param>
    internal static ReplicateException Failed(string what, string reason, Exception? cause) => new(
        ErrorKind.Unavailable, "FlushFailed", $"The disk could not be made to keep {what}: {reason}",
        "Look at the disk, its free space and its cables, and try again: what was written last may be lost when the power fails.", cause);

    private static int Retry(Func<int> call, out int error)
    {
        int result;
        do
        {
            result = call();
            error = result < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == Interrupted);

        return result;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
