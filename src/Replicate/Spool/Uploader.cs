using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Replicate.Format;
using Replicate.Runs;
using Replicate.Stores;

namespace Replicate.Spool;

/// <summary>
/// Sends what waits in a spool to its repository: tarballs several at a time, then the heartbeat, then the metadata, so that
/// nothing is listed whose data isn't there. Only one process sends at a time; sending again changes nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class Uploader
{
    private const int ParallelExperiments = 4;
    private const int ParallelArchives = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<(string Directory, string Url), Uploader> Uploaders = new();

    private readonly Repository _repository;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DirectoryLock _processes;
    private readonly ConcurrentDictionary<string, byte> _beating = new();
    private int _isWorking;

    static Uploader() => AppDomain.CurrentDomain.ProcessExit += (_, _) => FinishBeforeExit();

    private Uploader(SpoolDirectory spool, Repository repository)
    {
        Spool = spool;
        _repository = repository;
        _processes = new DirectoryLock(Path.Combine(spool.Path, "sending")) { Patience = TimeSpan.FromHours(1) };
    }

    /// <summary>What it sends from.</summary>
    internal SpoolDirectory Spool { get; }

    /// <summary>The one of this process for a spool and the repository it is for.</summary>
    internal static Uploader For(string directory, Repository repository) =>
        Uploaders.GetOrAdd((directory, repository.Url), _ => new Uploader(new SpoolDirectory(directory), repository));

    /// <summary>Lets an experiment's heartbeat begin as soon as the repository has what comes before it.</summary>
    internal void Beat(string experimentId) => _beating[experimentId] = 0;

    /// <summary>The heartbeat of an experiment that this process runs and whose first one isn't sent yet; otherwise null.</summary>
    internal Heartbeat? HeartbeatOf(string experimentId) =>
        _beating.ContainsKey(experimentId) ? new Heartbeat(experimentId, Timestamp.Now, Beater: null) : null;

    /// <summary>Gives up what waits and is to be deleted.</summary>
    internal async Task ForgetAsync(Func<Operation, bool> isDeleted, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var operations = await Spool.ReadAsync(cancellationToken);
            await Spool.RemoveAsync(operations.Where(isDeleted), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends a heartbeat that may not have begun.</summary>
    internal Task EndBeatAsync(string experimentId)
    {
        _beating.TryRemove(experimentId, out _);
        return HeartbeatPump.StopAsync(_repository, experimentId);
    }

    /// <summary>Sends in the background until nothing waits, however long the repository does not answer.</summary>
    internal void Start()
    {
        if (Interlocked.Exchange(ref _isWorking, 1) == 1)
        {
            return;
        }

        // The work outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WorkAsync);
        }
    }

    /// <summary>Sends all that waits.</summary>
    /// <param name="progress">Told how many of the waiting operations are sent.</param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <returns>How many operations were sent.</returns>
    /// <exception cref="ReplicateException">The repository refuses or does not answer.</exception>
    internal async Task<int> SendAsync(IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var sent = 0;
            while (await Spool.ReadAsync(cancellationToken) is { Count: > 0 } operations)
            {
                Directory.CreateDirectory(Path.Combine(Spool.Path, "sending"));
                using var alone = await _processes.AcquireAsync(cancellationToken);

                // Another process may have sent some while this one waited for its turn.
                operations = await Spool.ReadAsync(cancellationToken);
                var total = sent + operations.Count;
                await _repository.PrepareForWritingAsync(cancellationToken);
                var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelExperiments, CancellationToken = cancellationToken };
                await Parallel.ForEachAsync(operations.GroupBy(operation => operation.ExperimentId), options, async (group, token) =>
                {
                    await SendAsync(group.Key, [.. group], token);
                    var done = Interlocked.Add(ref sent, group.Count());
                    progress?.Report(new Progress("Sending what waits", done, total, ProgressUnit.Items));
                });
            }

            await BeginBeatsAsync(_beating.Keys, cancellationToken);
            return sent;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SendAsync(string experimentId, IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelArchives, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(operations.Select(operation => operation.ArchiveKey).OfType<string>(), options, async (key, token) =>
        {
            if (await Spool.ArchiveContentAsync(key, token) is { } content)
            {
                await _repository.WriteArchiveAsync(key, content, token);
            }
        });
        try
        {
            var isEnded = operations.Any(operation => operation.Kind == OperationKind.Stop);
            if (operations[0].Kind == OperationKind.Create)
            {
                if (!isEnded)
                {
                    await BeginBeatsAsync([experimentId], cancellationToken);
                }

                await _repository.AddExperimentAsync(operations[0].Metadata, cancellationToken);
            }

            if (operations.Any(operation => operation.Kind != OperationKind.Create))
            {
                await _repository.UpdateExperimentAsync(
                    experimentId, (current, document) => Apply(operations, current, document), cancellationToken);
            }

            if (isEnded)
            {
                await _repository.DeleteAsync([RepositoryKeys.Heartbeat(experimentId)], cancellationToken);
            }

            await Spool.RemoveAsync(operations, cancellationToken);
        }
        catch (ReplicateException exception) when (exception.Id is "ExperimentDeleted" or "MetadataDamaged")
        {
            Notices.Warn(
                $"What was recorded for experiment {experimentId} cannot be sent and is put aside in '{Spool.Path}': {exception.Message}");
            await Spool.RejectAsync(operations, cancellationToken);
        }
    }

    private static void Apply(IReadOnlyList<Operation> operations, ExperimentMetadata current, MetadataDocument document)
    {
        var present = current.Checkpoints.Select(checkpoint => checkpoint.Id).ToHashSet();
        foreach (var operation in operations)
        {
            if (operation.Checkpoint is { } checkpoint && present.Add(checkpoint.Id))
            {
                document.AddCheckpoint(checkpoint);
            }
            else if (operation is { Kind: OperationKind.Stop, Metadata.Extension: { } end })
            {
                document.ChangeExtension(extension => extension.EndedAs(end));
            }
        }
    }

    private async Task BeginBeatsAsync(IEnumerable<string> experimentIds, CancellationToken cancellationToken)
    {
        foreach (var id in experimentIds)
        {
            if (_beating.TryRemove(id, out _))
            {
                await HeartbeatPump.StartAsync(_repository, id, cancellationToken);
            }
        }
    }

    private async Task WorkAsync()
    {
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            try
            {
                await SendAsync(null, CancellationToken.None);
                Volatile.Write(ref _isWorking, 0);

                // What came while the flag was still up has nobody else to send it.
                if ((await Spool.ReadAsync(CancellationToken.None)).Count == 0 || Interlocked.Exchange(ref _isWorking, 1) == 1)
                {
                    return;
                }

                pause = TimeSpan.Zero;
            }
            catch (ReplicateException exception) when (exception.Kind is ErrorKind.Unavailable or ErrorKind.Conflict)
            {
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()));
            }
            catch (ReplicateException)
            {
                // A refusal does not go away by itself: whoever stops or synchronizes next is told.
                Volatile.Write(ref _isWorking, 0);
                return;
            }
        }
    }

    /// <summary>The agents of a pipeline are wiped, and the spool with them: there the process waits until all is sent.</summary>
    private static void FinishBeforeExit()
    {
        if (Pipeline.Current is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        try
        {
            Task.WhenAll(Uploaders.Values.Select(uploader => uploader.SendAsync(null, patience.Token))).Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // Nobody is left to be told; Stop has told it where it was called.
        }
    }
}
