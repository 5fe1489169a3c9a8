using System.Runtime.InteropServices;
using Replicate.Storage;

namespace Replicate.Cli;

/// <summary>Nobody reads any more what is written into a pipe.</summary>
internal sealed class ReaderGoneException() : IOException("nobody reads it any more");

/// <summary>
/// A standard output of the process, which says what became of what is written. The runtime's own passes over a reader that is
/// gone, and where the process was started with a closed output it writes into whatever file got its number.
/// </summary>
internal sealed class StandardStream : WriteOnlyStream
{
    private const string LibC = "libc";
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int Interrupted = 4;
    private const int BrokenPipe = 32;

    private readonly int _number;
    private readonly bool _isClosed;

    // What was handed down by whoever started us isn't closed in who we start; what the runtime opened for itself is.
    private StandardStream(int number) =>
        (_number, _isClosed) = (number, GetDescriptor(number, GetDescriptorFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0));

    /// <summary>The standard output.</summary>
    public static Stream Output => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardStream(1);

    /// <summary>The standard error output.</summary>
    public static Stream Error => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardStream(2);

    private static int TryAgain => OperatingSystem.IsLinux() ? 11 : 35;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_isClosed && buffer.Length > 0)
        {
            throw new IOException("it is closed");
        }

        while (buffer.Length > 0)
        {
            var written = Write(_number, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == BrokenPipe)
            {
                throw new ReaderGoneException();
            }

            if (error == TryAgain)
            {
                // Whoever started us made it so that it doesn't block.
                Thread.Sleep(1);
            }
            else if (error != Interrupted)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    [DllImport(LibC, EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int stream, in byte bytes, nint count);

    [DllImport(LibC, EntryPoint = "fcntl")]
    private static extern int GetDescriptor(int stream, int command);
}
