using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage.Disk;

namespace Replicate.Archives.CheckingOut;

/// <summary>A directory by its path, held by a handle that shares no deletion: while it is open nobody can rename or replace it.</summary>
internal sealed class WindowsDirectory : OpenDirectory
{
    private const uint ListDirectory = 1;
    private const uint ShareReadAndWrite = 3;
    private const uint OpenExisting = 3;
    private const uint OfDirectories = 0x02000000;
    private const uint NotThroughLinks = 0x00200000;

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private WindowsDirectory(string path, uint flags)
    {
        _path = path;
        _handle = CreateFile(path, ListDirectory, ShareReadAndWrite, 0, OpenExisting, OfDirectories | flags, 0);
        if (_handle.IsInvalid)
        {
            var error = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"{error.Message} : '{path}'", error);
        }
    }

    /// <inheritdoc cref="OpenDirectory.Open"/>
    public static WindowsDirectory OpenNamed(string path) => new(path, 0);

    public override string PathOf(string name) => Path.Combine(_path, name);

    public override OpenDirectory? Child(string name)
    {
        var path = PathOf(name);
        if (!Exists(name))
        {
            return null;
        }

        var child = new WindowsDirectory(path, NotThroughLinks);
        if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null })
        {
            return child;
        }

        child.Dispose();
        throw new IOException($"'{path}' is a link or no directory.");
    }

    public override bool TryCreate(string name, bool isPrivate = false)
    {
        if (Exists(name))
        {
            return false;
        }

        Directory.CreateDirectory(PathOf(name));
        return true;
    }

    public override bool Exists(string name) => File.Exists(PathOf(name)) || Directory.Exists(PathOf(name)) || LinkTarget(name) is not null;

    public override bool TryMove(string name, OpenDirectory to, string newName)
    {
        if (!Exists(name))
        {
            return false;
        }

        if (Directory.Exists(PathOf(name)))
        {
            Directory.Move(PathOf(name), to.PathOf(newName));
        }
        else
        {
            HeldFile.Replace(PathOf(name), to.PathOf(newName));
        }

        return true;
    }

    public override bool TryKeep(string name, OpenDirectory to, string newName) =>
        Directory.Exists(PathOf(name)) && LinkTarget(name) is null ? throw new IOException($"'{PathOf(name)}' is a directory.") : TryMove(name, to, newName);

    public override string? LinkTarget(string name) => new FileInfo(PathOf(name)).LinkTarget;

    public override void CreateLink(string name, string target)
    {
        if (Directory.Exists(Path.GetFullPath(target, _path)))
        {
            Directory.CreateSymbolicLink(PathOf(name), target);
        }
        else
        {
            File.CreateSymbolicLink(PathOf(name), target);
        }
    }

    public override void Delete(string name)
    {
        if (Directory.Exists(PathOf(name)))
        {
            Directory.Delete(PathOf(name));
        }
        else
        {
            HeldFile.Delete(PathOf(name));
        }
    }

    public override void DeleteDirectory(string name)
    {
        if (Directory.Exists(PathOf(name)))
        {
            Directory.Delete(PathOf(name));
        }
    }

    public override void Flush(IReadOnlyCollection<string> names) => FlushEach(names);

    public override void Dispose() => _handle.Dispose();

    [DllImport("kernel32", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern SafeFileHandle CreateFile(string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);
}
