namespace Replicate;

/// <summary>How much a <see cref="Finding"/> matters.</summary>
public enum FindingSeverity
{
    /// <summary>Nothing is wrong, but somebody may want to know.</summary>
    Information,

    /// <summary>Nothing that was recorded is missing, but something is there that should not be.</summary>
    Warning,

    /// <summary>Something that was recorded cannot be read.</summary>
    Error,
}

/// <summary>What is wrong with a repository.</summary>
public enum FindingKind
{
    /// <summary>There is no <c>repository.json</c>, although there are experiments.</summary>
    SpecificationMissing,

    /// <summary><c>repository.json</c> cannot be read.</summary>
    SpecificationDamaged,

    /// <summary>A metadata file cannot be read.</summary>
    MetadataDamaged,

    /// <summary>A metadata file has another name than the experiment in it.</summary>
    MetadataMisnamed,

    /// <summary>An id is not of 64 hex digits, as every program that writes repositories gives them.</summary>
    UnusualId,

    /// <summary>Two checkpoints have the same id.</summary>
    CheckpointTwice,

    /// <summary>A heartbeat cannot be read, or has another name than its experiment.</summary>
    HeartbeatDamaged,

    /// <summary>A heartbeat says a time that is still to come.</summary>
    HeartbeatOfTheFuture,

    /// <summary>A heartbeat is that of no experiment.</summary>
    HeartbeatWithoutExperiment,

    /// <summary>A journal has lines that cannot be read.</summary>
    JournalDamaged,

    /// <summary>A journal is that of no experiment.</summary>
    JournalWithoutExperiment,

    /// <summary>The saved files of an experiment or checkpoint are not there.</summary>
    ArchiveMissing,

    /// <summary>The saved files cannot be read to their end, or are not what was written.</summary>
    ArchiveDamaged,

    /// <summary>A tarball has an entry that would leave its directory.</summary>
    ArchiveRefused,

    /// <summary>A tarball belongs to no experiment or checkpoint.</summary>
    ArchiveWithoutOwner,

    /// <summary>A file was left by a writer that was killed.</summary>
    TemporaryFileLeft,

    /// <summary>A file is none that the format knows.</summary>
    UnknownFile,

    /// <summary>A part of a log cannot be read to its end.</summary>
    LogDamaged,

    /// <summary>A log is that of no experiment.</summary>
    LogWithoutExperiment,

    /// <summary>Saved files, a journal or a log that an experiment has after all were moved aside.</summary>
    MovedAside,

    /// <summary>A layer of the catalog cannot be read, or holds something else than the metadata files.</summary>
    CatalogDamaged,

    /// <summary>The file of a name cannot be read, or has another name than it says.</summary>
    NameDamaged,

    /// <summary>A name stands for a checkpoint that is not there.</summary>
    NameWithoutCheckpoint,
}

/// <summary>Something about a repository that a check found.</summary>
public sealed record Finding
{
    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What it is.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The key of the file concerned, relative to the repository, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>One sentence on what is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>One sentence on what to do.</summary>
    public required string Remedy { get; init; }

    /// <summary>Whether repairing mends it: the rest needs what nobody has but a backup.</summary>
    public bool IsRepairable => Kind is not (
        FindingKind.ArchiveMissing or FindingKind.ArchiveDamaged or FindingKind.ArchiveRefused or FindingKind.CheckpointTwice or FindingKind.UnusualId
        or FindingKind.HeartbeatOfTheFuture or FindingKind.JournalDamaged or FindingKind.LogDamaged
        or FindingKind.UnknownFile);

    /// <summary>The project whose repository it is about.</summary>
    public required Project Project { get; init; }

    /// <summary>Severity, path and what is wrong.</summary>
    public override string ToString() => Value.Escape($"{Severity}: {Path}: {Message}");
}
