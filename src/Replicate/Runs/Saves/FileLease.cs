using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Runs.Saves;

/// <summary>
/// Asks Linux whether anybody has a file open for writing, by taking a lease on it, which only such a one prevents, and giving it back.
/// </summary>
/// <remarks>
/// Events of a change come a moment after the change itself, and a writer may lose the processor in between. But a file is open for
/// writing until the event was given: where nobody has it open, whatever was done to its content was told.
/// </remarks>
internal static class FileLease
{
    private const string LibC = "libc";
    private const int SetSignal = 10;
    private const int SetLease = 1024;
    private const int ReadLease = 0;
    private const int NoLease = 2;
    private const int TryAgain = 11;

    /// <summary>Whoever wants to write meanwhile makes the system send a signal. This one is ignored where nobody asks for it.</summary>
    private const int Urgent = 23;

    /// <summary>Whether nobody has a file open for writing.</summary>
    /// <param name="path">An absolute path.</param>
    /// <returns>False also where it is gone; null where the system or the file system can't tell.</returns>
    internal static bool? IsFree(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        using var file = FileStamp.TryOpen(path);
        if (file is null)
        {
            return false;
        }

        if (Control(file, SetSignal, Urgent) != 0)
        {
            return null;
        }

        if (Control(file, SetLease, ReadLease) == 0)
        {
            _ = Control(file, SetLease, NoLease);
            return true;
        }

        return Marshal.GetLastPInvokeError() == TryAgain ? false : null;
    }

    [DllImport(LibC, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int Control(SafeFileHandle file, int command, int argument);
}
