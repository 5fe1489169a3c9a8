namespace Replicate.Runs;

/// <summary>The names under which programs tell the step.</summary>
internal static class StepNames
{
    // The finest counter first: where a line has several, it is the step and the others are metrics.
    private static readonly string[] Names =
        ["global_step", "_step", "step", "steps", "iteration", "iterations", "iter", "batch_step", "epoch", "epochs"];

    /// <summary>The rank of a name, 0 for the finest counter; null for a name that isn't a step's.</summary>
    internal static int? RankOf(ReadOnlySpan<char> name)
    {
        for (var rank = 0; rank < Names.Length; rank++)
        {
            if (name.Equals(Names[rank], StringComparison.OrdinalIgnoreCase))
            {
                return rank;
            }
        }

        return null;
    }

    /// <summary>Takes the finest counter among the metrics for the step, where it is a whole number.</summary>
    internal static void TakeStep(MetricReading reading)
    {
        var (found, best) = (-1, int.MaxValue);
        for (var i = 0; i < reading.Metrics.Count; i++)
        {
            var (name, value) = reading.Metrics[i];
            if (RankOf(name) is { } rank && rank < best && Math.Floor(value) == value && Math.Abs(value) <= 1L << 53)
            {
                (found, best) = (i, rank);
            }
        }

        if (found >= 0)
        {
            reading.Step = (long)reading.Metrics[found].Value;
            reading.Metrics.RemoveAt(found);
        }
    }
}
