using Replicate.Comparisons;

namespace Replicate;

/// <summary>How the files of the other sides differ from that of the first.</summary>
public enum FileChange
{
    /// <summary>The first side has no such file.</summary>
    Added,

    /// <summary>The first side alone has the file.</summary>
    Removed,

    /// <summary>The content differs, what a link points to, or who has the file.</summary>
    Changed,

    /// <summary>Nothing but the permissions differs.</summary>
    Mode,
}

/// <summary>A file that differs. Its values are <see cref="ComparedFile"/>s, null where a side has no such file.</summary>
public sealed record FileDifference : Difference
{
    /// <summary>The section of files.</summary>
    public const string FileSection = "Files";

    private readonly string[] _sides;

    internal FileDifference(string path, ComparedFile?[] files, string[] sides)
        : base(FileSection, path, files, Array.ConvertAll(files, file => file is not null))
    {
        _sides = sides;
        var known = files.Where(file => file is not { IsKnown: false }).ToArray();
        var others = known.Skip(1).ToArray();
        Change = known[0] is not { } first ? FileChange.Added
            : others.All(file => file is null) ? FileChange.Removed
            : others.All(file => file?.HasContentOf(first) ?? false) ? FileChange.Mode
            : FileChange.Changed;
    }

    /// <summary>What happened to the file from the first side to the others.</summary>
    public FileChange Change { get; }

    /// <summary>
    /// The lines that differ, as a patch with three lines around each; null between more than two sides and for all but
    /// changed texts of at most a megabyte. Made anew each time.
    /// </summary>
    /// <exception cref="IOException">The temporary file with the texts cannot be read.</exception>
    public string? Diff =>
        Change == FileChange.Changed && Values is [ComparedFile { Text: { } left }, ComparedFile { Text: { } right }]
        && UnifiedDiff.Write(
            $"{_sides[0]}/{Name}", TextContent.Read(left.Read()), $"{_sides[1]}/{Name}", TextContent.Read(right.Read())) is { Length: > 0 } patch
            ? patch
            : null;

    /// <summary>What happened to which file.</summary>
    public override string ToString() => $"{Change} {Value.Escape(Name)}";
}
