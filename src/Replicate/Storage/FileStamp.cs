using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage.Disk;

namespace Replicate.Storage;

/// <summary>What tells a file and its content from others without reading it: identity, size and time of writing.</summary>
/// <param name="Volume">The device it lies on.</param>
/// <param name="Number">Its number there, which a file that replaces it doesn't have.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Written">When it was last written, in UTC.</param>
internal readonly record struct FileStamp(ulong Volume, ulong Number, long Length, DateTime Written)
{
    /// <summary>The stamp of an open file.</summary>
    internal static FileStamp Of(SafeFileHandle file)
    {
        var (volume, number) = IdentityOf(file);
        return new FileStamp(volume, number, RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
    }

    /// <summary>The stamp of the file that a path leads to now; null where there is none that can be read.</summary>
    internal static FileStamp? Of(string path)
    {
        using var file = TryOpen(path);
        return file is null ? null : Of(file);
    }

    /// <summary>Opens a file that its writer may write, rename and delete meanwhile; null where that can't be done.</summary>
    internal static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether both are the same file, whatever it holds.</summary>
    internal bool IsSameFile(FileStamp other) => Volume == other.Volume && Number == other.Number;

    private static (ulong Volume, ulong Number) IdentityOf(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return GetFileInformationByHandle(file, out var information)
                ? (information.Volume, ((ulong)information.IndexHigh << 32) | information.IndexLow)
                : default;
        }

        return UnixStatus.Of(file) is { } status ? ((ulong)status.Device, (ulong)status.Number) : (0, (ulong)File.GetCreationTimeUtc(file).Ticks);
    }

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandle(SafeFileHandle file, out WindowsInformation information);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowsInformation
    {
        public uint Attributes;
        public uint CreationTimeLow;
        public uint CreationTimeHigh;
        public uint AccessTimeLow;
        public uint AccessTimeHigh;
        public uint WriteTimeLow;
        public uint WriteTimeHigh;
        public uint Volume;
        public uint SizeHigh;
        public uint SizeLow;
        public uint Links;
        public uint IndexHigh;
        public uint IndexLow;
    }
}
