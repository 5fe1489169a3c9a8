using Replicate.Archives.CheckingOut;
using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Recording.Secrets;

namespace Replicate;

/// <summary>
/// The names that checkpoints of a repository have, as <c>production</c>: each stands for one checkpoint, in whatever takes an id, and
/// remembers what it stood for before. They belong to the repository, and do not go with a copy.
/// </summary>
public sealed class CheckpointNames
{
    private const int MaxLength = 100;

    // More experiments than that are had sooner from a list.
    private const int FewExperiments = 8;

    private readonly Project _project;

    internal CheckpointNames(Project project) => _project = project;

    /// <summary>Lists the names in order. A name that cannot be read is named in a warning and passed over.</summary>
    /// <exception cref="ReplicateException">The repository can't be read.</exception>
    public async Task<IReadOnlyList<NamedCheckpoint>> ListAsync(CancellationToken cancellationToken = default)
    {
        await _project.Workspace.Repository.CheckAsync(cancellationToken);
        var records = await ListRecordsAsync(cancellationToken);
        var ids = records.Select(record => record.ExperimentId).ToHashSet(StringComparer.Ordinal);
        var experiments = new Dictionary<string, Experiment>(StringComparer.Ordinal);
        foreach (var experiment in ids.Count > FewExperiments
            ? await _project.Experiments.ListWithIdAsync("", cancellationToken)
            : (await Task.WhenAll(ids.Select(id => TryGetExperimentAsync(id, cancellationToken)))).OfType<Experiment>())
        {
            experiments.TryAdd(experiment.Id, experiment);
        }

        return [.. records.Select(record => new NamedCheckpoint(record, experiments.GetValueOrDefault(record.ExperimentId)))];
    }

    /// <summary>Gets a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">There is none (<c>NameNotFound</c>), or it can't be read (<c>NameDamaged</c>).</exception>
    public async Task<NamedCheckpoint> GetAsync(string name, CancellationToken cancellationToken = default) =>
        IsName(name) && await ReadAsync(name, cancellationToken) is { } record
            ? new NamedCheckpoint(record, await TryGetExperimentAsync(record.ExperimentId, cancellationToken))
            : throw NotFound(name);

    /// <summary>Gives a checkpoint a name, in place of the checkpoint that had it. Many may do so at once: one is the last.</summary>
    /// <param name="name">The name: a letter, then letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, not all of them hex digits.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="reason">Why, for the history; secrets in it are masked.</param>
    /// <param name="isProtected">Whether it is moved and taken off by force only from now on; null to leave that.</param>
    /// <param name="force">Whether a protected name is moved, too.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// It cannot be a name (<c>InvalidName</c>), is protected (<c>NameProtected</c>), or the checkpoint is gone (<c>IdNotFound</c>).
    /// </exception>
    public async Task<NamedCheckpoint> SetAsync(
        string name, Checkpoint checkpoint, string reason = "", bool? isProtected = null, bool force = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        Require(name);
        var why = Masked(reason);
        await _project.Workspace.Trust.RequireAsync(cancellationToken);
        var experiment = await RequireInRepositoryAsync(checkpoint, cancellationToken);
        var record = await _project.Workspace.Repository.Names.ChangeAsync(
            name,
            before =>
            {
                var after = new NameRecord(name, experiment.Id, checkpoint.Id, isProtected ?? before?.IsProtected ?? false, before?.History ?? []);
                if (before?.CheckpointId == after.CheckpointId)
                {
                    return why.Length == 0 && before == after ? before : With(after, before.CheckpointId, why);
                }

                RequireMovable(before, force);
                return With(after, before?.CheckpointId ?? "", why);
            },
            cancellationToken);
        return new NamedCheckpoint(record, experiment);
    }

    /// <summary>Takes a name off; what it stood for stays in its history.</summary>
    /// <param name="name">The name.</param>
    /// <param name="from">The checkpoint that has it; null for whichever.</param>
    /// <param name="reason">Why, for the history; secrets in it are masked.</param>
    /// <param name="force">Whether a protected name is taken off, too.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">
    /// There is no such name (<c>NameNotFound</c>), another checkpoint has it (<c>NameElsewhere</c>), or it is protected (<c>NameProtected</c>).
    /// </exception>
    public async Task RemoveAsync(
        string name, Checkpoint? from = null, string reason = "", bool force = false, CancellationToken cancellationToken = default)
    {
        if (!IsName(name))
        {
            throw NotFound(name);
        }

        var why = Masked(reason);
        await _project.Workspace.Trust.RequireAsync(cancellationToken);
        await _project.Workspace.Repository.Names.ChangeAsync(
            name,
            before =>
            {
                if (before is not { IsSet: true })
                {
                    throw NotFound(name);
                }

                if (from is not null && before.CheckpointId != from.Id)
                {
                    throw new ReplicateException(
                        ErrorKind.Conflict, "NameElsewhere", $"The name '{name}' is that of checkpoint {ShortIds.Of(before.CheckpointId)}, not of {from.ShortId}.",
                        "Take it off the checkpoint that has it.");
                }

                RequireMovable(before, force);
                return With(before with { ExperimentId = "", CheckpointId = "", IsProtected = false }, before.CheckpointId, why);
            },
            cancellationToken);
    }

