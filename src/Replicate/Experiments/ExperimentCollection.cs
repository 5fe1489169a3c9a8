using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Recording.Spool;
using Replicate.Repositories.Cache;
using Replicate.Storage;

namespace Replicate;

/// <summary>The experiments of a project's repository. Every call looks at the repository anew.</summary>
public sealed class ExperimentCollection
{
    private readonly Project _project;

    internal ExperimentCollection(Project project) => _project = project;

    /// <summary>Creates an experiment, saves its files and starts its heartbeat.</summary>
    /// <param name="options">What it is created with.</param>
    /// <param name="progress">Told how much is saved.</param>
    /// <param name="cancellationToken">Ends the work; nothing is listed then.</param>
    /// <exception cref="ReplicateException">Params or path are wrong, or the repository can't be written to.</exception>
    public async Task<Experiment> CreateAsync(
        ExperimentOptions options, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        new(_project, await new Recorder(_project.Workspace).CreateAsync(options, progress, cancellationToken));

    /// <summary>
    /// Lists all experiments, oldest first. A metadata file that can't be read is named in a warning and passed over; a warning says,
    /// too, where the repository isn't there.
    /// </summary>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The repository can't be read.</exception>
    public async Task<IReadOnlyList<Experiment>> ListAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        OldestFirst(await ReadAllAsync(progress, isRefreshed: false, cancellationToken));

    /// <summary>
    /// Lists all experiments of the repository anew, and with that brings the index on this machine up to date, and the catalog of a
    /// remote repository, where that may be written to.
    /// </summary>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many experiments there are.</returns>
    /// <exception cref="ReplicateException">The repository can't be read.</exception>
    public async Task<int> RefreshAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default) =>
        (await ReadAllAsync(progress, isRefreshed: true, cancellationToken)).Length;

    /// <summary>
    /// Lists experiments as fast as somebody types: those of a repository on the disk as they are, those of a remote one
    /// as they were when they were last listed, without asking it. Oldest first.
    /// </summary>
    /// <param name="idPrefix">
    /// Where it is not empty, experiments may be left out of which no id, their own or of a checkpoint, begins with it in any case.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The repository on the disk can't be read.</exception>
    public async Task<IReadOnlyList<Experiment>> ListKnownAsync(string idPrefix = "", CancellationToken cancellationToken = default) =>
        StoreUrl.ToDirectory(_project.Repository) is not null
            ? await ListWithIdAsync(idPrefix, cancellationToken)
            : OldestFirst([.. MetadataIndex.For(_project.Configuration).Read().All(IdPrefixFilter.For(idPrefix))
                .Select(metadata => new Experiment(_project, metadata, heartbeat: null))]);

    /// <summary>Gets an experiment by its id or an unambiguous prefix of it.</summary>
    /// <exception cref="ReplicateException">Nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>).</exception>
    public async Task<Experiment> GetAsync(string id, CancellationToken cancellationToken = default) =>
        IdLookup.FindExperiment(id, await ReadAsync(id.ToLowerInvariant(), "", null, cancellationToken));

