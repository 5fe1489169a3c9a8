namespace Replicate.Comparisons;

/// <summary>What a line of a patch tells.</summary>
internal enum PatchLineKind
{
    /// <summary>The name of a side.</summary>
    Name,

    /// <summary>Where the next lines are.</summary>
    Place,

    /// <summary>A line that both have.</summary>
    Kept,

    /// <summary>A line that the first side alone has.</summary>
    Removed,

    /// <summary>A line that the second side alone has.</summary>
    Added,
}

/// <summary>A line of a patch as it is shown.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Text">The line without its end, control characters but tabs escaped, cut where it is very long.</param>
internal readonly record struct PatchLine(PatchLineKind Kind, string Text)
{
    private const int MaxLength = 1000;
    private const int NameLines = 2;

    /// <summary>Takes a patch apart. That lines end with CR and LF is shown where not all of them do.</summary>
    /// <param name="patch">What <see cref="FileDifference.Diff"/> gave.</param>
    public static IEnumerable<PatchLine> Of(string patch)
    {
        var lines = patch.Split('\n')[..^1];
        var hidesReturns = lines.Skip(NameLines).All(line => line[0] is '@' or '\\' || line.EndsWith('\r'));
        return lines.Select((line, place) => new PatchLine(
            place < NameLines ? PatchLineKind.Name : KindOf(line[0]), Shown(hidesReturns ? line.TrimEnd('\r') : line)));
    }

    private static PatchLineKind KindOf(char mark) => mark switch
    {
        '@' => PatchLineKind.Place,
        '-' => PatchLineKind.Removed,
        '+' => PatchLineKind.Added,
        _ => PatchLineKind.Kept,
    };

    private static string Shown(string line)
    {
        var cut = line.Length <= MaxLength ? line : line[..MaxLength];
        var shown = string.Join('\t', cut.Split('\t').Select(Value.Escape));
        return cut.Length == line.Length ? shown : $"{shown}… ({Amounts.Of(line.Length - cut.Length, "character")} more)";
    }
}
