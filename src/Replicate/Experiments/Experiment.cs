using Replicate.Metadata;
using Replicate.Recording;

namespace Replicate;

/// <summary>
/// One run of a training script, as its repository tells of it at the time it was read; <see cref="ExperimentExtensions.RefreshAsync"/>
/// reads again. Safe from several threads.
/// </summary>
public sealed class Experiment : ICheckpointOwner
{
    private readonly object _adding = new();
    private volatile ExperimentSnapshot _snapshot;

    internal Experiment(Project project, ExperimentMetadata metadata, Heartbeat? heartbeat, bool isPending = false)
        : this(project, ExperimentSnapshot.Of(metadata, heartbeat, isPending))
    {
    }

    internal Experiment(Project project, ExperimentSnapshot snapshot)
    {
        Owner = project;
        _snapshot = Take(snapshot);
    }

    /// <summary>64 lower-case hex digits; other lengths where another program wrote them.</summary>
    public string Id => _snapshot.Metadata.Id;

    /// <summary>The first 7 characters of the id.</summary>
    public string ShortId => ShortIds.Of(Id);

    /// <summary>When it was created, as a local date.</summary>
    public DateTime Created => _snapshot.Metadata.Created.Local;

    /// <summary>What became of it.</summary>
    public ExperimentStatus Status => _snapshot.Status;

    /// <summary>Whether its status is <see cref="ExperimentStatus.Running"/>.</summary>
    public bool IsRunning => Status == ExperimentStatus.Running;

    /// <summary>The last heartbeat that was there when it was read; null for none.</summary>
    internal Timestamp? LastHeartbeat => _snapshot.LastHeartbeat;

    /// <summary>Whether something recorded on this machine still waits to be archived, or to be sent to a remote repository.</summary>
    public bool Pending => _snapshot.IsPending;

    /// <summary>The params by name. Not null.</summary>
    public ValueMap Params => _snapshot.Metadata.Params;

    /// <summary>The checkpoints, oldest first. Not null.</summary>
    public CheckpointList Checkpoints => _snapshot.Metadata.Checkpoints;

    /// <summary>The metric that decides which checkpoint is best: the first that a checkpoint names; null for none.</summary>
    public PrimaryMetric? PrimaryMetric => Checkpoints.PrimaryMetric;

    /// <summary>The command it was run with; empty when not known.</summary>
    public string Command => _snapshot.Metadata.Command;

    /// <summary>The path that was saved, relative to the project directory, as it was given; empty for none.</summary>
    public string Path => _snapshot.Metadata.Path;

    /// <summary>The user who ran it; empty when not known.</summary>
    public string User => _snapshot.Metadata.User;

    /// <summary>The host it ran on; empty when not known.</summary>
    public string Host => _snapshot.Metadata.Host;

    /// <summary>The version of Python; empty when not known.</summary>
    public string PythonVersion => _snapshot.Metadata.PythonVersion;

    /// <summary>Python packages with their versions. Not null.</summary>
    public ValueMap PythonPackages => _snapshot.Metadata.PythonPackages;

    /// <summary>From creation to the latest checkpoint; null without checkpoints.</summary>
    public TimeSpan? Duration => Latest() is { } latest ? latest.CreatedAt.Utc - _snapshot.Metadata.Created.Utc : null;

    /// <summary>When it ended, as a local date; null where that isn't recorded.</summary>
    public DateTime? Ended => _snapshot.Metadata.Extension?.Ended?.Local;

    /// <summary>The exit code of the training program; null where that isn't recorded.</summary>
    public int? ExitCode => _snapshot.Metadata.Extension?.ExitCode;

    /// <summary>The last lines of the error output of a program that failed; empty where that isn't recorded.</summary>
    public string ErrorOutput => _snapshot.Metadata.Extension?.ErrorOutput ?? "";

    /// <summary>Its tags. Not null.</summary>
    public TagList Tags => _snapshot.Metadata.Extension?.Tags ?? TagList.Empty;

    /// <summary>Its note; empty for none.</summary>
    public string Note => _snapshot.Metadata.Extension?.Note ?? "";

