namespace Replicate.Metadata;

/// <summary>Where a list gets checkpoints that nobody has looked at yet, oldest first. Safe from several threads.</summary>
internal interface ICheckpointSource
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The primary metric that the first checkpoint to name one names; null for none.</summary>
    PrimaryMetric? PrimaryMetric { get; }

    /// <summary>What <see cref="CheckpointList.Best"/> is to begin with.</summary>
    int Best { get; }

    /// <summary>Whether a text of one of them, but for ids, changes when it is escaped.</summary>
    bool HasHiddenText { get; }

    /// <summary>Makes the checkpoint at a position.</summary>
    Checkpoint Read(int index);

    /// <summary>Whether the id at a position begins with a text, in any case.</summary>
    bool HasIdPrefix(int index, string prefix);

    /// <summary>The names of the metrics of the checkpoint at a position.</summary>
    IReadOnlyList<string> MetricNames(int index);
}