    /// <summary>Copies experiments of other repositories here, several at a time.</summary>
    /// <param name="experiments">The experiments, each of any other repository.</param>
    /// <param name="force">Whether an experiment of the same id with another content is replaced.</param>
    /// <param name="progress">Told how much is copied.</param>
    /// <param name="cancellationToken">Ends the work; what isn't listed yet is listed by another call.</param>
    /// <returns>What became of each, in the order given.</returns>
    /// <exception cref="ReplicateException">One of the repositories fails, or is this one (<c>SameRepository</c>).</exception>
    public Task<IReadOnlyList<CopyResult>> CopyFromAsync(
        IReadOnlyList<Experiment> experiments, bool force = false, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new ExperimentCopy(_project, force).CopyAllAsync(experiments, progress, cancellationToken);

    /// <summary>
    /// Lists the experiments with an id, their own or of a checkpoint, that begins with a prefix in any case, perhaps among
    /// others. Oldest first.
    /// </summary>
    internal async Task<IReadOnlyList<Experiment>> ListWithIdAsync(string prefix, CancellationToken cancellationToken) =>
        OldestFirst(await ReadAsync("", prefix, null, cancellationToken));

    /// <summary>Gets an experiment by its full id without listing any; null where the text is no such id, or nothing has it.</summary>
    internal async Task<Experiment?> TryGetAsync(string id, CancellationToken cancellationToken)
    {
        id = id.ToLowerInvariant();
        return PackedId.TryPack(id) is not null && await ReadOneAsync(id, cancellationToken) is var (metadata, heartbeat, isPending)
            ? Open(metadata, heartbeat, isPending, _project.Workspace.WaitingUploader)
            : null;
    }

    /// <summary>Reads one experiment, what waits to be sent included; null when it isn't there.</summary>
    internal async Task<(ExperimentMetadata Metadata, Heartbeat? Heartbeat, bool IsPending)?> ReadOneAsync(
        string id, CancellationToken cancellationToken)
    {
        var pending = await ReadPendingAsync(_project.Workspace.WaitingUploader, cancellationToken);
        var found = await _project.Workspace.Repository.ReadExperimentAsync(id, cancellationToken);
        return PendingView.Of(found is { } one ? [one] : [], [.. pending.Where(operation => operation.ExperimentId == id)])
            .Select(experiment => ((ExperimentMetadata, Heartbeat?, bool)?)experiment)
            .SingleOrDefault();
    }

    private async Task<Experiment[]> ReadAllAsync(IProgress<Progress>? progress, bool isRefreshed, CancellationToken cancellationToken)
    {
        var experiments = await ReadAsync("", "", progress, cancellationToken, isRefreshed);
        if (experiments.Length == 0)
        {
            await MissingRepository.WarnAsync(_project, cancellationToken);
        }

        return experiments;
    }

    private async Task<Experiment[]> ReadAsync(
        string idPrefix, string sought, IProgress<Progress>? progress, CancellationToken cancellationToken, bool isRefreshed = false)
    {
        // What waits is read first, then the journals: what is sent or compacted meanwhile is then there twice, rather than nowhere.
        EarlySpool.Warn(_project.Configuration);
        var uploader = _project.Workspace.WaitingUploader;
        var pending = await ReadPendingAsync(uploader, cancellationToken);
        var repository = _project.Workspace.Repository;
        var lines = repository.Journal is null ? [] : await repository.Journal.ReadAsync(idPrefix, cancellationToken);
        var found = await repository.ReadExperimentsAsync(idPrefix, FilterFor(sought, pending, lines), progress, cancellationToken, isRefreshed);
        return PendingView
            .Of(Merge(found, lines), [.. pending.Where(operation => operation.ExperimentId.StartsWith(idPrefix, StringComparison.Ordinal))])
            .Select(experiment => Open(experiment.Metadata, experiment.Heartbeat, experiment.IsPending, uploader))
            .ToArray();
    }

    private static Experiment[] OldestFirst(Experiment[] experiments)
    {
        Array.Sort(experiments, (x, y) => x.Metadata.Created != y.Metadata.Created
            ? x.Metadata.Created.CompareTo(y.Metadata.Created) : string.CompareOrdinal(x.Id, y.Id));
        return experiments;
    }

    private Experiment Open(ExperimentMetadata metadata, Heartbeat? heartbeat, bool isPending, Uploader? uploader) => new(
        _project, metadata, heartbeat ?? uploader?.HeartbeatOf(metadata.Id), isPending);

    /// <summary>A filter for an id, and for the experiments of checkpoints with such an id that no metadata has yet.</summary>
    private static IdPrefixFilter? FilterFor(string prefix, IReadOnlyList<Operation> pending, IReadOnlyList<JournalLine> lines)
    {
        if (prefix.Length == 0)
        {
            return null;
        }

        var added = pending.Select(operation => (operation.ExperimentId, operation.Checkpoint))
            .Concat(lines.Select(line => (line.ExperimentId, Checkpoint: (Checkpoint?)line.Checkpoint)))
            .Where(added => added.Checkpoint?.Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ?? false);
        return IdPrefixFilter.For(prefix, added.Select(added => added.ExperimentId));
    }

    private static IReadOnlyList<(ExperimentMetadata Metadata, Heartbeat? Heartbeat)> Merge(
        IReadOnlyList<(ExperimentMetadata Metadata, Heartbeat? Heartbeat)> experiments, IReadOnlyList<JournalLine> lines)
    {
        if (lines.Count == 0)
        {
            return experiments;
        }

        var added = lines.ToLookup(line => line.ExperimentId, line => line.Checkpoint);
        return [.. experiments.Select(experiment => (
            JournalLine.Merge(experiment.Metadata, added[experiment.Metadata.Id]), experiment.Heartbeat))];
    }

    private static async Task<IReadOnlyList<Operation>> ReadPendingAsync(Uploader? uploader, CancellationToken cancellationToken)
    {
        var pending = uploader is null ? [] : await uploader.Spool.ReadAsync(cancellationToken);
        if (pending.Count > 0)
        {
            uploader!.Start();
        }

        return pending;
    }
}
