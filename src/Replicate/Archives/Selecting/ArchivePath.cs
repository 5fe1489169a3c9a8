namespace Replicate.Archives.Selecting;

/// <summary>Paths of saved files: relative to the project directory, with <c>/</c>; the empty path is the directory itself.</summary>
internal static class ArchivePath
{
    /// <summary>Longer than what any file system takes as a path.</summary>
    public const int MaxLength = 4096;

    /// <summary>Brings a path as a person writes it to the form of a saved one.</summary>
    /// <returns>The path, or null when it is absolute or leads above the top.</returns>
    public static string? FromUser(string path)
    {
        var slashed = WithSlashes(path);
        return Path.IsPathRooted(slashed) ? null : Normalize(slashed);
    }

    /// <summary>Writes <c>/</c> for the separators of this system.</summary>
    public static string WithSlashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Takes <c>.</c> and <c>..</c> out by the text alone.</summary>
    /// <returns>The path, or null when it leads above the top.</returns>
    public static string? Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                return null;
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The path of something in a directory.</summary>
    public static string Combine(string directory, string path) =>
        directory.Length == 0 ? path : path.Length == 0 ? directory : $"{directory}/{path}";

    /// <summary>The directory that a path lies in.</summary>
    public static string DirectoryOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    /// <summary>The directories that a path lies in, nearest first, without the top.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (var directory = DirectoryOf(path); directory.Length > 0; directory = DirectoryOf(directory))
        {
            yield return directory;
        }
    }

    /// <summary>Whether a path is a directory or lies below it, component by component.</summary>
    public static bool IsAtOrBelow(string path, string directory) =>
        directory.Length == 0
        || (path.StartsWith(directory, StringComparison.Ordinal)
            && (path.Length == directory.Length || path[directory.Length] == '/'));

    /// <summary>Where a link leads.</summary>
    /// <returns>
    /// The path, or null when the link is absolute or leads above the top. A <c>..</c> after a name is refused too: the
    /// name may be a link, and then the text does not tell where <c>..</c> leads.
    /// </returns>
    public static string? Follow(string link, string target)
    {
        if (target.Length is 0 or > MaxLength || target.Contains('\0') || Path.IsPathRooted(target)
            || (OperatingSystem.IsWindows() && target.AsSpan().ContainsAny('\\', ':')))
        {
            return null;
        }

        var names = target.Split('/').SkipWhile(part => part is "" or "." or "..");
        return names.Contains("..") ? null : Normalize(Combine(DirectoryOf(link), target));
    }

    /// <summary>The text of a link that leads from its place to another path.</summary>
    public static string LinkText(string link, string to) =>
        WithSlashes(Path.GetRelativePath("/" + DirectoryOf(link), "/" + to));
}
