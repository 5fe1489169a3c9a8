using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage.Disk;

namespace Replicate.Archives.CheckingOut;

/// <summary>A directory by its descriptor, as Linux and macOS let one work in it.</summary>
internal sealed class UnixDirectory : OpenDirectory
{
    private const string LibC = "libc";
    private const int NotThere = 2;
    private const int AlreadyThere = 17;
    private const int AnyDirectory = -100;
    private const uint Everybody = 0x1ff;
    private const uint OwnerOnly = 0x1c0;
    private const int MaxTarget = 4096;
    private const int ManyFiles = 100;

    // The numbers of these flags are no part of POSIX: those of most machines, of ARM and PowerPC, and of macOS.
    private static readonly bool IsArm =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Armv6 or Architecture.Ppc64le;

    private static readonly int OnlyDirectory = OperatingSystem.IsMacOS() ? 0x100000 : IsArm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = OperatingSystem.IsMacOS() ? 0x100 : IsArm ? 0x8000 : 0x20000;
    private static readonly int NameTooLong = OperatingSystem.IsMacOS() ? 63 : 36;
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int RemoveDirectory = OperatingSystem.IsMacOS() ? 0x80 : 0x200;
    private static readonly bool HasDescriptorPaths = OperatingSystem.IsLinux() && Directory.Exists("/proc/self/fd");

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly string _contentPath;

    private UnixDirectory(SafeFileHandle handle, string path)
    {
        (_handle, _path) = (handle, path);
        _contentPath = HasDescriptorPaths ? FormattableString.Invariant($"/proc/self/fd/{handle.DangerousGetHandle()}") : path;
    }

    /// <inheritdoc cref="OpenDirectory.Open"/>
    public static UnixDirectory OpenNamed(string path)
    {
        var opened = OpenAt(AnyDirectory, Bytes(path), OnlyDirectory | CloseOnExec);
        return opened >= 0 ? new UnixDirectory(new SafeFileHandle(opened, ownsHandle: true), path) : throw Failed(path);
    }

    public override string PathOf(string name) => Path.Combine(_contentPath, name);

    public override OpenDirectory? Child(string name)
    {
        var opened = OpenAt(Descriptor, Bytes(name), OnlyDirectory | NoFollow | CloseOnExec);
        return opened >= 0 ? new UnixDirectory(new SafeFileHandle(opened, ownsHandle: true), Path.Combine(_path, name))
            : Marshal.GetLastPInvokeError() == NotThere ? null : throw Failure(name);
    }

    public override bool TryCreate(string name, bool isPrivate = false) =>
        MakeDirectoryAt(Descriptor, Bytes(name), isPrivate ? OwnerOnly : Everybody) == 0
        || (Marshal.GetLastPInvokeError() == AlreadyThere ? false : throw Failure(name));

    public override bool Exists(string name) =>
        AccessAt(Descriptor, Bytes(name), 0, 0) == 0
        || (Marshal.GetLastPInvokeError() is var error && error != NotThere && error != NameTooLong)
        || LinkTarget(name) is not null;

    public override bool TryMove(string name, OpenDirectory to, string newName) =>
        RenameAt(Descriptor, Bytes(name), ((UnixDirectory)to).Descriptor, Bytes(newName)) == 0
        || (Marshal.GetLastPInvokeError() == NotThere ? false : throw Failure(name));

    public override bool TryKeep(string name, OpenDirectory to, string newName)
    {
        using (var directory = OpenAt(Descriptor, Bytes(name), OnlyDirectory | NoFollow | CloseOnExec) is >= 0 and var opened
            ? new SafeFileHandle(opened, ownsHandle: true) : null)
        {
            if (directory is not null)
            {
                throw new IOException($"'{Path.Combine(_path, name)}' is a directory.");
            }
        }

        // A second name leaves the file in its place until the very moment the new one is there; not every file system has them.
        return LinkAt(Descriptor, Bytes(name), ((UnixDirectory)to).Descriptor, Bytes(newName), 0) == 0 || TryMove(name, to, newName);
    }

    public override string? LinkTarget(string name)
    {
        var target = new byte[MaxTarget];
        var length = ReadLinkAt(Descriptor, Bytes(name), target, MaxTarget);
        return length >= 0 ? Encoding.UTF8.GetString(target, 0, (int)length) : null;
    }

    public override void CreateLink(string name, string target) => Require(LinkSymbolicallyAt(Bytes(target), Descriptor, Bytes(name)) == 0, name);

    public override void Delete(string name) =>
        Require(UnlinkAt(Descriptor, Bytes(name), 0) == 0 || Marshal.GetLastPInvokeError() == NotThere, name);

    public override void DeleteDirectory(string name) =>
        Require(UnlinkAt(Descriptor, Bytes(name), RemoveDirectory) == 0 || Marshal.GetLastPInvokeError() == NotThere, name);

    public override void Flush(IReadOnlyCollection<string> names)
    {
        // All of the file system at once, with what others write, is faster than very many files one by one.
        if (names.Count > ManyFiles && OperatingSystem.IsLinux())
        {
            Require(SynchronizeFileSystem(Descriptor) == 0, "");
            return;
        }

        FlushEach(names);
        DirectoryFlush.Flush(PathOf(""));
    }

    public override void Dispose() => _handle.Dispose();

    private int Descriptor => _handle.IsClosed ? throw new ObjectDisposedException(_path) : (int)_handle.DangerousGetHandle();

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    private void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw Failure(name);
        }
    }

    private Exception Failure(string name) => Failed(Path.Combine(_path, name));

    private static Exception Failed(string path)
    {
        const int NotPermitted = 1, NoAccess = 13, ReadOnly = 30;
        var error = Marshal.GetLastPInvokeError();
        var message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        return error is NotPermitted or NoAccess or ReadOnly ? new UnauthorizedAccessException(message) : new IOException(message);
    }

    // No mode is given, so that this is called alike where arguments of variable number are passed otherwise.
    [DllImport(LibC, EntryPoint = "openat", SetLastError = true)]
    private static extern int OpenAt(int directory, byte[] path, int flags);

    [DllImport(LibC, EntryPoint = "mkdirat", SetLastError = true)]
    private static extern int MakeDirectoryAt(int directory, byte[] path, uint mode);

    [DllImport(LibC, EntryPoint = "faccessat", SetLastError = true)]
    private static extern int AccessAt(int directory, byte[] path, int mode, int flags);

    [DllImport(LibC, EntryPoint = "renameat", SetLastError = true)]
    private static extern int RenameAt(int directory, byte[] path, int newDirectory, byte[] newPath);

    [DllImport(LibC, EntryPoint = "linkat", SetLastError = true)]
    private static extern int LinkAt(int directory, byte[] path, int newDirectory, byte[] newPath, int flags);

    [DllImport(LibC, EntryPoint = "readlinkat", SetLastError = true)]
    private static extern nint ReadLinkAt(int directory, byte[] path, byte[] buffer, nint size);

    [DllImport(LibC, EntryPoint = "symlinkat", SetLastError = true)]
    private static extern int LinkSymbolicallyAt(byte[] target, int directory, byte[] path);

    [DllImport(LibC, EntryPoint = "unlinkat", SetLastError = true)]
    private static extern int UnlinkAt(int directory, byte[] path, int flags);

    [DllImport(LibC, EntryPoint = "syncfs", SetLastError = true)]
    private static extern int SynchronizeFileSystem(int directory);
}
