using System.Runtime.CompilerServices;

namespace Replicate.Queries;

/// <summary>Decides which checkpoint of an experiment is best.</summary>
internal static class BestCheckpoint
{
    private static readonly ConditionalWeakTable<CheckpointList, object> Warned = [];

    /// <summary>
    /// The best by the primary metric that the first checkpoint to name one names; ties go to the latest. Null where none
    /// names one, or none has a number for it.
    /// </summary>
    internal static Checkpoint? Of(Experiment experiment)
    {
        var checkpoints = experiment.Checkpoints;
        if (PrimaryOf(checkpoints) is not { } primary)
        {
            return null;
        }

        Checkpoint? best = null;
        object? bestValue = null;
        for (var i = 0; i < checkpoints.Count; i++)
        {
            var checkpoint = checkpoints[i];
            if (checkpoint.PrimaryMetric is { } named && named != primary)
            {
                WarnOnce(experiment, checkpoints, primary, named);
            }

            var value = checkpoint.Metrics[primary.Name];
            if (Value.TryGetNumber(value, out var number) && !double.IsNaN(number)
                && (bestValue is null || !IsWorse(value!, bestValue, primary.Goal)))
            {
                (best, bestValue) = (checkpoint, value);
            }
        }

        return best;
    }

    private static PrimaryMetric? PrimaryOf(CheckpointList checkpoints)
    {
        for (var i = 0; i < checkpoints.Count; i++)
        {
            if (checkpoints[i].PrimaryMetric is { } primary)
            {
                return primary;
            }
        }

        return null;
    }

    private static bool IsWorse(object value, object than, Goal goal)
    {
        var order = Value.CompareNumbers(value, than);
        return goal == Goal.Minimize ? order > 0 : order < 0;
    }

    private static void WarnOnce(Experiment experiment, CheckpointList checkpoints, PrimaryMetric primary, PrimaryMetric other)
    {
        if (Warned.TryAdd(checkpoints, checkpoints))
        {
            Notices.Warn(
                $"The checkpoints of experiment {experiment.ShortId} name different primary metrics, {primary} and {other}; "
                + $"the first, {primary}, decides which is best.");
        }
    }
}