    /// <summary>Whether a text can be a name. No beginning of an id, which has hex digits only, can.</summary>
    internal static bool IsName(string? text) => text is { Length: > 0 } && Problem(text) is null;

    /// <summary>The checkpoint of an experiment that a name stands for; null where it isn't there.</summary>
    internal static Checkpoint? CheckpointOf(NameRecord record, Experiment experiment) => experiment.Id == record.ExperimentId
        ? experiment.Checkpoints.WithIdPrefix(record.CheckpointId).FirstOrDefault(checkpoint => checkpoint.Id == record.CheckpointId)
        : null;

    /// <summary>What a name stands for; null where there is no such name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="among">The experiments, where they were listed; null to look it up.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">Its checkpoint is gone (<c>NamedCheckpointMissing</c>).</exception>
    internal async Task<Match?> TryMatchAsync(string name, IReadOnlyCollection<Experiment>? among, CancellationToken cancellationToken)
    {
        if (await ReadAsync(name, cancellationToken) is not { } record)
        {
            return null;
        }

        var experiment = among?.FirstOrDefault(listed => CheckpointOf(record, listed) is not null)
            ?? await TryGetExperimentAsync(record.ExperimentId, cancellationToken);
        return experiment is not null && CheckpointOf(record, experiment) is { } checkpoint
            ? new Match(experiment, checkpoint)
            : throw new ReplicateException(
                ErrorKind.NotFound, "NamedCheckpointMissing",
                $"The name '{record.Name}' stands for checkpoint {ShortIds.Of(record.CheckpointId)}, which is no longer in the repository.",
                "Move the name to another checkpoint, or take it off.");
    }

    /// <summary>The names as their files have them, without the checkpoints; those that were taken off are left out.</summary>
    internal async Task<IReadOnlyList<NameRecord>> ListRecordsAsync(CancellationToken cancellationToken) =>
        [.. (await _project.Workspace.Repository.Names.ListAsync(cancellationToken)).Where(record => record.IsSet && IsName(record.Name))];

    /// <summary>The names that could go on as a word does, as fast as somebody types: a remote repository is not asked for what may be an id.</summary>
    internal async Task<IReadOnlyList<NameRecord>> ListKnownAsync(string word, CancellationToken cancellationToken) =>
        _project.Workspace.Repository.IsLocal || IsName(word) ? await ListRecordsAsync(cancellationToken) : [];

    /// <summary>The names of what is to be deleted.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="checkpointId">One of its checkpoints; null for all.</param>
    /// <param name="force">Whether what has names may be deleted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">It has names, and may not (<c>CheckpointNamed</c>).</exception>
    internal async Task<IReadOnlyList<NameRecord>> OfAsync(
        Experiment experiment, string? checkpointId, bool force, CancellationToken cancellationToken)
    {
        var named = Of(await ListRecordsAsync(cancellationToken), experiment, checkpointId);
        return force ? named : RequireNone(named, experiment, checkpointId);
    }

    /// <summary>Refuses, before anything is deleted, what has names.</summary>
    /// <exception cref="ReplicateException">Some of it has names (<c>CheckpointNamed</c>).</exception>
    internal async Task RequireNoneAsync(IEnumerable<Match> deleted, CancellationToken cancellationToken)
    {
        var records = await ListRecordsAsync(cancellationToken);
        foreach (var (experiment, checkpoint) in deleted)
        {
            RequireNone(Of(records, experiment, checkpoint?.Id), experiment, checkpoint?.Id);
        }
    }

    private static NameRecord[] Of(IEnumerable<NameRecord> records, Experiment experiment, string? checkpointId) =>
        [.. records.Where(record => record.ExperimentId == experiment.Id && (checkpointId is null || record.CheckpointId == checkpointId))];

