namespace Replicate.Charts;

/// <summary>What a chart shows of experiments and checkpoints.</summary>
public sealed record ChartOptions
{
    /// <summary>The metrics, a panel each; by default the primary metric that the experiments share.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The param on the horizontal axis; null for the training step.</summary>
    public string? Param { get; init; }

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axes are logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>
    /// Over how many checkpoints lines are averaged: an exponential moving average with the weight 2 / (n + 1) for the
    /// newest. 1 or less for none.
    /// </summary>
    public int Smooth { get; init; }
}
