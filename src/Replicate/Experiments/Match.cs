using Replicate.Metadata;

namespace Replicate;

/// <summary>What an id stands for: an experiment, or one of its checkpoints.</summary>
/// <param name="Experiment">The experiment, or the one that the checkpoint belongs to.</param>
/// <param name="Checkpoint">The checkpoint; null when the id is the experiment's.</param>
public sealed record Match(Experiment Experiment, Checkpoint? Checkpoint)
{
    /// <summary>The id that was matched.</summary>
    public string Id => Checkpoint?.Id ?? Experiment.Id;

    /// <summary>The checkpoint, or the one that stands for the experiment: its best, else its latest; null for none.</summary>
    public Checkpoint? Representative => Checkpoint ?? BestCheckpoint.OrLatest(Experiment);

    /// <summary>The checkpoint that was named, or the one that stands for the experiment, with the reason.</summary>
    /// <param name="choice">Which one stands for an experiment.</param>
    /// <exception cref="ReplicateException">
    /// There is no such checkpoint (<c>NoBestCheckpoint</c>, <c>CheckpointNeeded</c>), or one is named already and leaves no
    /// choice (<c>NothingToChoose</c>).
    /// </exception>
    public ChosenCheckpoint Choose(CheckpointChoice choice = CheckpointChoice.BestElseLatest) =>
        Checkpoint is null ? ChosenCheckpoint.Of(Experiment, choice)
        : choice == CheckpointChoice.BestElseLatest ? new(Checkpoint, "")
        : throw new ReplicateException(
            ErrorKind.InvalidArgument, "NothingToChoose",
            $"The checkpoint {Checkpoint} is named; the best or latest is chosen among those of an experiment.",
            $"Name its experiment {Experiment.ShortId}, or leave the choice out.");
}
