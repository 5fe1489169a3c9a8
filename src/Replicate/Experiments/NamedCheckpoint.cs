using Replicate.Metadata;

namespace Replicate;

/// <summary>A name of the repository, with the checkpoint that it stands for and what became of it.</summary>
public sealed class NamedCheckpoint
{
    internal NamedCheckpoint(NameRecord record, Experiment? experiment)
    {
        Name = record.Name;
        Id = record.CheckpointId;
        ExperimentId = record.ExperimentId;
        Protected = record.IsProtected;
        // A shell indexes an array.
        History = record.History.ToArray();
        Checkpoint = experiment is null ? null : CheckpointNames.CheckpointOf(record, experiment);
        Experiment = Checkpoint is null ? null : experiment;
    }

    /// <summary>The name, as it was last written; case doesn't count.</summary>
    public string Name { get; }

    /// <summary>The id of the checkpoint.</summary>
    public string Id { get; }

    /// <summary>The id of its experiment.</summary>
    public string ExperimentId { get; }

    /// <summary>The checkpoint; null where it is no longer in the repository.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>The experiment of the checkpoint; null where that is no longer in the repository.</summary>
    public Experiment? Experiment { get; }

    /// <summary>Whether the name is moved and taken off by force only.</summary>
    public bool Protected { get; }

    /// <summary>What became of the name, oldest first; of more than 100 changes, the latest. Not null.</summary>
    public IReadOnlyList<NameChange> History { get; }

    /// <summary>When it was last changed, as a local date; null where nobody wrote that down.</summary>
    public DateTime? Changed => Last?.When;

    /// <summary>Who changed it last; empty when not known.</summary>
    public string Who => Last?.Who ?? "";

    /// <summary>Why; empty for no reason.</summary>
    public string Why => Last?.Why ?? "";

    private NameChange? Last => History.Count == 0 ? null : History[^1];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
