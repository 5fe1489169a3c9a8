using Replicate.Metadata;

namespace Replicate;

/// <summary>What this project adds to an experiment's metadata, under the key <c>powershell</c>.</summary>
public sealed record ExperimentExtension
{
    /// <summary>Our release that first wrote it.</summary>
    public string Version { get; internal set; } = "";

    /// <summary>How it ended: completed, failed, interrupted or stopped early; null while that isn't recorded.</summary>
    public ExperimentStatus? Status { get; internal set; }

    /// <summary>The exit code of the training program; null when not recorded.</summary>
    public int? ExitCode { get; internal set; }

    /// <summary>The last lines of the error output of a program that failed; empty for none.</summary>
    public string ErrorOutput { get; internal set; } = "";

    /// <summary>When it ended; null while that isn't recorded.</summary>
    public Timestamp? Ended { get; internal set; }

    /// <summary>For a detached experiment, until when it counts as running; otherwise null.</summary>
    public Timestamp? DetachedUntil { get; internal set; }

    /// <summary>Whether it was created to have no heartbeat, so that who adds to it does not beat either.</summary>
    public bool NoHeartbeat { get; internal set; }

    /// <summary>What the run had around it: system, processor and so on, by name; empty where that isn't recorded.</summary>
    public ValueMap Environment { get; internal set; } = ValueMap.Empty;

    /// <summary>The <c>commit</c>, <c>branch</c> and whether the tree was <c>dirty</c>; empty where that isn't recorded.</summary>
    public ValueMap Git { get; internal set; } = ValueMap.Empty;

    /// <summary>The <c>number</c> and <c>url</c> of the CI build that the run was part of; empty outside CI.</summary>
    public ValueMap Build { get; internal set; } = ValueMap.Empty;

    /// <summary>The id of the checkpoint that the run went on from; empty for none.</summary>
    public string ParentCheckpoint { get; internal set; } = "";

    /// <summary>The step of the checkpoint that the run went on from, after which its own count; null for none.</summary>
    public long? ParentStep { get; internal set; }

    /// <summary>The id of the experiment that the run went on from; empty for none.</summary>
    public string Parent { get; internal set; } = "";

    /// <summary>Tags. Not null.</summary>
    public TagList Tags { get; internal set; } = TagList.Empty;

    /// <summary>The name of the sweep that it is a run of; empty for none.</summary>
    public string Sweep { get; internal set; } = "";

    /// <summary>The number of the run in its sweep, from 1; null outside of one.</summary>
    public long? SweepNumber { get; internal set; }

    /// <summary>How many runs its sweep has; null outside of one.</summary>
    public long? SweepCount { get; internal set; }

    /// <summary>What the run read that was not saved with it, by path or URL: size, time and SHA-256, or version. Not null.</summary>
    public ValueMap Inputs { get; internal set; } = ValueMap.Empty;

    /// <summary>A note; empty for none.</summary>
    public string Note { get; internal set; } = "";

    /// <summary>
    /// Whether the file was first written by the original, whose texts "null" and "None" in params mean null and
    /// keep meaning it.
    /// </summary>
    public bool NullTexts { get; internal set; }

    /// <summary>The SHA-256 of the tarball of its files, as 64 lower-case hex digits; empty where that isn't recorded.</summary>
    public string Sha256 { get; internal set; } = "";

    /// <summary>How it ended: all that it says would fill a screen.</summary>
    public override string ToString() => Status?.ToString() ?? "not ended";

    /// <summary>Whether it is just being deleted, so that nothing is added any more.</summary>
    internal bool IsDeleted { get; set; }

    internal ExperimentExtension EndedAs(ExperimentExtension end) =>
        this with { Status = end.Status, ExitCode = end.ExitCode, Ended = end.Ended, ErrorOutput = end.ErrorOutput };
}

