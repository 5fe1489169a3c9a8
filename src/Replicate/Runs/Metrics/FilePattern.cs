using System.IO.Enumeration;

namespace Replicate.Runs.Metrics;

/// <summary>A path with wildcards: <c>*</c> and <c>?</c> within a name, <c>**</c> for directories of any depth.</summary>
internal static class FilePattern
{
    private const int MaxDepth = 32;
    private const int MaxFound = 10_000;

    // A link may lead back to where it stands.
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private static readonly EnumerationOptions Within = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>Whether a path has wildcards and isn't the name of what is there.</summary>
    internal static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?') && !Path.Exists(path);

    /// <summary>The files and directories that an absolute path stands for, in order; some 10,000 at most.</summary>
    internal static IEnumerable<string> Find(string pattern)
    {
        IEnumerable<string> found = [Path.GetPathRoot(pattern)!];
        foreach (var part in pattern[Path.GetPathRoot(pattern)!.Length..].Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.SelectMany(path => Step(path, part));
        }

        return found.Where(Path.Exists).Distinct(StringComparer.Ordinal).Take(MaxFound).Order(StringComparer.Ordinal);
    }

    /// <summary>The files whose names hold a text, in a directory and below it, in order; some 10,000 at most.</summary>
    internal static IEnumerable<string> FindBelow(string directory, string part) =>
        Directory.EnumerateFiles(directory, $"*{part}*", Below).Take(MaxFound).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Step(string path, string part) =>
        !part.AsSpan().ContainsAny('*', '?') ? [Path.Combine(path, part)]
        : !Directory.Exists(path) ? []
        : part == "**" ? Directory.EnumerateDirectories(path, "*", Below).Prepend(path)
        : Directory.EnumerateFileSystemEntries(path, "*", Within)
            .Where(entry => FileSystemName.MatchesSimpleExpression(part, Path.GetFileName(entry.AsSpan()), OperatingSystem.IsWindows()));
}
