using System.Collections.Concurrent;
using System.Diagnostics;
using Replicate.Metadata;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>
/// Adds what is recorded to a spool, and sends what waits in it to its repository, several experiments at a time. Of an experiment
/// only one sends at a time, of all processes and of the commands of this one; sending again changes nothing.
/// </summary>
internal sealed class Uploader
{
    private const int ParallelExperiments = 4;

    private readonly Repository _repository;
    private readonly SendingLeases _leases;
    private readonly OwnExperiments _own;
    private readonly CopyArchiver _archiver;
    private readonly OperationSender _sender;
    private readonly BackgroundSending _background;
    private volatile bool _hasAdded;

    /// <summary>Sends from a spool; there is one for each in a process, see <see cref="Uploaders"/>.</summary>
    internal Uploader(SpoolDirectory spool, Repository repository, ProcessLifetime lifetime)
    {
        Spool = spool;
        _repository = repository;
        _leases = new SendingLeases(Path.Combine(spool.Path, "sending"));
        _own = new OwnExperiments(repository, lifetime.Heartbeats);
        _archiver = new CopyArchiver(spool, repository);
        _sender = new OperationSender(spool, repository, _archiver, _own, lifetime.Journals);
        _background = new BackgroundSending(this, repository.IsLocal);
    }

    /// <summary>What it sends from.</summary>
    internal SpoolDirectory Spool { get; }

    /// <summary>Whether this process added to it, and the repository lies on the disk.</summary>
    internal bool HasAddedToDisk => _hasAdded && _repository.IsLocal;

    /// <summary>Adds an experiment, its files saved already, and sends it in the background.</summary>
    internal async Task<ExperimentSnapshot> AddExperimentAsync(
        ExperimentMetadata metadata, bool beat, CancellationToken cancellationToken)
    {
        _own.Create(metadata.Id);
        _hasAdded = true;
        try
        {
            await Spool.AddAsync(OperationKind.Create, metadata, cancellationToken);
        }
        catch
        {
            _own.EndCreating(metadata.Id);
            throw;
        }

        if (beat)
        {
            _own.Beat(metadata.Id);
        }

        Start();
        return ExperimentSnapshot.Of(metadata, beat ? new Heartbeat(metadata.Id, Timestamp.Now, null) : null, isPending: true);
    }

    /// <summary>Adds checkpoints, their files saved already, and sends them in the background.</summary>
    internal async Task AddCheckpointsAsync(
        ExperimentMetadata experiment, IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken)
    {
        _hasAdded = true;
        await Spool.AddCheckpointsAsync(experiment.Id, checkpoints, cancellationToken);
        if (experiment.IsBeatenForByWhoAdds)
        {
            _own.Beat(experiment.Id);
        }

        Start();
    }

    /// <summary>Adds the end of an experiment, which is sent by whoever sends next.</summary>
    /// <returns>What the experiment will be.</returns>
    internal async Task<ExperimentMetadata> AddEndAsync(ExperimentMetadata experiment, ExperimentExtension end, CancellationToken cancellationToken)
    {
        var entry = new ExperimentMetadata { Id = experiment.Id, Created = end.Ended!.Value, Version = Release.Version, Extension = end };
        await Spool.AddAsync(OperationKind.Stop, entry, cancellationToken);
        return PendingView.Apply(experiment, new Operation("", OperationKind.Stop, experiment.Id, entry, null));
    }

    /// <summary>Whether this process created an experiment that the repository doesn't have yet.</summary>
    internal bool IsCreating(string experimentId) => _own.IsCreating(experimentId);

    /// <summary>Whether something of an experiment waits.</summary>
    internal async Task<bool> HasPendingAsync(string experimentId, CancellationToken cancellationToken) =>
        (await Spool.ReadAsync(cancellationToken)).Any(operation => operation.ExperimentId == experimentId);

