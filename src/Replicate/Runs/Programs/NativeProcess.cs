using System.Runtime.InteropServices;

namespace Replicate.Runs;

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

    /// <summary>The number of a signal, which is the same on all Unixes for these.</summary>
    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        _ => 15,
    };

    [DllImport(LibC, EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [DllImport(LibC, EntryPoint = "getpgrp")]
    private static extern int GetProcessGroup();

    [DllImport(LibC, EntryPoint = "tcgetpgrp")]
    private static extern int TerminalGroup(int stream);
}
