namespace Replicate;

/// <summary>What is listed, and in what order.</summary>
public sealed record ExperimentQuery
{
    /// <summary>Conditions that must all hold, such as <c>loss &lt; 0.2</c>.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <summary>A name with an optional <c>-desc</c> or <c>-asc</c>; null for <c>created</c>.</summary>
    public string? Sort { get; init; }
}
