using Replicate.Archives.Selecting;

namespace Replicate.Archives.CheckingOut;

/// <summary>What keeps files from their places in a directory.</summary>
internal static class PathsInTheWay
{
    /// <summary>Looks at every place before anything is moved.</summary>
    /// <param name="target">The directory that the places are in.</param>
    /// <param name="fileSystem">Which names it holds.</param>
    /// <param name="paths">The paths of the files.</param>
    /// <exception cref="ReplicateException">
    /// <c>NamesImpossible</c>, with all names that cannot be there; <c>PathInTheWay</c>, with all that is in the way.
    /// </exception>
    public static void Check(string target, TargetFileSystem fileSystem, IReadOnlyCollection<string> paths)
    {
        if (fileSystem.Refused(paths) is { Count: > 0 } refused)
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "NamesImpossible",
                $"The file system of '{target}' cannot hold {refused.Count} of the saved files as they are named: {string.Join(", ", refused)}.",
                "Check out on another file system, or other files by their path.");
        }

        var inTheWay = paths.SelectMany(ArchivePath.Ancestors).ToHashSet()
            .Where(directory => !CanHoldFiles(Path.Combine(target, directory)))
            .Concat(paths.Where(path => IsDirectory(Path.Combine(target, path))))
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
}
