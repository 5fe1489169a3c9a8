using System.IO.Enumeration;

namespace Replicate.Storage.Disk;

/// <summary>The objects of a directory whose keys begin with a prefix, in the order of the file system.</summary>
internal sealed class DiskListing : FileSystemEnumerator<ObjectInfo>
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = 32,
    };

    private readonly string _start;
    private readonly string _startKey;
    private readonly string _namePrefix;

    private DiskListing(string start, string startKey, string namePrefix)
        : base(start, Everything) => (_start, _startKey, _namePrefix) = (start, startKey, namePrefix);

    /// <summary>Begins a listing; null where the directory is missing.</summary>
    public static DiskListing? Open(string directory, string prefix)
    {
        var slash = prefix.LastIndexOf('/') + 1;
        var start = slash == 0 ? directory : DiskKey.ToPath(directory, prefix[..(slash - 1)]);
        try
        {
            return Directory.Exists(start) ? new DiskListing(start, prefix[..slash], prefix[slash..]) : null;
        }
        catch (Exception e) when (DiskError.From(e, "list", start) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Goes to the next object, if there is one.</summary>
    public bool TryNext()
    {
        try
        {
            return MoveNext();
        }
        catch (Exception e) when (DiskError.From(e, "list", _start) is { } error)
        {
            throw error;
        }
    }

    protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) => HasPrefix(ref entry);

    protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) =>
        !entry.IsDirectory && HasPrefix(ref entry) && !DiskKey.IsTemporary(entry.FileName)
        && !(_startKey.Length == 0 && IsAtStart(ref entry) && entry.FileName.SequenceEqual(DiskKey.LockName));

    protected override ObjectInfo TransformEntry(ref FileSystemEntry entry)
    {
        var below = entry.Directory[entry.RootDirectory.Length..].TrimStart(Path.DirectorySeparatorChar);
        var key = below.IsEmpty
            ? string.Concat(_startKey, entry.FileName)
            : string.Concat(_startKey, Path.Join(below, entry.FileName).Replace(Path.DirectorySeparatorChar, '/'));
        return VersionOf(ref entry).ToInfo(key);
    }

    /// <remarks>One call tells all of it, where the runtime's would tell all but when the file was changed.</remarks>
    private static FileVersion VersionOf(ref FileSystemEntry entry)
    {
        if (!OperatingSystem.IsWindows() && UnixStatus.Of(entry.ToFullPath()) is { IsLink: false } status)
        {
            return FileVersion.Of(status);
        }

        return entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
            ? DiskFile.VersionOf(entry.ToFullPath()) ?? default
            : new FileVersion(entry.LastWriteTimeUtc.UtcDateTime, entry.Length);
    }

    /// <remarks>What lies deeper is below a directory that has the prefix.</remarks>
    private bool HasPrefix(ref FileSystemEntry entry) =>
        !IsAtStart(ref entry) || entry.FileName.StartsWith(_namePrefix, StringComparison.Ordinal);

    private static bool IsAtStart(ref FileSystemEntry entry) => entry.Directory.Length == entry.RootDirectory.Length;
}
