namespace Replicate;

/// <summary>How a report is written.</summary>
public sealed record ReportOptions
{
    /// <summary>The heading of the page; any text.</summary>
    public string Title { get; init; } = "Experiments";

    /// <summary>Whether the files saved with experiments are listed, and the texts among them shown and compared.</summary>
    public bool IncludesCode { get; init; } = true;

    /// <summary>
    /// Whether the files of the best and the latest checkpoint of each experiment are, too. Their tarballs, which may be
    /// large, are then read whole.
    /// </summary>
    public bool IncludesCheckpointFiles { get; init; }

    /// <summary>Whether the page lists the experiments as they are given, where nobody sorts them, rather than the best first.</summary>
    public bool KeepsOrder { get; init; }

    /// <summary>
    /// Whether the experiments are some of their repository only, so that the command that lists them again has to name them.
    /// </summary>
    public bool IsSelection { get; init; }
}
