using Replicate.Metadata;

namespace Replicate;

/// <summary>Which checkpoint stands for an experiment that is named without one.</summary>
public enum CheckpointChoice
{
    /// <summary>Its best, else its latest; none where it has no checkpoint.</summary>
    BestElseLatest,

    /// <summary>Its best; an error where it has none.</summary>
    Best,

    /// <summary>Its latest; an error where it has none.</summary>
    Latest,
}

/// <summary>The checkpoint that stands for an experiment.</summary>
/// <param name="Checkpoint">The checkpoint; null where the experiment has none.</param>
/// <param name="Reason">
/// Why it is this one: <c>best by loss</c>, <c>latest: no primary metric</c>, <c>latest: no number for loss</c>, <c>latest</c>; empty for
/// none, and for a checkpoint that was named itself.
/// </param>
public sealed record ChosenCheckpoint(Checkpoint? Checkpoint, string Reason)
{
    /// <summary>Chooses a checkpoint of an experiment.</summary>
    /// <exception cref="ReplicateException">
    /// There is no best (<c>NoBestCheckpoint</c>) or no checkpoint at all (<c>CheckpointNeeded</c>), and that was asked for.
    /// </exception>
    internal static ChosenCheckpoint Of(ICheckpointOwner experiment, CheckpointChoice choice)
    {
        if (choice != CheckpointChoice.Latest && BestCheckpoint.Of(experiment) is { } best)
        {
            return new(best, $"best by {experiment.Checkpoints.PrimaryMetric!.Name}");
        }

        if (choice == CheckpointChoice.BestElseLatest)
        {
            return BestCheckpoint.OrLatest(experiment) is { } latest ? new(latest, $"latest: {WhyNoBest(experiment)}") : new(null, "");
        }

        if (experiment.Checkpoints.Latest is not { } newest)
        {
            throw new ReplicateException(
                ErrorKind.NotFound, ErrorIds.CheckpointNeeded, $"The experiment {experiment.ShortId} has no checkpoint.",
                "Name another experiment, or leave the choice out.");
        }

        return choice == CheckpointChoice.Latest ? new(newest, "latest") : throw new ReplicateException(
            ErrorKind.NotFound, ErrorIds.NoBestCheckpoint, $"The experiment {experiment.ShortId} has no best checkpoint: {WhyNoBest(experiment)}.",
            "Take its latest, or name a checkpoint.");
    }

    /// <summary>The short id and step with the reason, as in <c>1eeef58 (step 3), best by loss</c>; <c>no checkpoint</c> for none.</summary>
    public override string ToString() => Checkpoint is null ? "no checkpoint" : Reason.Length == 0 ? $"{Checkpoint}" : $"{Checkpoint}, {Reason}";

    private static string WhyNoBest(ICheckpointOwner experiment) =>
        experiment.Checkpoints.PrimaryMetric is { } metric ? $"no number for {metric.Name}" : "no primary metric";
}
