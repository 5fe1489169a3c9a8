using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Recording.Secrets;

namespace Replicate;

/// <summary>
/// One run of a training script, as its repository tells of it at the time it was read; <see cref="RefreshAsync"/> reads
/// again. Safe from several threads.
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
        Project = project;
        _snapshot = Take(snapshot);
    }

    /// <summary>The project it was read through.</summary>
    public Project Project { get; }

    /// <summary>64 lower-case hex digits; other lengths where another program wrote them.</summary>
    public string Id => Metadata.Id;

    /// <summary>The first 7 characters of the id.</summary>
    public string ShortId => ShortIds.Of(Id);

    /// <summary>When it was created, as a local date.</summary>
    public DateTime Created => Metadata.Created.Local;

    /// <summary>What became of it.</summary>
    public ExperimentStatus Status => _snapshot.Status;

    /// <summary>Whether its status is <see cref="ExperimentStatus.Running"/>.</summary>
    public bool IsRunning => Status == ExperimentStatus.Running;

    /// <summary>The last heartbeat that was there when it was read; null for none.</summary>
    internal Timestamp? LastHeartbeat => _snapshot.LastHeartbeat;

    /// <summary>Whether something recorded on this machine still waits to be archived, or to be sent to a remote repository.</summary>
    public bool Pending => _snapshot.IsPending;

    /// <summary>The params by name. Not null.</summary>
    public ValueMap Params => Metadata.Params;

    /// <summary>The checkpoints, oldest first. Not null.</summary>
    public CheckpointList Checkpoints => Metadata.Checkpoints;

    /// <summary>The metric that decides which checkpoint is best: the first that a checkpoint names; null for none.</summary>
    public PrimaryMetric? PrimaryMetric => Checkpoints.PrimaryMetric;

    /// <summary>The command it was run with; empty when not known.</summary>
    public string Command => Metadata.Command;

    /// <summary>The path that was saved, relative to the project directory, as it was given; empty for none.</summary>
    public string Path => Metadata.Path;

    /// <summary>The user who ran it; empty when not known.</summary>
    public string User => Metadata.User;

    /// <summary>The host it ran on; empty when not known.</summary>
    public string Host => Metadata.Host;

    /// <summary>The version of Python; empty when not known.</summary>
    public string PythonVersion => Metadata.PythonVersion;

    /// <summary>Python packages with their versions. Not null.</summary>
    public ValueMap PythonPackages => Metadata.PythonPackages;

    /// <summary>From creation to the latest checkpoint; null without checkpoints.</summary>
    public TimeSpan? Duration => Latest() is { } latest ? latest.CreatedAt.Utc - Metadata.Created.Utc : null;

    /// <summary>When it ended, as a local date; null where that isn't recorded.</summary>
    public DateTime? Ended => Metadata.Extension?.Ended?.Local;

    /// <summary>The exit code of the training program; null where that isn't recorded.</summary>
    public int? ExitCode => Metadata.Extension?.ExitCode;

    /// <summary>The last lines of the error output of a program that failed; empty where that isn't recorded.</summary>
    public string ErrorOutput => Metadata.Extension?.ErrorOutput ?? "";

    /// <summary>Its tags. Not null.</summary>
    public TagList Tags => Metadata.Extension?.Tags ?? TagList.Empty;

    /// <summary>Its note; empty for none.</summary>
    public string Note => Metadata.Extension?.Note ?? "";

    /// <summary>The id of the experiment that it went on from; empty for none.</summary>
    public string Parent => Metadata.Extension?.Parent ?? "";

    /// <summary>What it had around it: <c>os</c>, <c>processor</c>, <c>gpus</c> and so on. Not null.</summary>
    public ValueMap Environment => Metadata.Extension?.Environment ?? ValueMap.Empty;

    /// <summary>The <c>commit</c> and <c>branch</c> of git and whether the tree was <c>dirty</c>; empty where that isn't recorded.</summary>
    public ValueMap Git => Metadata.Extension?.Git ?? ValueMap.Empty;

    /// <summary>The <c>number</c> and <c>url</c> of the CI build that it was part of; empty outside CI.</summary>
    public ValueMap Build => Metadata.Extension?.Build ?? ValueMap.Empty;

    /// <summary>All that its metadata file says.</summary>
    public ExperimentMetadata Metadata => _snapshot.Metadata;

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

    /// <summary>Records metrics and files.</summary>
    /// <param name="options">What is recorded.</param>
    /// <param name="progress">Told how much is saved.</param>
    /// <param name="cancellationToken">Ends the work; nothing is recorded then.</param>
    /// <exception cref="ReplicateException">Metrics or path are wrong, or the repository can't be written to.</exception>
    public async Task<Checkpoint> CheckpointAsync(
        CheckpointOptions options, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        var addition = await new Recorder(Project.Workspace).AddCheckpointAsync(_snapshot, options, progress, cancellationToken);
        Take(addition);
        return addition.Added[0];
    }

    internal async Task AddAsync(IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken) =>
        Take(await (await Project.Workspace.OpenTargetAsync(cancellationToken)).AddCheckpointsAsync(_snapshot, checkpoints, cancellationToken));

    /// <summary>
    /// Stops the heartbeat, records how the experiment ended, and waits until a remote repository has all of it.
    /// </summary>
    /// <param name="status">Completed, failed or interrupted.</param>
    /// <param name="exitCode">The exit code of the training program, or null.</param>
    /// <param name="progress">Told how much is sent.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The experiment is gone, or the repository can't be written to.</exception>
    public Task StopAsync(
        ExperimentStatus status = ExperimentStatus.Completed, int? exitCode = null, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) =>
        StopAsync(status, exitCode, errorOutput: "", progress, cancellationToken);

    /// <summary>
    /// Stops the heartbeat, records how the experiment ended, and waits until a remote repository has all of it.
    /// </summary>
    /// <param name="status">Completed, failed or interrupted.</param>
    /// <param name="exitCode">The exit code of the training program, or null.</param>
    /// <param name="errorOutput">The last lines of its error output, recorded without secrets; empty for none.</param>
    /// <param name="progress">Told how much is sent.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The experiment is gone, or the repository can't be written to.</exception>
    public async Task StopAsync(
        ExperimentStatus status, int? exitCode, string errorOutput, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var metadata = await new Recorder(Project.Workspace).StopAsync(_snapshot, status, exitCode, errorOutput, progress, cancellationToken);
        _snapshot = Take(ExperimentSnapshot.Of(metadata, heartbeat: null, await Project.Workspace.Uploader.HasPendingAsync(Id, cancellationToken)));
    }

    /// <summary>Waits until the repository has all that was recorded, and reads the experiment again.</summary>
    /// <param name="progress">Told how much is sent.</param>
    /// <param name="cancellationToken">Ends the wait; what isn't sent goes on waiting.</param>
    /// <returns>The experiment itself.</returns>
    /// <exception cref="ReplicateException">The repository refuses or does not answer; all that waits is kept.</exception>
    public async Task<Experiment> SyncAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        await Project.Workspace.SyncAsync(progress, waiting => waiting == Id, cancellationToken);
        await RefreshAsync(cancellationToken);
        return this;
    }

    /// <summary>Changes its tags and note.</summary>
    /// <param name="tags">All its tags from now on; null to leave them.</param>
    /// <param name="note">Its note from now on, empty for none; null to leave it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">A tag is wrong, the experiment is gone, or the repository can't be written to.</exception>
    public async Task SetAsync(IEnumerable<string>? tags, string? note, CancellationToken cancellationToken = default)
    {
        using var mask = new Masking();
        var list = tags is null ? null : mask.Of(TagList.From(tags));
        note = note is null ? null : mask.Of(note);
        await Project.Workspace.Trust.RequireAsync(cancellationToken);
        var uploader = Project.Workspace.Uploader;
        var isPending = await uploader.HasPendingAsync(Id, cancellationToken);
        ExperimentMetadata metadata;
        try
        {
            metadata = await UpdateAsync();
        }
        catch (ReplicateException error) when (isPending && error.Id == "ExperimentDeleted")
        {
            // The repository doesn't have it yet.
            await uploader.SendAsync(null, waiting => waiting == Id, cancellationToken);
            metadata = await UpdateAsync();
        }

        var heartbeat = (await Project.Workspace.Repository.ReadHeartbeatAsync(Id, cancellationToken))?.Heartbeat;
        _snapshot = Take(ExperimentSnapshot.Of(metadata, heartbeat, isPending: false));
        if (isPending)
        {
            uploader.Start();
            await RefreshAsync(cancellationToken);
        }

        Task<ExperimentMetadata> UpdateAsync() => Project.Workspace.Repository.UpdateExperimentAsync(
            Id,
            document => document.ChangeExtension(
                extension => extension with { Tags = list ?? extension.Tags, Note = note ?? extension.Note }),
            cancellationToken);
    }

    /// <summary>Reads it from the repository again.</summary>
    /// <exception cref="ReplicateException">It is no longer there (<c>IdNotFound</c>).</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        var (metadata, heartbeat, isPending) = await Project.Experiments.ReadOneAsync(Id, cancellationToken)
            ?? throw IdLookup.NotFound(Id);
        _snapshot = Take(ExperimentSnapshot.Of(metadata, heartbeat, isPending));
    }

    /// <summary>Deletes it with its checkpoints, heartbeat and tarballs.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken = default) => new ExperimentDeletion(this).RunAsync(cancellationToken);

    /// <summary>Deletes one of its checkpoints, tarball and entry.</summary>
    public async Task DeleteCheckpointAsync(Checkpoint checkpoint, CancellationToken cancellationToken = default)
    {
        await new ExperimentDeletion(this).RunAsync(checkpoint.Id, cancellationToken);
        await RefreshAsync(cancellationToken);
    }

    /// <summary>
    /// Copies it with its checkpoints and saved files to the repository of another project. What is there already is not
    /// sent again; what is sent is read back and compared.
    /// </summary>
    /// <param name="target">The project whose repository gets it.</param>
    /// <param name="force">Whether an experiment of the same id with another content is replaced.</param>
    /// <param name="progress">Told how much is copied.</param>
    /// <param name="cancellationToken">Ends the work; it isn't listed at the target then, and another call goes on.</param>
    /// <returns>The experiment at the target.</returns>
    /// <exception cref="ReplicateException">
    /// The target has another experiment of this id (<c>ExperimentExists</c>), or one of the repositories fails.
    /// </exception>
    public async Task<Experiment> CopyToAsync(
        Project target, bool force = false, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        var result = (await target.Experiments.CopyFromAsync([this], force, progress, cancellationToken))[0];
        return result.Copy ?? throw result.Error!;
    }

    /// <summary>The checkpoint that stands for it, with the reason.</summary>
    /// <param name="choice">Which one: its best, else its latest, if nothing else is said.</param>
    /// <exception cref="ReplicateException">
    /// There is no best (<c>NoBestCheckpoint</c>) or no checkpoint (<c>CheckpointNeeded</c>), and that was asked for.
    /// </exception>
    public ChosenCheckpoint Choose(CheckpointChoice choice = CheckpointChoice.BestElseLatest) => ChosenCheckpoint.Of(this, choice);

    /// <summary>Copies its files, and those of a checkpoint over them, into a directory; all or nothing.</summary>
    /// <param name="checkpoint">One of its checkpoints; null for what <see cref="CheckOutOptions.Choice"/> says, its best, else its latest.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellationToken">Ends the work; nothing is in place then.</param>
    /// <exception cref="ReplicateException">
    /// The target is not empty (<c>DirectoryNotEmpty</c>), a tarball is missing or damaged, nothing was saved.
    /// </exception>
    public Task<CheckOutResult> CheckOutAsync(
        Checkpoint? checkpoint, CheckOutOptions options, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new SavedFiles(this).CheckOutAsync(checkpoint, options, progress, cancellationToken);

    /// <summary>Lists the saved files: a checkpoint's own, or those of the experiment with its best, else its latest, checkpoint's over them.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<IReadOnlyList<SavedFile>> ListFilesAsync(
        Checkpoint? checkpoint, CancellationToken cancellationToken = default) =>
        ListFilesAsync(checkpoint, null, cancellationToken);

    /// <summary>Lists the saved files, where a tarball may expand to more than usual.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
    /// <param name="maxSize">See <see cref="CheckOutOptions.MaxSize"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<IReadOnlyList<SavedFile>> ListFilesAsync(
        Checkpoint? checkpoint, long? maxSize, CancellationToken cancellationToken = default) =>
        new SavedFiles(this).ListAsync(checkpoint, maxSize, cancellationToken);

    /// <summary>Opens one saved file, of the checkpoint, else of the experiment, for reading once from start to end.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
    /// <param name="path">The file's path relative to the project directory.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">No such file was saved (<c>FileNotSaved</c>).</exception>
    public Task<Stream> OpenFileAsync(
        Checkpoint? checkpoint, string path, CancellationToken cancellationToken = default) =>
        OpenFileAsync(checkpoint, path, null, cancellationToken);

    /// <summary>Opens one saved file, where a tarball may expand to more than usual.</summary>
    /// <param name="checkpoint">One of its checkpoints, or null for its best, else its latest, over its own files.</param>
    /// <param name="path">The file's path relative to the project directory.</param>
    /// <param name="maxSize">See <see cref="CheckOutOptions.MaxSize"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">No such file was saved (<c>FileNotSaved</c>).</exception>
    public Task<Stream> OpenFileAsync(
        Checkpoint? checkpoint, string path, long? maxSize, CancellationToken cancellationToken = default) =>
        new SavedFiles(this).OpenAsync(checkpoint, path, maxSize, cancellationToken);

    /// <summary>The short id and status.</summary>
    public override string ToString() => $"{ShortId} ({Status})";

    /// <summary>Takes what was added to what is known; nothing else is read again.</summary>
    private void Take(Addition addition)
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

    private ExperimentSnapshot Take(ExperimentSnapshot snapshot)
    {
        snapshot.Metadata.Checkpoints.BelongTo(this);
        return snapshot;
    }
}
