namespace Replicate;

/// <summary>What an id stands for: an experiment, or one of its checkpoints.</summary>
/// <param name="Experiment">The experiment, or the one that the checkpoint belongs to.</param>
/// <param name="Checkpoint">The checkpoint; null when the id is the experiment's.</param>
public sealed record Match(Experiment Experiment, Checkpoint? Checkpoint)
{
    /// <summary>The id that was matched.</summary>
    public string Id => Checkpoint?.Id ?? Experiment.Id;

    /// <summary>The checkpoint, or the one that stands for the experiment: its best, else its latest; null for none.</summary>
    public Checkpoint? Representative => Checkpoint ?? Experiment.Best() ?? Experiment.Latest();
}
