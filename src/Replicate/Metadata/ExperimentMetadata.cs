namespace Replicate;

/// <summary>What the metadata file of an experiment says. It cannot be changed.</summary>
public sealed record ExperimentMetadata
{
    /// <summary>64 lower-case hex digits; other lengths where another program wrote them.</summary>
    public required string Id { get; init; }

    /// <summary>When it was created.</summary>
    public Timestamp Created { get; init; }

    /// <summary>The params by name; empty for <c>null</c>.</summary>
    public ValueMap Params { get; init; } = ValueMap.Empty;

    /// <summary>The host it ran on; empty when not known.</summary>
    public string Host { get; init; } = "";

    /// <summary>The user who ran it; empty when not known.</summary>
    public string User { get; init; } = "";

    /// <summary>The absolute URL of the repository it was written to.</summary>
    public string Repository { get; init; } = "";

    /// <summary>The command it was run with.</summary>
    public string Command { get; init; } = "";

    /// <summary>The path that was saved, relative to the project directory, as it was given; empty for none.</summary>
    public string Path { get; init; } = "";

    /// <summary>The version of Python; empty when not known.</summary>
    public string PythonVersion { get; init; } = "";

    /// <summary>Python packages with their versions (strings); empty for <c>null</c>.</summary>
    public ValueMap PythonPackages { get; init; } = ValueMap.Empty;

    /// <summary>The checkpoints, oldest first.</summary>
    public CheckpointList Checkpoints { get; init; } = CheckpointList.Empty;

    /// <summary>The release that wrote the file, such as <c>0.4.2</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>What our own key <c>powershell</c> says; null in a file of the original.</summary>
    public ExperimentExtension? Extension { get; init; }

    /// <summary>Whether a process that adds a checkpoint beats: not for a run that ended or was to have no heartbeat.</summary>
    internal bool IsBeatenForByWhoAdds => Extension is null or { Status: null, NoHeartbeat: false, DetachedUntil: null };

    internal ExperimentMetadata WithSha256(string sha256) =>
        this with { Extension = (Extension ?? new ExperimentExtension { NullTexts = true }) with { Sha256 = sha256 } };

    /// <summary>The id: what else it says would fill a cell of a table.</summary>
    public override string ToString() => Id;
}

/// <summary>The sign of life of a running experiment.</summary>
/// <param name="ExperimentId">The experiment it stands for.</param>
/// <param name="LastHeartbeat">The last time it was refreshed.</param>
/// <param name="Beater">A token of the process that refreshes it; null when the original does.</param>
public sealed record Heartbeat(string ExperimentId, Timestamp LastHeartbeat, string? Beater)
{
    /// <summary>How often a running experiment refreshes it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The age above which the experiment no longer counts as running.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>How far the clock of the machine that refreshes it may be ahead of the clock here.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>Whether its time is further ahead than that: then a clock is wrong, and the time says nothing.</summary>
    internal bool IsOfTheFuture => LastHeartbeat.Utc - DateTime.UtcNow > MaxAhead;

    /// <summary>Whether the experiment counts as running by it at this moment.</summary>
    internal bool IsBeating => !IsOfTheFuture && DateTime.UtcNow - LastHeartbeat.Utc <= MaxAge;

    /// <summary>The heartbeat as of the time when its store wrote it, where its own time says nothing.</summary>
    /// <param name="written">UTC; null where the store doesn't tell.</param>
    internal Heartbeat WrittenAt(DateTime? written) =>
        IsOfTheFuture && written is { } time ? this with { LastHeartbeat = Timestamp.FromUtc(time, 0) } : this;
}
