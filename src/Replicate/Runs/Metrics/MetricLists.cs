namespace Replicate.Runs.Metrics;

/// <summary>Looks into the few metrics of a line or a step, without a closure for each of a million lines.</summary>
internal static class MetricLists
{
    /// <summary>Where a metric stands; -1 for nowhere.</summary>
    internal static int IndexOf(this List<(string Name, double Value)> metrics, string name)
    {
        for (var i = 0; i < metrics.Count; i++)
        {
            if (string.Equals(metrics[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
