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
}
