using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Replicate.Metadata;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>
/// Adds what is recorded to a spool, and sends what waits in it to its repository, several experiments at a time. Of an experiment
/// only one process sends at a time; sending again changes nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class Uploader
{
    private const int ParallelExperiments = 4;

    private readonly Repository _repository;
    private readonly SemaphoreSlim _turn = new(1, 1);
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
        _background = new BackgroundSending(this, isRemote: repository.Journal is null);
    }

    /// <summary>What it sends from.</summary>
    internal SpoolDirectory Spool { get; }

    /// <summary>Whether this process added to it, and the repository lies on the disk.</summary>
    internal bool HasAddedToDisk => _hasAdded && _repository.Journal is not null;

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

        await _turn.WaitAsync(cancellationToken);
        try
        {
            // One after the other: an experiment alone is forgotten.
            foreach (var id in (await Spool.ReadAsync(cancellationToken)).Where(isDeleted).Select(operation => operation.ExperimentId).Distinct())
            {
                using var lease = await _leases.TakeAsync(id, cancellationToken);
                await Spool.ForgetAsync(operation => operation.ExperimentId == id && isDeleted(operation), cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends a heartbeat that may not have begun.</summary>
    internal Task EndBeatAsync(string experimentId) => _own.EndBeatAsync(experimentId);

    /// <summary>Sends in the background until nothing waits, however long the repository does not answer.</summary>
    internal void Start() => _background.Start();

    /// <summary>Sends what waits and no other process is sending.</summary>
    /// <param name="progress">Told how many of the waiting operations are sent.</param>
    /// <param name="isNeeded">
    /// For which experiments to wait until all of them is sent, by whomever; the sending of others is waited for by nobody.
    /// </param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <returns>How many operations were sent.</returns>
    /// <exception cref="ReplicateException">
    /// The repository refuses or does not answer, or another process sends what is needed, for too long (<c>SentElsewhere</c>).
    /// </exception>
    internal async Task<int> SendAsync(IProgress<Progress>? progress, Predicate<string> isNeeded, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return (await SendInTurnAsync(progress, isNeeded, cancellationToken)).Sent;
        }
        finally
        {
            _background.NoteSent();
            _turn.Release();
        }
    }

    /// <summary>The same for nobody who waits.</summary>
    /// <param name="isDue">Asked when it is this one's turn in the process: whether there is anything to do still.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether other processes are sending some of it.</returns>
    internal async Task<bool> SendAsync(Func<bool> isDue, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!isDue())
            {
                return false;
            }

            var (sent, isLeft) = await SendInTurnAsync(null, _ => false, cancellationToken);
            if (sent > 0)
            {
                _background.NoteSent();
            }

            return isLeft;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(int Sent, bool IsLeft)> SendInTurnAsync(
        IProgress<Progress>? progress, Predicate<string> isNeeded, CancellationToken cancellationToken)
    {
        var (sent, isLeft, isTold) = (0, false, false);
        var waiting = Stopwatch.StartNew();
        while (await Spool.ReadAsync(cancellationToken) is { Count: > 0 } operations)
        {
            var elsewhere = new ConcurrentBag<string>();
            var before = sent;
            var total = sent + operations.Count;
            await Spool.DropOldCopiesAsync(operations);
            await _repository.PrepareForWritingAsync(cancellationToken);
            var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelExperiments, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(operations.GroupBy(operation => operation.ExperimentId), options, async (group, token) =>
            {
                using var lease = _leases.TryTake(group.Key);
                if (lease is null)
                {
                    elsewhere.Add(group.Key);
                    return;
                }

                // Another process may have sent some before this one had the lease.
                if (await Spool.TakeAsync(group.Key, [.. group], token) is { Count: > 0 } taken)
                {
                    await _sender.SendAsync(group.Key, taken, lease, progress, token);
                }

                var done = Interlocked.Add(ref sent, group.Count());
                progress?.Report(new Progress("Sending what waits", done, total, ProgressUnit.Items));
            });
            isLeft = !elsewhere.IsEmpty;
            if (elsewhere.FirstOrDefault(id => isNeeded(id)) is { } needed)
            {
                isTold = await _leases.WaitAsync(needed, waiting.Elapsed, isTold, cancellationToken);
            }
            else if (isLeft && sent == before)
            {
                break;
            }
        }

        await _own.BeginBeatsAsync(cancellationToken);
        return (sent, isLeft);
    }
}