    /// <summary>Archives now what waits to be archived; where nothing does, nothing is done.</summary>
    internal Task ArchiveAsync(string id, string key, CancellationToken cancellationToken) =>
        _archiver.ArchiveAsync(id, key, null, cancellationToken);

    /// <summary>The heartbeat of an experiment that this process runs and whose first one isn't sent yet; otherwise null.</summary>
    internal Heartbeat? HeartbeatOf(string experimentId) => _own.HeartbeatOf(experimentId);

    /// <summary>Gives up what waits and is to be deleted; no process is about to send it when this returns.</summary>
    internal async Task ForgetAsync(Func<Operation, bool> isDeleted, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Spool.Path))
        {
            return;
        }

        // One after the other: an experiment alone is forgotten.
        foreach (var id in (await Spool.ReadAsync(cancellationToken)).Where(isDeleted).Select(operation => operation.ExperimentId).Distinct())
        {
            using var lease = await _leases.TakeAsync(id, cancellationToken);
            await Spool.ForgetAsync(operation => operation.ExperimentId == id && isDeleted(operation), cancellationToken);
        }
    }

    /// <summary>Ends a heartbeat that may not have begun.</summary>
    internal Task EndBeatAsync(string experimentId) => _own.EndBeatAsync(experimentId);

    /// <summary>Sends in the background until nothing waits, however long the repository does not answer.</summary>
    internal void Start() => _background.Start();

    /// <summary>Sends what waits of some experiments, and returns when all of that is sent, by whomever. The rest is sent in the background.</summary>
    /// <param name="progress">Told how many of the waiting operations are sent.</param>
    /// <param name="isNeeded">Whether an experiment is one of those.</param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <returns>How many operations were sent.</returns>
    /// <exception cref="ReplicateException">
    /// The repository refuses or does not answer, or another process sends what is needed, for too long (<c>SentElsewhere</c>).
    /// </exception>
    internal async Task<int> SendAsync(IProgress<Progress>? progress, Predicate<string> isNeeded, CancellationToken cancellationToken)
    {
        var (waiting, isTold) = (new Stopwatch(), false);
        var (sent, isRestLeft) = await SendUntilAsync(progress, isNeeded, WaitAsync, cancellationToken);
        if (isRestLeft)
        {
            Start();
        }

        return sent;

        async Task<bool> WaitAsync(IReadOnlyCollection<Elsewhere> elsewhere)
        {
            var (id, own) = elsewhere.First();
            waiting.Start();
            if (own is not null)
            {
                progress?.Report(new Progress("Sending what waits", 0, elsewhere.Count, ProgressUnit.Items));
            }

            isTold = own is null
                ? await _leases.WaitAsync(id, waiting.Elapsed, isTold, cancellationToken)
                : await _leases.WaitForOwnAsync(id, own, waiting.Elapsed, isTold || progress is not null, cancellationToken);
            waiting.Stop();
            return true;
        }
    }

    /// <summary>Sends what waits and nobody is sending, and waits for nobody.</summary>
    /// <inheritdoc cref="SendAsync"/>
    internal async Task<int> SendFreeAsync(IProgress<Progress>? progress, CancellationToken cancellationToken) =>
        (await SendUntilAsync(progress, _ => true, _ => Task.FromResult(false), cancellationToken)).Sent;

    /// <summary>Sends what waits and no other process is sending, and waits for what this one is sending already.</summary>
    /// <inheritdoc cref="SendAsync"/>
    internal Task FinishAsync(CancellationToken cancellationToken) => SendUntilAsync(null, _ => true, async elsewhere =>
    {
        Task[] own = [.. elsewhere.Select(sending => sending.Own).OfType<Task>()];
        if (own.Length > 0)
        {
            await Task.WhenAny(own).WaitAsync(cancellationToken);
        }

        return own.Length > 0;
    }, cancellationToken);

    /// <summary>Sends what waits, is due and nobody is sending, once.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether some of it is being sent by others, and the experiments that are not due.</returns>
    internal async Task<(bool IsElsewhere, IReadOnlyCollection<string> NotDue)> SendDueAsync(CancellationToken cancellationToken)
    {
        var notDue = new ConcurrentBag<string>();
        var operations = await Spool.ReadAsync(cancellationToken);
        var (_, elsewhere) = await SendOnceAsync(operations, IsDue, null, 0, cancellationToken);
        await _own.BeginBeatsAsync(cancellationToken);
        return (elsewhere.Count > 0, notDue);

        bool IsDue(string id)
        {
            if (_background.DueIn(id) <= TimeSpan.Zero)
            {
                return true;
            }

            notDue.Add(id);
            return false;
        }
    }

    /// <summary>Sends until nothing waits of some experiments.</summary>
    /// <param name="progress">Told how many operations are sent.</param>
    /// <param name="isWanted">Whether an experiment is one of them.</param>
    /// <param name="wait">Asked where all that waits is being sent by others: waits a moment for them, or says that nobody does.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many operations were sent, and whether others wait.</returns>
    private async Task<(int Sent, bool IsRestLeft)> SendUntilAsync(
        IProgress<Progress>? progress, Predicate<string> isWanted, Func<IReadOnlyCollection<Elsewhere>, Task<bool>> wait,
        CancellationToken cancellationToken)
    {
        var (sent, isOver) = (0, false);
        var operations = await Spool.ReadAsync(cancellationToken);
        while (!isOver && operations.Any(operation => isWanted(operation.ExperimentId)))
        {
            var (count, elsewhere) = await SendOnceAsync(operations, isWanted, progress, sent, cancellationToken);
            sent += count;
            isOver = count == 0 && !await wait(elsewhere);
            operations = await Spool.ReadAsync(cancellationToken);
        }

        await _own.BeginBeatsAsync(cancellationToken);
        return (sent, operations.Count > 0);
    }

    private async Task<(int Sent, IReadOnlyCollection<Elsewhere> Elsewhere)> SendOnceAsync(
        IReadOnlyList<Operation> operations, Predicate<string> isWanted, IProgress<Progress>? progress, int before,
        CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
        {
            return (0, []);
        }

        var sent = 0;
        var elsewhere = new ConcurrentBag<Elsewhere>();
        var damaged = new ConcurrentBag<ReplicateException>();
        await Spool.DropOldCopiesAsync(operations);
        var groups = operations.GroupBy(operation => operation.ExperimentId).Where(group => isWanted(group.Key)).ToArray();
        if (groups.Length > 0)
        {
            await _repository.PrepareForWritingAsync(cancellationToken);
        }

        var total = before + groups.Sum(group => group.Count());
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelExperiments, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(groups, options, async (group, token) =>
        {
            using var lease = _leases.TryTake(group.Key, out var own);
            if (lease is null)
            {
                elsewhere.Add(new(group.Key, own));
                return;
            }

            // Another may have sent some before this one had the lease, and it may not be due any more.
            if (!isWanted(group.Key))
            {
                return;
            }

            try
            {
                if (await Spool.TakeAsync(group.Key, [.. group], token) is { Count: > 0 } taken)
                {
                    await _sender.SendAsync(group.Key, taken, lease, progress, token);
                    _background.NoteSent(group.Key);
                }
            }
            catch (ReplicateException error) when (error.Id == ErrorIds.JournalDamaged)
            {
                // It is the matter of this experiment alone.
                damaged.Add(error);
                return;
            }

            var done = before + Interlocked.Add(ref sent, group.Count());
            progress?.Report(new Progress("Sending what waits", done, total, ProgressUnit.Items));
        });
        return damaged.TryPeek(out var first) ? throw first : (sent, elsewhere);
    }

    /// <summary>An experiment that is being sent already.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Own">Where this process sends it, what completes with that; otherwise null.</param>
    private readonly record struct Elsewhere(string Id, Task? Own);
}
