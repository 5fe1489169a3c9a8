namespace Replicate.Archives;

/// <summary>What keeps files from their places in a directory.</summary>
internal static class PathsInTheWay
{
    /// <summary>Looks at every place before anything is moved.</summary>
    /// <param name="target">The directory that the places are in.</param>
    /// <param name="staging">A directory in it whose name has lower-case letters.</param>
    /// <param name="paths">The paths of the files.</param>
    /// <exception cref="ReplicateException"><c>PathInTheWay</c>, with all that is in the way.</exception>
    public static void Check(string target, string staging, IReadOnlyCollection<string> paths)
    {
        var inTheWay = paths.SelectMany(ArchivePath.Ancestors).ToHashSet()
            .Where(directory => !CanHoldFiles(Path.Combine(target, directory)))
            .Concat(paths.Where(path => IsDirectory(Path.Combine(target, path))))
            .Concat(SameButForCase(target, staging, paths))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (inTheWay.Count > 0)
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "PathInTheWay",
                $"In '{target}' something of another kind is where files are to go: {string.Join(", ", inTheWay)}.",
                "Remove or rename it, or check out into another directory.");
        }
    }

    private static bool CanHoldFiles(string directory) =>
        IsDirectory(directory) || !(File.Exists(directory) || IsLink(directory));

    private static bool IsDirectory(string path) => Directory.Exists(path) && !IsLink(path);

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>The paths that are one and the same to a file system that does not tell upper from lower case.</summary>
    private static IEnumerable<string> SameButForCase(string target, string staging, IReadOnlyCollection<string> paths) =>
        Directory.Exists(Path.Combine(target, Path.GetFileName(staging).ToUpperInvariant()))
            ? paths.GroupBy(path => path, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).SelectMany(same => same)
            : [];
}
