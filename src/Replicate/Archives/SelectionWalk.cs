namespace Replicate.Archives;

/// <summary>
/// Walks what is to be saved. A link to what is saved anyway is saved as a link; one that leads elsewhere is followed,
/// once, and what it leads to is saved under its path.
/// </summary>
internal sealed class SelectionWalk(SelectionRules rules)
{
    private readonly List<SelectedFile> _files = [];
    private readonly List<Root> _roots = [];
    private readonly Stack<Root> _openRoots = new();

    /// <summary>Selects a file, or all that the rules leave of a directory.</summary>
    /// <param name="path">Relative to the project directory; empty for all of it.</param>
    /// <param name="fullPath">The same, absolute.</param>
    public IReadOnlyList<SelectedFile> Walk(string path, string fullPath)
    {
        var realPath = RealPath.Of(fullPath);
        if (!Directory.Exists(realPath))
        {
            AddFile(path, new FileInfo(realPath));
        }
        else if (!rules.IsExcludedPlace(realPath))
        {
            WalkRoot(new Root(path, realPath));
        }

        return _files;
    }

    private void WalkRoot(Root root)
    {
        _roots.Add(root);
        _openRoots.Push(root);
        WalkDirectory(root.Path, root.RealPath);
        _openRoots.Pop();
    }

    private void WalkDirectory(string path, string realPath)
    {
        foreach (var entry in new DirectoryInfo(realPath).GetFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var entryPath = ArchivePath.Combine(path, entry.Name);
            if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is { } target)
            {
                AddLink(entryPath, entry.FullName, target);
            }
            else if (entry is FileInfo file)
            {
                if (!rules.ExcludesFile(entryPath))
                {
                    AddFile(entryPath, file);
                }
            }
            else if (!rules.ExcludesDirectory(entryPath, entry.FullName))
            {
                WalkDirectory(entryPath, entry.FullName);
            }
        }
    }

    private void AddFile(string path, FileInfo file)
    {
        if (FileTypes.IsOrdinary(file))
        {
            _files.Add(new SelectedFile(path, file.FullName, null, file.Length));
        }
        else
        {
            Notices.Warn($"'{path}' is not saved: it is neither a file nor a directory nor a link.");
        }
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
            Notices.Warn($"The link '{path}' is not saved: it leads to '{target}', which does not exist.");
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
            Notices.Warn($"The link '{path}' is not saved: it leads to '{target}', which holds what is being saved.");
        }
        else
        {
            WalkRoot(new Root(path, realPath));
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
            if (isFile ? rules.ExcludesFile(path) : rules.ExcludesDirectory(path, real))
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
