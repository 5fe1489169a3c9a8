namespace Replicate.Metadata;

/// <summary>Decides which checkpoint of an experiment is best.</summary>
internal static class BestCheckpoint
{
    /// <summary>
    /// The best by the primary metric that the first checkpoint to name one names; ties go to the latest. Null where none
    /// names one, or none has a number for it. Warns, once, where checkpoints name different ones.
    /// </summary>
    internal static Checkpoint? Of(ICheckpointOwner experiment) =>
        PositionOf(experiment) is >= 0 and var best ? experiment.Checkpoints[best] : null;

    /// <summary>
    /// The checkpoint that stands for an experiment wherever one is needed: its best, else its latest; null without checkpoints.
    /// </summary>
    internal static Checkpoint? OrLatest(ICheckpointOwner experiment) => Of(experiment) ?? experiment.Checkpoints.Latest;

    /// <summary>Whether there is one; it is not made.</summary>
    internal static bool IsThere(ICheckpointOwner experiment) => PositionOf(experiment) >= 0;

    private static int PositionOf(ICheckpointOwner experiment)
    {
        var checkpoints = experiment.Checkpoints;
        if (checkpoints.Best == CheckpointList.UnknownBest)
        {
            checkpoints.Best = Find(checkpoints, out var other);
            if (other is not null && checkpoints.OtherMetric is null)
            {
                checkpoints.OtherMetric = other;
                var primary = checkpoints.PrimaryMetric;
                Log.Warn(
                    $"The checkpoints of experiment {experiment.ShortId} name different primary metrics, {primary} and {other}; "
                    + $"the first, {primary}, decides which is best.");
            }
        }

        return checkpoints.Best;
    }

    /// <summary>Looks for the best.</summary>
    /// <param name="checkpoints">The checkpoints, oldest first.</param>
    /// <param name="other">A primary metric that is not the first one's; null where all name the same.</param>
    /// <returns>Its position; <see cref="CheckpointList.NoBest"/> for none.</returns>
    internal static int Find(CheckpointList checkpoints, out PrimaryMetric? other)
    {
        other = null;
        if (checkpoints.PrimaryMetric is not { } primary)
        {
            return CheckpointList.NoBest;
        }

        var best = CheckpointList.NoBest;
        object? bestValue = null;
        for (var i = 0; i < checkpoints.Count; i++)
        {
            var checkpoint = checkpoints[i];
            if (checkpoint.PrimaryMetric is { } named && named != primary)
            {
                other ??= named;
            }

            if (NumberOf(checkpoint, primary) is { } value && (bestValue is null || !IsWorse(value, bestValue, primary.Goal)))
            {
                (best, bestValue) = (i, value);
            }
        }

        return best;
    }

    /// <summary>The best when more checkpoints come behind the last, without another look at those before them.</summary>
    /// <returns>
    /// Its position; <see cref="CheckpointList.NoBest"/> for none; <see cref="CheckpointList.UnknownBest"/> where that of the
    /// others isn't known, or one of these is the first to name a primary metric or another one.
    /// </returns>
    internal static int After(CheckpointList others, IEnumerable<Checkpoint> added)
    {
        var (best, primary, position) = (others.Best, others.PrimaryMetric, others.Count);
        var bestValue = best >= 0 ? NumberOf(others[best], primary!) : null;
        foreach (var checkpoint in best == CheckpointList.UnknownBest ? [] : added)
        {
            if (checkpoint.PrimaryMetric is { } named && named != primary && (primary is null || others.OtherMetric is null))
            {
                return CheckpointList.UnknownBest;
            }

            if (primary is not null && NumberOf(checkpoint, primary) is { } value
                && (bestValue is null || !IsWorse(value, bestValue, primary.Goal)))
            {
                (best, bestValue) = (position, value);
            }

            position++;
        }

        return best;
    }

    /// <summary>What a checkpoint has of a metric; null where that is no number.</summary>
    private static object? NumberOf(Checkpoint checkpoint, PrimaryMetric metric) =>
        checkpoint.Metrics[metric.Name] is { } value && Value.TryGetNumber(value, out var number) && !double.IsNaN(number) ? value : null;

    private static bool IsWorse(object value, object than, Goal goal)
    {
        var order = Value.CompareNumbers(value, than);
        return goal == Goal.Minimize ? order > 0 : order < 0;
    }
}
