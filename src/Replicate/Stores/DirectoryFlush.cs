using System.Runtime.InteropServices;

namespace Replicate.Stores;

/// <summary>Makes the names in a directory durable: a file that was flushed and renamed may have its old name after a power failure.</summary>
internal static class DirectoryFlush
{
    private static volatile bool _isMissing = OperatingSystem.IsWindows();

    /// <summary>
    /// Flushes a directory to the disk. Windows keeps names in the journal of its file system and has no such call; where a
    /// file system refuses, there is nothing more to be done.
    /// </summary>
    /// <param name="directory">Its absolute path.</param>
    public static void Flush(string directory)
    {
        if (_isMissing)
        {
            return;
        }

        try
        {
            var descriptor = Open(directory, 0);
            if (descriptor >= 0)
            {
                _ = Synchronize(descriptor);
                _ = Close(descriptor);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _isMissing = true;
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
