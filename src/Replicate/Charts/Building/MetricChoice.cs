namespace Replicate.Charts.Building;

/// <summary>Decides which metrics a chart shows.</summary>
internal static class MetricChoice
{
    private const int MaxNames = 10;
    private const string NameOne = "Name a metric.";

    /// <summary>The metrics asked for, else the primary metric that the experiments share.</summary>
    /// <exception cref="ReplicateException">
    /// A metric isn't recorded (<c>MetricNotFound</c>), or no metric was named and there is none (<c>NoPrimaryMetric</c>) or
    /// more than one primary metric (<c>SeveralPrimaryMetrics</c>).
    /// </exception>
    internal static IReadOnlyList<string> Of(IReadOnlyList<Slice> slices, IReadOnlyList<string> asked)
    {
        if (asked.Count == 0)
        {
            return [Shared(slices)];
        }

        foreach (var name in asked)
        {
            if (!slices.Any(slice => slice.Checkpoints.Any(checkpoint => checkpoint.Metrics.ContainsKey(name))))
            {
                throw new ReplicateException(
                    ErrorKind.NotFound, "MetricNotFound",
                    $"No checkpoint has a metric '{Value.ToShortText(name, 60)}'; there {Names(slices)}.", "Name a metric that was recorded.");
            }
        }

        return [.. asked.Distinct(StringComparer.Ordinal)];
    }

    private static string Shared(IReadOnlyList<Slice> slices)
    {
        var primary = slices.Select(slice => slice.Experiment.PrimaryMetric?.Name).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return primary.Length switch
        {
            1 => primary[0],
            0 => throw new ReplicateException(
                ErrorKind.InvalidArgument, "NoPrimaryMetric", $"No checkpoint names a primary metric; there {Names(slices)}.", NameOne),
            _ => throw new ReplicateException(
                ErrorKind.InvalidArgument, "SeveralPrimaryMetrics",
                $"The experiments have different primary metrics: {List(primary)}.", NameOne),
        };
    }

    private static string Names(IReadOnlyList<Slice> slices)
    {
        var names = slices.SelectMany(slice => slice.Checkpoints).SelectMany(checkpoint => checkpoint.Metrics.Names)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return names.Length switch { 0 => "are no metrics", 1 => $"is {List(names)}", _ => $"are {List(names)}" };
    }

    /// <summary>Names in quotes; of many, the first.</summary>
    internal static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MaxNames).Select(name => $"'{Value.ToShortText(name, 40)}'"))
        + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");
}
