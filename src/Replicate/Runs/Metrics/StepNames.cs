namespace Replicate.Runs.Metrics;

/// <summary>The names under which programs tell the step.</summary>
internal static class StepNames
{
    /// <summary>The rank of an epoch, the coarsest counter.</summary>
    internal const int Epoch = 9;

    /// <summary>The rank of a batch, which is counted anew in each epoch.</summary>
    internal const int Batch = 4;

    /// <summary>What an epoch is called as a metric.</summary>
    internal const string EpochName = "epoch";

    // The finest counter first: where a line has several, it is the step and the others are metrics.
    private static readonly (string Name, int Rank)[] Names =
    [
        ("global_step", 0), ("_step", 0), ("total_timesteps", 0), ("timesteps_total", 0), ("totalenvinteracts", 0), ("num_updates", 0),
        ("step", 1), ("steps", 1), ("timestep", 1), ("timesteps", 1),
        ("iteration", 2), ("iterations", 2), ("training_iteration", 2), ("tick", 2), ("iter", 2), ("iters", 2), ("ite", 2), ("it", 2), ("itr", 2),
        ("update", 3), ("updates", 3), ("batch_step", 3),
        ("batch", Batch), ("batches", Batch), ("minibatch", Batch), ("mini-batch", Batch), ("batch_id", Batch), ("batch_idx", Batch),
        ("episode", 6), ("episodes", 6), ("round", 7), ("rounds", 7), ("generation", 7),
        ("epoch", Epoch), ("epochs", Epoch),
    ];

    /// <summary>The rank of a name, 0 for the finest counter; null for a name that isn't a step's.</summary>
    internal static int? RankOf(ReadOnlySpan<char> name)
    {
        if (name.Length is < 2 or > 18)
        {
            return null;
        }

        foreach (var (known, rank) in Names)
        {
            // Every word of a million lines is asked for: most are told from these by length and first letter.
            if (name.Length == known.Length && (name[0] | ' ') == (known[0] | ' ') && name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return rank;
            }
        }

        return null;
    }

    /// <summary>The name in lower case, made once; as it is where it isn't a step's.</summary>
    internal static string Canonical(ReadOnlySpan<char> name)
    {
        foreach (var (known, rank) in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return rank == Epoch ? EpochName : known;
            }
        }

        return name.ToString();
    }

    /// <summary>Whether a counter of this rank is a step by itself; the others may be settings, as <c>batch: 32</c>.</summary>
    internal static bool IsCertain(int rank) => rank != Batch;

    /// <summary>
    /// Takes the finest counter among the metrics for the step, where it is a whole number. A batch counts beside an epoch only.
    /// </summary>
    internal static void TakeStep(MetricReading reading)
    {
        var (found, best, hasEpoch) = (-1, int.MaxValue, false);
        for (var i = 0; i < reading.Metrics.Count; i++)
        {
            var (name, value) = reading.Metrics[i];
            if (RankOf(name) is not { } rank)
            {
                continue;
            }

            if (rank == Epoch)
            {
                (hasEpoch, reading.Epoch) = (true, value);
            }

            if (rank < best && IsStep(value))
            {
                (found, best) = (i, rank);
            }
        }

        if (found >= 0 && (IsCertain(best) || hasEpoch))
        {
            (reading.Step, reading.StepRank) = ((long)reading.Metrics[found].Value, best);
            reading.Metrics.RemoveAt(found);
        }
    }

    /// <summary>Whether a number may be a step of the repository's format: whole, and exact.</summary>
    internal static bool IsStep(double value) => Math.Floor(value) == value && Math.Abs(value) <= 1L << 53;
}
