using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Storage.Disk;

/// <summary>What a Unix tells of a file, in the layout of the runtime's own shim, which is one on all of them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct UnixStatus
{
    private const int KindMask = 0xF000;
    private const int DirectoryKind = 0x4000;
    private const int FileKind = 0x8000;
    private const int LinkKind = 0xA000;
    private const string Shim = "libSystem.Native";

    public int Flags;
    public int Mode;
    public uint User;
    public uint Group;
    public long Size;
    public long AccessTime;
    public long AccessTimeNanoseconds;
    public long WriteTime;
    public long WriteTimeNanoseconds;
    public long ChangeTime;
    public long ChangeTimeNanoseconds;
    public long BirthTime;
    public long BirthTimeNanoseconds;
    public long Device;
    public long SpecialDevice;
    public long Number;
    public uint UserFlags;

    private static volatile bool s_isMissing = OperatingSystem.IsWindows();

    /// <summary>Whether it is a directory, and no link to one.</summary>
    public readonly bool IsDirectory => (Mode & KindMask) == DirectoryKind;

    /// <summary>Whether it is an ordinary file: no directory, link, device or pipe.</summary>
    public readonly bool IsFile => (Mode & KindMask) == FileKind;

    /// <summary>Whether it is a symbolic link.</summary>
    public readonly bool IsLink => (Mode & KindMask) == LinkKind;

    /// <summary>Who may do what.</summary>
    public readonly UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>The number of the user of this process; null where that can't be told, as on Windows.</summary>
    public static uint? CurrentUser => Try(GetEffectiveUser, out var user) ? user : null;

    /// <summary>The status of an open file; null where it can't be told.</summary>
    public static UnixStatus? Of(SafeFileHandle file)
    {
        var status = default(UnixStatus);
        return Try(() => FStat(file, out status), out var result) && result == 0 ? status : null;
    }

    /// <summary>The status of a file, directory or link, which is not followed; null where there is none or it can't be told.</summary>
    public static UnixStatus? Of(string path)
    {
        var status = default(UnixStatus);
        return Try(() => LStat(path, out status), out var result) && result == 0 ? status : null;
    }

    private static bool Try<T>(Func<T> call, out T? result)
    {
        result = default;
        if (s_isMissing)
        {
            return false;
        }

        try
        {
            result = call();
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_isMissing = true;
            return false;
        }
    }

    [DllImport(Shim, EntryPoint = "SystemNative_FStat")]
    private static extern int FStat(SafeFileHandle file, out UnixStatus status);

    [DllImport(Shim, EntryPoint = "SystemNative_LStat", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int LStat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out UnixStatus status);

    [DllImport(Shim, EntryPoint = "SystemNative_GetEUid")]
    private static extern uint GetEffectiveUser();
}
