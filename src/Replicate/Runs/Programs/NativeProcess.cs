using System.Runtime.InteropServices;

namespace Replicate.Runs.Programs;

/// <summary>What the runtime doesn't offer of processes on Unix.</summary>
internal static partial class NativeProcess
{
    private const string LibC = "libc";

    /// <summary>Sends a signal; a process that is gone is no error.</summary>
    internal static void Signal(int process, PosixSignal signal) => _ = Kill(process, NumberOf(signal));

    /// <summary>
    /// Whether this process is in the foreground of its terminal, and so a key such as Ctrl+C has reached its children,
    /// too.
    /// </summary>
    internal static bool IsInForeground()
    {
        var group = GetProcessGroup();
        for (var stream = 0; stream <= 2; stream++)
        {
            if (TerminalGroup(stream) == group)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The signals that mean what a program and whoever sends them agreed on, SIGUSR1 and SIGUSR2.</summary>
    internal static IReadOnlyList<PosixSignal> UserSignals { get; } = IsBsd ? [(PosixSignal)30, (PosixSignal)31] : [(PosixSignal)10, (PosixSignal)12];

    /// <summary>Whether a process is stopped; null where that can't be seen here.</summary>
    internal static bool? IsStopped(int process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            // After the name in parentheses comes the state.
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[text.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Stops this process until somebody lets it go on.</summary>
    internal static void StopSelf() => _ = Kill(System.Environment.ProcessId, IsBsd ? 17 : 19);

    private static bool IsBsd => OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD();

    /// <summary>The number of a signal on this system, which isn't Windows.</summary>
    private static int NumberOf(PosixSignal signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return (int)signal;
        }

        return signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGQUIT => 3,
            PosixSignal.SIGTERM => 15,
            PosixSignal.SIGWINCH => 28,
            PosixSignal.SIGCONT => IsBsd ? 19 : 18,
            PosixSignal.SIGTSTP => IsBsd ? 18 : 20,
            _ => (int)signal,
        };
    }

    [DllImport(LibC, EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [DllImport(LibC, EntryPoint = "getpgrp")]
    private static extern int GetProcessGroup();

    [DllImport(LibC, EntryPoint = "tcgetpgrp")]
    private static extern int TerminalGroup(int stream);
}
