using System.Formats.Tar;
using Replicate.Archives.Selecting;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Reading;

/// <summary>What the entries of a tarball read so far make up; refuses those that have no place in it.</summary>
internal sealed class TarballTree(string id)
{
    private readonly Dictionary<string, TarEntryType> _entries = [];

    /// <summary>Takes an entry in.</summary>
    /// <returns>The saved file; null for a directory, or for what only speaks of other entries.</returns>
    /// <exception cref="ReplicateException">It lies or leads outside the top directory, or is no file (<c>ArchiveRefused</c>).</exception>
    public SavedFile? Add(TarEntry entry)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.GlobalExtendedAttributes:
                return null;
            case TarEntryType.Directory or TarEntryType.DirectoryList:
                AddDirectory(PathOf(entry.Name.TrimEnd('/')));
                return null;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                return AddFile(entry, SavedFileKind.File);
            case TarEntryType.SymbolicLink:
                return AddFile(entry, SavedFileKind.Link);
            default:
                throw Refuse($"'{entry.Name}' is neither a file nor a directory nor a symbolic link");
        }
    }

    /// <summary>Takes a file or link in that an index tells of.</summary>
    /// <param name="file">The file; its path is below the top directory.</param>
    /// <returns>Whether its path is new.</returns>
    /// <exception cref="ReplicateException">It lies or leads outside the top directory (<c>ArchiveRefused</c>).</exception>
    public bool AddNew(SavedFile file)
    {
        var isNew = !_entries.ContainsKey(file.Path);
        Add(PathOf($"{id}/{file.Path}"), file.Path, file.LinkTarget);
        return isNew;
    }

    private SavedFile AddFile(TarEntry entry, SavedFileKind kind)
    {
        var path = PathOf(entry.Name);
        var isLink = kind == SavedFileKind.Link;
        Add(path, entry.Name, isLink ? entry.LinkName : null);
        return new SavedFile
        {
            Path = path,
            Kind = kind,
            Length = isLink ? 0 : entry.Length,
            Mode = entry.Mode & SavedFile.Permissions,
            LastModified = entry.ModificationTime.LocalDateTime,
            LinkTarget = isLink ? entry.LinkName : null,
        };
    }

    private void Add(string path, string name, string? linkTarget)
    {
        if (path.Length == 0 || _entries.GetValueOrDefault(path) == TarEntryType.Directory)
        {
            throw Refuse($"'{name}' is a directory and a file at once");
        }

        AddDirectory(ArchivePath.DirectoryOf(path));
        if (linkTarget is not null && ArchivePath.Follow(path, linkTarget) is null)
        {
            throw Refuse($"the link '{name}' may lead outside, to '{linkTarget}'");
        }

        _entries[path] = linkTarget is null ? TarEntryType.RegularFile : TarEntryType.SymbolicLink;
    }

    private void AddDirectory(string path)
    {
        while (path.Length > 0 && _entries.GetValueOrDefault(path, TarEntryType.Directory) is var type)
        {
            if (type != TarEntryType.Directory)
            {
                throw Refuse($"it puts files below '{path}', which is no directory");
            }

            if (!_entries.TryAdd(path, TarEntryType.Directory))
            {
                return;
            }

            path = ArchivePath.DirectoryOf(path);
        }
    }

    /// <summary>The path below the top directory.</summary>
    private string PathOf(string name)
    {
        if (name == id)
        {
            return "";
        }

        var path = name.StartsWith(id + "/", StringComparison.Ordinal) ? name[(id.Length + 1)..] : "..";
        return path.Length <= ArchivePath.MaxLength && !path.Contains('\0') && ArchivePath.Normalize(path) == path
            ? path
            : throw Refuse($"'{name}' is no plain path below its top directory");
    }

    private ReplicateException Refuse(string reason) => ArchiveErrors.Refused(id, reason);
}
