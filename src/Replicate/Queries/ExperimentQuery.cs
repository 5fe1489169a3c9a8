namespace Replicate;

/// <summary>What is listed, and in what order.</summary>
public sealed record ExperimentQuery
{
    /// <summary>Conditions that must all hold, such as <c>loss &lt; 0.2</c>.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <summary>Tags that each must have.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What may have become of them; empty for anything.</summary>
    public IReadOnlyList<ExperimentStatus> Status { get; init; } = [];

    /// <summary>Only those that were created then or later; null for all.</summary>
    public DateTime? Since { get; init; }

    /// <summary>A name with an optional <c>-desc</c> or <c>-asc</c>; null for <c>created</c>.</summary>
    public string? Sort { get; init; }
}
