using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Storage.Disk;

/// <summary>The memory in which the system keeps the content of files.</summary>
internal static class PageCache
{
    private const int DontNeed = 4;

    private static volatile bool _hasShim = !OperatingSystem.IsWindows();

    /// <summary>Tells the system that nobody reads a flushed file soon. Where it can't be told, nothing happens.</summary>
    internal static void Forget(SafeFileHandle file)
    {
        if (_hasShim)
        {
            try
            {
                _ = Advise(file, 0, 0, DontNeed);
            }
            catch (EntryPointNotFoundException)
            {
                _hasShim = false;
            }
        }
    }

    // The runtime's own shim knows on which systems there is posix_fadvise.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_PosixFAdvise")]
    private static extern int Advise(SafeFileHandle file, long offset, long length, int advice);
}
