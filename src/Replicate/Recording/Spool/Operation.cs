using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>What a run did that its repository may not have yet.</summary>
internal enum OperationKind
{
    /// <summary>It created an experiment.</summary>
    Create,

    /// <summary>It added a checkpoint.</summary>
    Checkpoint,

    /// <summary>It recorded the end of an experiment.</summary>
    Stop,

    /// <summary>It wrote a segment of the log, by a process that writes it no more.</summary>
    Log,
}

/// <summary>One thing that a run did and that waits in the spool.</summary>
/// <param name="Key">The object of the spool that tells of it; that of a checkpoint may tell of several, that of a log is what is sent.</param>
/// <param name="Kind">What was done.</param>
/// <param name="ExperimentId">The experiment it belongs to.</param>
/// <param name="Metadata">
/// In the form of an experiment's metadata: all of it for a created one, the id with how it ended for a stopped one; null
/// for a checkpoint and a log.
/// </param>
/// <param name="Checkpoint">The checkpoint that was added; null for another operation.</param>
internal sealed record Operation(
    string Key, OperationKind Kind, string ExperimentId, ExperimentMetadata? Metadata, Checkpoint? Checkpoint)
{
    /// <summary>What its tarball is named after; null where nothing was saved.</summary>
    internal string? ArchiveId => Kind switch
    {
        OperationKind.Create when Metadata!.Path.Length > 0 => ExperimentId,
        OperationKind.Checkpoint when Checkpoint!.Path.Length > 0 => Checkpoint.Id,
        _ => null,
    };

    /// <summary>The key of the tarball that belongs to it, in spool and repository alike; null where nothing was saved.</summary>
    internal string? ArchiveKey => ArchiveId is not { } id ? null
        : Kind == OperationKind.Create ? RepositoryKeys.ExperimentArchive(id)
        : RepositoryKeys.CheckpointArchive(id);

    /// <summary>The same without what was saved with it.</summary>
    internal Operation WithoutFiles() =>
        this with { Metadata = Metadata is null ? null : Metadata with { Path = "" }, Checkpoint = Checkpoint?.WithoutFiles() };

    /// <summary>The same with the checksum of its tarball.</summary>
    internal Operation WithSha256(string sha256) =>
        this with { Metadata = Metadata?.WithSha256(sha256), Checkpoint = Checkpoint?.WithSha256(sha256) };
}