/// <summary>
/// The fields of <see cref="ExperimentExtension"/>, in the order of the file: from here they are read and written, indexed and masked.
/// </summary>
internal static class ExtensionFields
{
    /// <summary>What the run has around it; the index shares it between experiments.</summary>
    internal static readonly MapField Environment = new("environment", e => e.Environment, (e, value) => e.Environment = value);

    private static readonly MapField Build = new("build", e => e.Build, (e, value) => e.Build = value);
    private static readonly TextField Parent = new("parent", e => e.Parent, (e, value) => e.Parent = value);
    private static readonly TagsField Tags = new("tags", e => e.Tags, (e, value) => e.Tags = value);
    private static readonly TextField Sweep = new SweepField("sweep", e => e.Sweep, (e, value) => e.Sweep = value);
    private static readonly TextField Note = new("note", e => e.Note, (e, value) => e.Note = value) { IsFree = true };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<ExtensionField> All { get; } =
    [
        new TextField("version", e => e.Version, (e, value) => e.Version = value) { IsAlwaysWritten = true },
        new TextField("status", e => NameOf(e.Status), (e, value) => e.Status = StatusOf(value)),
        new IntegerField("exit_code", e => e.ExitCode, (e, value) => e.ExitCode = InRange(value, "exit_code")),
        new TextField("error_output", e => e.ErrorOutput, (e, value) => e.ErrorOutput = value) { IsFree = true },
        new TimeField("ended", e => e.Ended, (e, value) => e.Ended = value),
        new TimeField("detached_until", e => e.DetachedUntil, (e, value) => e.DetachedUntil = value),
        new FlagField("no_heartbeat", e => e.NoHeartbeat, (e, value) => e.NoHeartbeat = value),
        Environment,
        new MapField("git", e => e.Git, (e, value) => e.Git = value),
        Build,
        Parent,
        new TextField("parent_checkpoint", e => e.ParentCheckpoint, (e, value) => e.ParentCheckpoint = value),
        new IntegerField("parent_step", e => e.ParentStep, (e, value) => e.ParentStep = value),
        Tags,
        Note,
        Sweep,
        new IntegerField("sweep_number", e => e.SweepNumber, (e, value) => e.SweepNumber = value),
        new IntegerField("sweep_count", e => e.SweepCount, (e, value) => e.SweepCount = value),
        new MapField("inputs", e => e.Inputs, (e, value) => e.Inputs = value),
        new FlagField("null_texts", e => e.NullTexts, (e, value) => e.NullTexts = value),
        new DigestField("sha256", e => e.Sha256, (e, value) => e.Sha256 = value),
        new FlagField("deleted", e => e.IsDeleted, (e, value) => e.IsDeleted = value),
    ];

    /// <summary>Those that filters and orders know by their names.</summary>
    internal static IReadOnlyList<ExtensionField> Queried { get; } = [Tags, Note, Parent, Sweep];

    /// <summary>Those that a page about an experiment shows, where they say something.</summary>
    internal static IReadOnlyList<ExtensionField> Shown { get; } = [Tags, Note, Parent, Sweep, Build];

    // Whatever a later release calls a status, this one doesn't know of.
    private static ExperimentStatus? StatusOf(string name) => name switch
    {
        "completed" => ExperimentStatus.Completed,
        "failed" => ExperimentStatus.Failed,
        "interrupted" => ExperimentStatus.Interrupted,
        "stopped_early" => ExperimentStatus.StoppedEarly,
        _ => null,
    };

    private static string NameOf(ExperimentStatus? status) => status switch
    {
        ExperimentStatus.Completed => "completed",
        ExperimentStatus.Failed => "failed",
        ExperimentStatus.Interrupted => "interrupted",
        ExperimentStatus.StoppedEarly => "stopped_early",
        _ => "",
    };

    private static int? InRange(long? value, string name) => value is null ? null
        : value is >= int.MinValue and <= int.MaxValue ? (int)value
        : throw new FormatException($"'{name}' is out of range.");
}
