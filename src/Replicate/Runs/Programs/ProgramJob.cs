using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Runs.Programs;

/// <summary>
/// Ends a program, and what it started, with the process that runs it, however that ends: Windows keeps no tie between a process
/// and those that it started but a job. On other systems a program goes on.
/// </summary>
internal sealed class ProgramJob : IDisposable
{
    private const int ExtendedLimits = 9;
    private const uint MayBreakAway = 0x800;
    private const uint KillOnClose = 0x2000;

    private readonly SafeFileHandle _handle;

    private ProgramJob(SafeFileHandle handle) => _handle = handle;

    /// <summary>Puts a program that was just started into a job; null where the system refuses, and the program goes on without.</summary>
    internal static ProgramJob? TryHold(Process process)
    {
        if (!OperatingSystem.IsWindows())
        {
            return null;
        }

        var job = new ProgramJob(CreateJobObject(0, null));
        if (!job._handle.IsInvalid && job.TryLimit(KillOnClose | MayBreakAway) && IsAssigned(job._handle, process))
        {
            return job;
        }

        job.Dispose();
        return null;
    }

    /// <summary>Lets go what the program left behind when it has ended by itself, as a server of its own.</summary>
    internal void Release() => _ = TryLimit(MayBreakAway);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static bool IsAssigned(SafeFileHandle job, Process process)
    {
        try
        {
            return AssignProcessToJobObject(job, process.SafeHandle);
        }
        catch (InvalidOperationException)
        {
            return false; // It has ended already.
        }
    }

    private bool TryLimit(uint flags)
    {
        var limits = new Limits { Flags = flags };
        return SetInformationJobObject(_handle, ExtendedLimits, ref limits, (uint)Marshal.SizeOf<Limits>());
    }

    [DllImport("kernel32", EntryPoint = "CreateJobObjectW", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern SafeFileHandle CreateJobObject(nint security, string? name);

    [DllImport("kernel32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetInformationJobObject(SafeFileHandle job, int kind, ref Limits limits, uint length);

    [DllImport("kernel32", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags matter here.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint SmallestWorkingSet;
        public nuint LargestWorkingSet;
        public uint Processes;
        public nuint Affinity;
        public uint Priority;
        public uint Scheduling;
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WrittenBytes;
        public ulong OtherBytes;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint MostProcessMemory;
        public nuint MostJobMemory;
    }
}
