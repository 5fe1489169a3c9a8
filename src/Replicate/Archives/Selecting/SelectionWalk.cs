using Replicate.Archives.Writing;
using Replicate.Storage.Disk;

namespace Replicate.Archives.Selecting;

/// <summary>
/// Walks what is to be saved. A link to what is saved anyway is saved as a link; one that leads elsewhere is followed,
/// once, and what it leads to is saved under its path.
/// </summary>
internal sealed class SelectionWalk(SelectionRules rules)
{
    private readonly List<SelectedFile> _files = [];
    private readonly List<Root> _roots = [];
    private readonly Stack<Root> _openRoots = new();
    private readonly List<string> _credentials = [];

    /// <summary>Selects a file, or all that the rules leave of a directory.</summary>
    /// <param name="path">Relative to the project directory; empty for all of it.</param>
    /// <param name="fullPath">The same, absolute.</param>
    public IReadOnlyList<SelectedFile> Walk(string path, string fullPath)
    {
        var realPath = RealPath.Of(fullPath);
        if (!Directory.Exists(realPath))
        {
            AddNamedFile(path, new FileInfo(realPath));
        }
        else if (!rules.IsExcludedPlace(realPath))
        {
            WalkRoot(new Root(path, realPath), isNamed: true);
        }

        if (_credentials.Count > 0)
        {
            Log.Warn(CredentialsWarning());
        }

        return _files;
    }

    private void WalkRoot(Root root, bool isNamed)
    {
        _roots.Add(root);
        _openRoots.Push(root);
        WalkDirectory(root.Path, root.RealPath, isNamed);
        _openRoots.Pop();
    }

    private void WalkDirectory(string path, string realPath, bool isNamed)
    {
        IEnumerable<FileSystemInfo> entries;
        try
        {
            entries = new DirectoryInfo(realPath).GetFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal);
        }
        catch (Exception e) when (!isNamed && e is IOException or UnauthorizedAccessException)
        {
            LeaveOut(path, e);
            return;
        }

        foreach (var entry in entries)
        {
            var entryPath = ArchivePath.Combine(path, entry.Name);
            try
            {
                Add(entryPath, entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LeaveOut(entryPath, e);
            }
        }
    }

    private void Add(string path, FileSystemInfo entry)
    {
        if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is { } target)
        {
            AddLink(path, entry.FullName, target);
        }
        else if (entry is FileInfo file)
        {
            if (!rules.ExcludesFile(path))
            {
                AddFile(path, file);
            }
        }
        else if (!rules.ExcludesDirectory(path, entry.FullName))
        {
            WalkDirectory(path, entry.FullName, isNamed: false);
        }
    }

    /// <summary>Adds a file that was found.</summary>
    private void AddFile(string path, FileInfo file)
    {
        if (!FileTypes.IsOrdinary(file))
        {
            WarnOfType(path);
        }
        else if (rules.ExcludesCredentials(path, file))
        {
            _credentials.Add(path);
        }
        else
        {
            RequireReadable(file);
            _files.Add(new SelectedFile(path, file.FullName, null, file.Length) { IsOptional = true });
        }
    }

    private void AddNamedFile(string path, FileInfo file)
    {
        if (FileTypes.IsOrdinary(file))
        {
            _files.Add(new SelectedFile(path, file.FullName, null, file.Length));
        }
        else
        {
            WarnOfType(path);
        }
    }

    /// <remarks>To open each of thousands of files takes time; one that everybody may read needs no proof.</remarks>
    private static void RequireReadable(FileInfo file)
    {
        const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Everybody) != Everybody)
        {
            File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
    }

    private static void WarnOfType(string path) =>
        Log.Warn($"'{path}' is not saved: it is neither a file nor a directory nor a link.");

    /// <summary>Says what is left out that is not there any more or can't be read.</summary>
    private static void LeaveOut(string path, Exception cause) => Log.Warn($"'{FileErrors.Shown(path)}' is not saved: {FileErrors.WhyLeftOut(path, cause)}.");

    private string CredentialsWarning()
    {
        const int MaxNamed = 20;
        var names = string.Join(", ", _credentials.Take(MaxNamed).Select(path => $"'{path}'"));
        var others = _credentials.Count > MaxNamed ? $" and {_credentials.Count - MaxNamed} others" : "";
        var (look, them) = _credentials.Count == 1 ? ("it looks like a file of credentials", "it") : ("they look like files of credentials", "them");
        return $"Not saved, because {look}: {names}{others}. To save {them} all the same, name the file itself as the path to save, "
            + $"or write '!{_credentials[0]}' into .replicateignore.";
    }

    private void AddLink(string path, string fullPath, string target)
    {
        var realPath = RealPath.Of(fullPath);
        var isDirectory = Directory.Exists(realPath);
        if (isDirectory ? rules.ExcludesDirectory(path, realPath) : rules.ExcludesFile(path))
        {
            return;
        }

        if (!RealPath.Exists(realPath))
        {
            Log.Warn($"The link '{path}' is not saved: it leads to '{target}', which does not exist.");
        }
        else if (_roots.Select(root => SavedPathIn(root, realPath, isDirectory)).FirstOrDefault(p => p is not null) is { } saved)
        {
            var text = ArchivePath.WithSlashes(target);
            text = ArchivePath.Follow(path, text) == saved ? text : ArchivePath.LinkText(path, saved);
            _files.Add(new SelectedFile(path, fullPath, text, 0));
        }
        else if (!isDirectory)
        {
            AddFile(path, new FileInfo(realPath));
        }
        else if (_openRoots.Any(root => RealPath.IsAtOrBelow(root.RealPath, realPath)))
        {
            Log.Warn($"The link '{path}' is not saved: it leads to '{target}', which holds what is being saved.");
        }
        else
        {
            WalkRoot(new Root(path, realPath), isNamed: false);
        }
    }

    /// <summary>Where something that really lies below a root is saved; null when it lies elsewhere or is left out.</summary>
    private string? SavedPathIn(Root root, string realPath, bool isDirectory)
    {
        var below = Path.GetRelativePath(root.RealPath, realPath);
        if (RealPath.Leaves(below))
        {
            return null;
        }

        var (path, real) = root;
        foreach (var name in below.Split(Path.DirectorySeparatorChar).Where(name => name != "."))
        {
            (path, real) = (ArchivePath.Combine(path, name), Path.Combine(real, name));
            var isFile = real == realPath && !isDirectory;
            if (isFile ? rules.ExcludesFile(path) || rules.ExcludesCredentials(path, new FileInfo(real)) : rules.ExcludesDirectory(path, real))
            {
                return null;
            }
        }

        return path;
    }

    /// <summary>A directory that is walked, the named one or what a link leads to.</summary>
    /// <param name="Path">Where it is saved.</param>
    /// <param name="RealPath">Where it lies.</param>
    private sealed record Root(string Path, string RealPath);
}
