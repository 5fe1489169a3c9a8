using System.Collections;
using System.IO.Compression;

namespace Replicate;

/// <summary>How others see that an experiment is running.</summary>
public enum HeartbeatMode
{
    /// <summary>This process refreshes a heartbeat until the experiment is stopped or the process ends.</summary>
    Beat,

    /// <summary>No sign of life at all.</summary>
    None,

    /// <summary>No heartbeat: it counts as running until it is stopped or its maximal age is over.</summary>
    Detached,
}

/// <summary>What an experiment is created with.</summary>
public sealed record ExperimentOptions
{
    /// <summary>The params by name: anything that <see cref="Value.From"/> accepts; null for none.</summary>
    public IDictionary? Params { get; init; }

    /// <summary>A file or directory to save, relative to the project directory or absolute inside it; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>How hard to compress the files; what cannot be compressed is stored whatever this says.</summary>
    public CompressionLevel CompressionLevel { get; init; } = CompressionLevel.Optimal;

    /// <summary>The command it is run with; empty when not known.</summary>
    public string Command { get; init; } = "";

    /// <summary>The absolute path of the training program, whose Python is recorded; null where it isn't known.</summary>
    public string? Program { get; init; }

    /// <summary>Facts about what the run has around it, beside those that the engine finds; null for none.</summary>
    public IDictionary? Environment { get; init; }

    /// <summary>Tags; null for none.</summary>
    public IEnumerable<string>? Tags { get; init; }

    /// <summary>A note; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>The checkpoint that the run goes on from; null for none.</summary>
    public Checkpoint? From { get; init; }

    /// <summary>
    /// What it reads that is not saved: files and directories, relative to the project directory or absolute, objects as <c>s3://bucket/key</c>; their
    /// size and SHA-256, or version, are recorded. Null for none.
    /// </summary>
    public IEnumerable<string>? Inputs { get; init; }

    /// <summary>Which run of which sweep it is; null for none.</summary>
    public SweepPlace? Sweep { get; init; }

    /// <summary>The user; null for the user of the process, or who requested the build in Azure DevOps.</summary>
    public string? User { get; init; }

    /// <summary>The host; null for the host of the process.</summary>
    public string? Host { get; init; }

    /// <summary>How others see that it is running.</summary>
    public HeartbeatMode Heartbeat { get; init; }

    /// <summary>For a detached experiment, how long it counts as running.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether it, and all that was recorded of the experiment before, survives a power failure from when the call returns. Where
    /// the disk fails to promise that, it is recorded all the same, and the error is <c>FlushFailed</c>.
    /// </summary>
    public bool IsDurable { get; init; }

    /// <summary>
    /// Whether the environment may be recorded while the experiment runs, because the process that creates it stays to its end; the
    /// state of git is what it was at the start all the same.
    /// </summary>
    internal bool RecordsEnvironmentLater { get; init; }

    /// <summary>Where the run writes what is saved with its checkpoints, as it was given; null where that isn't known.</summary>
    internal string? CheckpointPath { get; init; }

    /// <summary>What is recorded of them under our own key, with the CI build that the process is part of.</summary>
    internal ExperimentExtension ToExtension() => new()
    {
        Version = Release.Version,
        Parent = From?.Owner.Id ?? "",
        ParentCheckpoint = From?.Id ?? "",
        ParentStep = From?.Step,
        Tags = TagList.From(Tags),
        Note = Note,
        Sweep = Sweep?.Name ?? "",
        SweepNumber = Sweep?.Number,
        SweepCount = Sweep?.Count,
        Build = CiJob.Current?.Build ?? ValueMap.Empty,
        NoHeartbeat = Heartbeat == HeartbeatMode.None,
        DetachedUntil = Heartbeat == HeartbeatMode.Detached ? Timestamp.From(DateTime.UtcNow + MaxAge) : null,
    };
}

/// <summary>What a checkpoint is recorded with.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The metrics by name: anything that <see cref="Value.From"/> accepts; null for none.</summary>
    public IDictionary? Metrics { get; init; }

    /// <summary>A file or directory to save, relative to the project directory or absolute inside it; null for none.</summary>
    public string? Path { get; init; }

    /// <summary>How hard to compress the files; what cannot be compressed is stored whatever this says.</summary>
    public CompressionLevel CompressionLevel { get; init; } = CompressionLevel.Optimal;

    /// <summary>
    /// Whether it, and all that was recorded of the experiment before, survives a power failure from when the call returns. Where
    /// the disk fails to promise that, it is recorded all the same, and the error is <c>FlushFailed</c>.
    /// </summary>
    public bool IsDurable { get; init; }

    /// <summary>The training step; null for one more than the last checkpoint's, from 0.</summary>
    public long? Step { get; init; }

    /// <summary>The metric that decides which checkpoint is best; null for the configuration's, where it is recorded.</summary>
    public PrimaryMetric? PrimaryMetric { get; init; }
}
