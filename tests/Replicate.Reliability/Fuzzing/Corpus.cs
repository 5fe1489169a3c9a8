using System.Text;

namespace Replicate.Reliability.Fuzzing;

/// <summary>Inputs that others are made from: those kept here, those of the original where they are, those that are given.</summary>
public static class Corpus
{
    /// <summary>The directory of the checkout that this runs from.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The files kept for a target, and those of the original's repositories that fit a pattern.</summary>
    /// <param name="name">The directory in the corpus.</param>
    /// <param name="pattern">A file pattern in the fixtures; null for none.</param>
    /// <param name="below">A part of the path that the fixtures' files have.</param>
    public static IReadOnlyList<byte[]> Of(string name, string? pattern = null, string below = "")
    {
        var kept = Path.Combine(AppContext.BaseDirectory, "corpus", name);
        var files = Directory.Exists(kept) ? Directory.EnumerateFiles(kept) : [];
        var fixtures = Path.GetFullPath(Path.Combine(Root, "..", "shared", "fixtures"));
        if (pattern is not null && Directory.Exists(fixtures))
        {
            files = files.Concat(Directory
                .EnumerateFiles(fixtures, pattern, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Where(file => file.Contains(below, StringComparison.Ordinal) && new FileInfo(file).Length < 1 << 16));
        }

        return [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    }

    /// <summary>The lines of the files kept for a target, each an input.</summary>
    public static IEnumerable<byte[]> LinesOf(string name) => Of(name)
        .SelectMany(file => Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(Encoding.UTF8.GetBytes);

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("This does not run from inside a checkout.");
        }

        return directory;
    }
}
