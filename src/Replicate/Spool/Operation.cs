namespace Replicate.Spool;

/// <summary>What a run did that its repository may not have yet.</summary>
internal enum OperationKind
{
    /// <summary>It created an experiment.</summary>
    Create,

    /// <summary>It added a checkpoint.</summary>
    Checkpoint,

    /// <summary>It recorded the end of an experiment.</summary>
    Stop,
}

/// <summary>One thing that a run did and that waits in the spool.</summary>
/// <param name="Key">Its key in the spool, which sorts by time.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Metadata">
/// In the form of an experiment's metadata: all of it for a created one; the id with the one checkpoint that was added; the
/// id with how it ended.
/// </param>
internal sealed record Operation(string Key, OperationKind Kind, ExperimentMetadata Metadata)
{
    /// <summary>The experiment it belongs to.</summary>
    internal string ExperimentId => Metadata.Id;

    /// <summary>The checkpoint that was added; null for another operation.</summary>
    internal Checkpoint? Checkpoint => Kind == OperationKind.Checkpoint ? Metadata.Checkpoints[0] : null;

    /// <summary>The key of the tarball that belongs to it, in spool and repository alike; null where nothing was saved.</summary>
    internal string? ArchiveKey => Kind switch
    {
        OperationKind.Create when Metadata.Path.Length > 0 => Format.RepositoryKeys.ExperimentArchive(ExperimentId),
        OperationKind.Checkpoint when Checkpoint!.Path.Length > 0 => Format.RepositoryKeys.CheckpointArchive(Checkpoint.Id),
        _ => null,
    };
}