    /// <summary>The id of the experiment that it went on from; empty for none.</summary>
    public string Parent => _snapshot.Metadata.Extension?.Parent ?? "";

    /// <summary>Which run of which sweep it is; null for none.</summary>
    public SweepPlace? Sweep =>
        _snapshot.Metadata.Extension is { Sweep.Length: > 0, SweepNumber: > 0 and <= int.MaxValue and var number, SweepCount: > 0 and <= int.MaxValue and var count } extension
            ? new(extension.Sweep, (int)number, (int)count)
            : null;

    /// <summary>What it read that was not saved with it, by path or URL: size, time and SHA-256, or version. Not null.</summary>
    public ValueMap Inputs => _snapshot.Metadata.Extension?.Inputs ?? ValueMap.Empty;

    /// <summary>What it had around it: <c>os</c>, <c>processor</c>, <c>gpus</c> and so on. Not null.</summary>
    public ValueMap Environment => _snapshot.Metadata.Extension?.Environment ?? ValueMap.Empty;

    /// <summary>The <c>commit</c> and <c>branch</c> of git and whether the tree was <c>dirty</c>; empty where that isn't recorded.</summary>
    public ValueMap Git => _snapshot.Metadata.Extension?.Git ?? ValueMap.Empty;

    /// <summary>The <c>number</c> and <c>url</c> of the CI build that it was part of; empty outside CI.</summary>
    public ValueMap Build => _snapshot.Metadata.Extension?.Build ?? ValueMap.Empty;

    /// <summary>The project it was read through.</summary>
    internal Project Owner { get; }

    /// <summary>What is known of it now.</summary>
    internal ExperimentSnapshot Snapshot
    {
        get => _snapshot;
        set => _snapshot = Take(value);
    }

    /// <summary>
    /// The best checkpoint by the primary metric; null where none is defined or none has a number for it. Warns, once, where its step
    /// wrote files that could not be saved.
    /// </summary>
    public Checkpoint? Best()
    {
        var best = BestCheckpoint.Of(this);
        if (best is { MissingFiles.Count: > 0 } && !Checkpoints.WasTold)
        {
            Checkpoints.WasTold = true;
            Log.Warn(best.FilesWarning("best"));
        }

        return best;
    }

    /// <summary>The newest checkpoint; null for none.</summary>
    public Checkpoint? Latest() => Checkpoints.Latest;

    /// <summary>The checkpoint that stands for it, with the reason.</summary>
    /// <param name="choice">Which one: its best, else its latest, if nothing else is said.</param>
    /// <exception cref="ReplicateException">
    /// There is no best (<c>NoBestCheckpoint</c>) or no checkpoint (<c>CheckpointNeeded</c>), and that was asked for.
    /// </exception>
    public ChosenCheckpoint Choose(CheckpointChoice choice = CheckpointChoice.BestElseLatest) => ChosenCheckpoint.Of(this, choice);

    /// <summary>The short id and status.</summary>
    public override string ToString() => $"{ShortId} ({Status})";

    /// <summary>Takes what was added to what is known; nothing else is read again.</summary>
    internal void Take(Addition addition)
    {
        var heartbeat = addition.Experiment.IsBeatenForByWhoAdds ? new Heartbeat(Id, Timestamp.Now, Beater: null) : null;
        lock (_adding)
        {
            foreach (var checkpoint in addition.Added)
            {
                checkpoint.BelongTo(this);
            }

            _snapshot = ExperimentSnapshot.Of(addition.Experiment with { Checkpoints = Checkpoints.Add(addition.Added) }, heartbeat, addition.IsPending);
        }
    }

    internal async Task AddAsync(IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken) =>
        Take(await (await Owner.Workspace.OpenTargetAsync(cancellationToken)).AddCheckpointsAsync(_snapshot, checkpoints, cancellationToken));

    private ExperimentSnapshot Take(ExperimentSnapshot snapshot)
    {
        snapshot.Metadata.Checkpoints.BelongTo(this);
        return snapshot;
    }
}