    private static NameRecord[] RequireNone(NameRecord[] named, Experiment experiment, string? checkpointId) =>
        named.Length == 0 ? named : throw new ReplicateException(
            ErrorKind.Conflict, ErrorIds.CheckpointNamed,
            checkpointId is null
                ? $"A checkpoint of experiment {experiment.ShortId} has a name: {Listed(named)}."
                : $"The checkpoint {ShortIds.Of(checkpointId)} has a name: {Listed(named)}.",
            "Take the name off first, or force the deletion (-Force, --force), which takes it off, too.");

    /// <summary>Takes names off what was deleted, where they were not moved meanwhile.</summary>
    internal async Task TakeOffAsync(IReadOnlyList<NameRecord> named, CancellationToken cancellationToken)
    {
        foreach (var record in named)
        {
            await _project.Workspace.Repository.Names.ChangeAsync(
                record.Name,
                before => before is null ? record with { CheckpointId = "", ExperimentId = "", IsProtected = false }
                    : before.CheckpointId != record.CheckpointId ? before
                    : With(before with { ExperimentId = "", CheckpointId = "", IsProtected = false }, record.CheckpointId, "The checkpoint was deleted."),
                cancellationToken);
        }
    }

    private async Task<NameRecord?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await _project.Workspace.Repository.Names.ReadAsync(name, cancellationToken) is { IsSet: true } record ? record : null;

    /// <summary>The experiment of a checkpoint, which its repository has from now on, too; else it would be a name of nothing.</summary>
    private async Task<Experiment> RequireInRepositoryAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        var id = checkpoint.Experiment.Id;
        if (await _project.Workspace.Uploader.HasPendingAsync(id, cancellationToken))
        {
            await _project.Workspace.SyncAsync(null, waiting => waiting == id, cancellationToken);
        }

        return await TryGetExperimentAsync(id, cancellationToken) is { } experiment && experiment.Checkpoints.WithIdPrefix(checkpoint.Id).Any()
            ? experiment
            : throw IdLookup.NotFound(checkpoint.Id, "checkpoint");
    }

    private async Task<Experiment?> TryGetExperimentAsync(string id, CancellationToken cancellationToken) =>
        PackedId.TryPack(id) is not null
            ? await _project.Experiments.TryGetAsync(id, cancellationToken)
            : (await _project.Experiments.ListWithIdAsync(id, cancellationToken)).FirstOrDefault(experiment => experiment.Id == id);

    private static void RequireMovable(NameRecord? before, bool force)
    {
        if (before is { IsSet: true, IsProtected: true } && !force)
        {
            throw new ReplicateException(
                ErrorKind.Conflict, "NameProtected", $"The name '{before.Name}' of checkpoint {ShortIds.Of(before.CheckpointId)} is protected.",
                "Force it (-Force, --force), where the name is meant to go.");
        }
    }

    private static NameRecord With(NameRecord record, string before, string why) => record with
    {
        History =
        [
            .. record.History.TakeLast(NameFormat.MaxHistory - 1),
            new NameChange(Timestamp.Now) { Who = $"{Recorder.Person}@{Environment.MachineName}", Why = why, Before = before, After = record.CheckpointId },
        ],
    };

    private static string Masked(string reason)
    {
        if (reason.Length > NameFormat.MaxReason)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "ReasonTooLong", $"The reason has {reason.Length} characters, and may have {NameFormat.MaxReason}.",
                "Say it in fewer words, or write the rest into the note of the experiment.");
        }

        using var mask = new Masking();
        var masked = mask.Of(reason);
        return masked.Length > NameFormat.MaxReason ? masked[..NameFormat.MaxReason] : masked;
    }

    private static void Require(string name)
    {
        if (Problem(name) is { } problem)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidName", $"'{name}' cannot be the name of a checkpoint: {problem}.",
                "Give a letter, then letters, digits, '-', '_' and '.', such as production or iris-2026.11.");
        }
    }

    private static string? Problem(string? name) =>
        string.IsNullOrEmpty(name) ? "it is empty"
        : name.Length > MaxLength ? $"it has more than {MaxLength} characters"
        : !char.IsAsciiLetter(name[0]) ? "it does not begin with a letter"
        : name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) ? "it has other characters than letters, digits, '-', '_' and '.'"
        : name[^1] == '.' ? "it ends with a dot"
        : name.All(char.IsAsciiHexDigit) ? "it could be the beginning of an id"
        : TargetFileSystem.IsDevice(name) ? "Windows keeps it for a device"
        : null;

    private static string Listed(IEnumerable<NameRecord> named) => string.Join(", ", named.Select(record => $"'{record.Name}'"));

    private static ReplicateException NotFound(string? name) => new(
        ErrorKind.NotFound, "NameNotFound", $"No checkpoint has the name '{name}'.", "List the names of the repository.");
}
