namespace Replicate.Storage.Disk;

/// <summary>Absolute paths with every link on the way resolved.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Where a path really leads. From the first part that does not exist on, or in a loop of links, it stays as it is.</summary>
    public static string Of(string path)
    {
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(LastPartFirst(path));
        var links = 0;
        while (rest.TryPop(out var part))
        {
            var next = Path.GetFullPath(part, real);
            if (links < MaxLinks && new FileInfo(next).LinkTarget is { } target)
            {
                links++;
                foreach (var targetPart in LastPartFirst(target))
                {
                    rest.Push(targetPart);
                }

                real = Path.IsPathRooted(target) ? Path.GetPathRoot(Path.GetFullPath(target))! : real;
            }
            else
            {
                real = next;
            }
        }

        return real;
    }

    /// <summary>Whether a real path is that of something; the runtime also takes links that lead nowhere for files.</summary>
    public static bool Exists(string realPath) =>
        Directory.Exists(realPath) || (File.Exists(realPath) && new FileInfo(realPath).LinkTarget is null);

    /// <summary>Whether a real path is a directory or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string directory) => !Leaves(Path.GetRelativePath(directory, path));

    /// <summary>Whether a relative path leads out of what it is relative to.</summary>
    public static bool Leaves(string relativePath) =>
        Path.IsPathRooted(relativePath) || relativePath == ".."
        || relativePath.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<string> LastPartFirst(string path) =>
        path[Path.GetPathRoot(path)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .AsEnumerable()
            .Reverse();
}
