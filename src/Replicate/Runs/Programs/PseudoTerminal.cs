using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs.Programs;

/// <summary>
/// A terminal that a program writes to and we read from, so that it shows colours and progress bars. Input, signals and
/// the process group stay as they are.
/// </summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const string LibC = "libc";

    /// <summary>
    /// The shell sets the terminal up, so that bytes pass unchanged, and becomes the program. It holds it open all the time:
    /// a terminal that nobody has open for a moment is at its end for who reads from it.
    /// </summary>
    private const string Script =
        """exec 3<>"$0"; stty -onlcr -echo rows "$1" cols "$2" <&3 2>/dev/null; shift 2; exec "$@" >&3 2>&3 3>&-""";

    private const string ResizeScript = """exec stty rows "$1" cols "$2" <"$0" 2>/dev/null""";

    private static readonly object NameLock = new();

    private readonly string _name;

    private PseudoTerminal(SafeFileHandle handle, string name)
    {
        _name = name;
        Output = new FileStream(handle, FileAccess.Read, bufferSize: 0);
    }

    /// <summary>What is written to it. Reading fails when nobody has it open any more.</summary>
    internal Stream Output { get; }

    /// <summary>Opens one.</summary>
    /// <exception cref="ReplicateException">The system has none (<c>TerminalUnavailable</c>).</exception>
    internal static PseudoTerminal Open()
    {
        if (OperatingSystem.IsWindows())
        {
            throw Unavailable("Windows has none that a program can be given this way");
        }

        // Read and write, not our controlling terminal, not for our children.
        var flags = 0x2 | (OperatingSystem.IsMacOS() ? 0x20000 | 0x1000000 : 0x100 | 0x80000);
        var handle = new SafeFileHandle(OpenTerminal(flags), ownsHandle: true);
        lock (NameLock)
        {
            if (!handle.IsInvalid && Grant(handle) == 0 && Unlock(handle) == 0 && Marshal.PtrToStringUTF8(NameOf(handle)) is { } name)
            {
                return new PseudoTerminal(handle, name);
            }
        }

        handle.Dispose();
        throw Unavailable("the system gives no more of them");
    }

    /// <summary>The program and arguments that run another program in it.</summary>
    internal (string FileName, string[] Arguments) Wrap(string program, IReadOnlyList<string> arguments)
    {
        var (rows, columns) = Size();
        return ("/bin/sh", ["-c", Script, _name, rows, columns, program, .. arguments]);
    }

    /// <summary>Gives it the size that our own terminal has now. Where that can't be done, it keeps the size it has.</summary>
    internal void Resize()
    {
        var (rows, columns) = Size();
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", ResizeScript, _name, rows, columns]));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No more processes: a matter of looks.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Output.Dispose();

    /// <summary>The size of our own terminal, so that what fits there fits here.</summary>
    private static (string Rows, string Columns) Size()
    {
        var (rows, columns) = Console.IsOutputRedirected ? (24, 80) : (Console.WindowHeight, Console.WindowWidth);
        return (Math.Max(rows, 1).ToString(CultureInfo.InvariantCulture), Math.Max(columns, 1).ToString(CultureInfo.InvariantCulture));
    }

    private static ReplicateException Unavailable(string why) => new(
        ErrorKind.Unavailable, "TerminalUnavailable", $"There is no pseudo-terminal for the program: {why}.", "Run it without a terminal.");

    [DllImport(LibC, EntryPoint = "posix_openpt")]
    private static extern int OpenTerminal(int flags);

    [DllImport(LibC, EntryPoint = "grantpt")]
    private static extern int Grant(SafeFileHandle terminal);

    [DllImport(LibC, EntryPoint = "unlockpt")]
    private static extern int Unlock(SafeFileHandle terminal);

    [DllImport(LibC, EntryPoint = "ptsname")]
    private static extern nint NameOf(SafeFileHandle terminal);
}
