using System.Globalization;

namespace Replicate;

/// <summary>Which run of which sweep an experiment is.</summary>
/// <param name="Name">The name of the sweep.</param>
/// <param name="Number">The number of the run, from 1.</param>
/// <param name="Count">How many runs the sweep has.</param>
public sealed record SweepPlace(string Name, int Number, int Count)
{
    /// <summary>As in <c>lr-search (3 of 12)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Number} of {Count})");
}
