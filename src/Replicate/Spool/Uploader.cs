using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Replicate.Format;
using Replicate.Runs;
using Replicate.Stores;

namespace Replicate.Spool;

/// <summary>
/// Sends what waits in a spool to its repository: tarballs several at a time, then the heartbeat, then the metadata, so that
/// nothing is listed whose data isn't there. What is still to be archived is archived first: in the spool for a remote
/// repository, in its place for one on the disk. Only one process sends at a time; sending again changes nothing.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class Uploader
{
    private const int ParallelExperiments = 4;
    private const int ParallelArchives = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PipelineExitPatience = TimeSpan.FromMinutes(10);

    /// <summary>How often the metadata of a remote repository is rewritten while a run goes on.</summary>
    private static readonly TimeSpan SendInterval = TimeSpan.FromSeconds(5);

    private static readonly ConcurrentDictionary<(string Directory, string Url), Uploader> Uploaders = new();

    private readonly Repository _repository;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DirectoryLock _processes;
    private readonly SemaphoreSlim _archiving = new(1, 1);
    private readonly ConcurrentDictionary<string, byte> _beating = new();
    private readonly ConcurrentDictionary<string, byte> _creating = new();
    private readonly bool _isRemote;
    private long _lastSent = long.MinValue;
    private volatile bool _hasAdded;
    private int _isWorking;

    static Uploader() => AppDomain.CurrentDomain.ProcessExit += (_, _) => FinishBeforeExit();

    private Uploader(SpoolDirectory spool, Repository repository)
    {
        Spool = spool;
        _repository = repository;
        _isRemote = repository.Journal is null;
        _processes = new DirectoryLock(Path.Combine(spool.Path, "sending")) { Patience = TimeSpan.FromHours(1) };
    }

    /// <summary>What it sends from.</summary>
    internal SpoolDirectory Spool { get; }

    /// <summary>The one of this process for a spool and the repository it is for.</summary>
    internal static Uploader For(string directory, Repository repository) =>
        Uploaders.GetOrAdd((directory, repository.Url), _ => new Uploader(new SpoolDirectory(directory), repository));

    /// <summary>Adds an experiment, its files saved already, and sends it in the background.</summary>
    internal async Task<Experiment> AddExperimentAsync(
        Project project, ExperimentMetadata metadata, bool beat, CancellationToken cancellationToken)
    {
        _creating[metadata.Id] = 0;
        _hasAdded = true;
        try
        {
            await Spool.AddAsync(OperationKind.Create, metadata, cancellationToken);
        }
        catch
        {
            _creating.TryRemove(metadata.Id, out _);
            throw;
        }

        if (beat)
        {
            _beating[metadata.Id] = 0;
        }

        Start();
        return new Experiment(
            project, metadata, beat ? new Heartbeat(metadata.Id, Timestamp.Now, null) : null, isPending: true);
    }

    /// <summary>Adds checkpoints, their files saved already, and sends them in the background.</summary>
    internal async Task AddCheckpointsAsync(
        ExperimentMetadata experiment, IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken)
    {
        _hasAdded = true;
        await Spool.AddCheckpointsAsync(experiment.Id, checkpoints, cancellationToken);
        if (experiment.IsBeatenForByWhoAdds)
        {
            _beating[experiment.Id] = 0;
        }

        Start();
    }

    /// <summary>Whether this process created an experiment that the repository doesn't have yet.</summary>
    internal bool IsCreating(string experimentId) => _creating.ContainsKey(experimentId);

    /// <summary>Whether something of an experiment waits.</summary>
    internal async Task<bool> HasPendingAsync(string experimentId, CancellationToken cancellationToken) =>
        (await Spool.ReadAsync(cancellationToken)).Any(operation => operation.ExperimentId == experimentId);

    /// <summary>Archives now what waits to be archived; where nothing does, nothing is done.</summary>
    internal Task ArchiveAsync(string id, string key, CancellationToken cancellationToken) => ArchiveAsync(id, key, null, cancellationToken);

    /// <summary>The heartbeat of an experiment that this process runs and whose first one isn't sent yet; otherwise null.</summary>
    internal Heartbeat? HeartbeatOf(string experimentId) =>
        _beating.ContainsKey(experimentId) ? new Heartbeat(experimentId, Timestamp.Now, Beater: null) : null;

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
            using var alone = await AcquireAsync(cancellationToken);
            await Spool.ForgetAsync(isDeleted, cancellationToken);
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
                using var alone = await AcquireAsync(cancellationToken);

                // Another process may have sent some while this one waited for its turn.
                operations = await Spool.TakeAsync(cancellationToken);
                await Spool.DropOldCopiesAsync(operations);
                var total = sent + operations.Count;
                await _repository.PrepareForWritingAsync(cancellationToken);
                var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelExperiments, CancellationToken = cancellationToken };
                await Parallel.ForEachAsync(operations.GroupBy(operation => operation.ExperimentId), options, async (group, token) =>
                {
                    await SendAsync(group.Key, [.. group], progress, token);
                    var done = Interlocked.Add(ref sent, group.Count());
                    progress?.Report(new Progress("Sending what waits", done, total, ProgressUnit.Items));
                });
            }

            await BeginBeatsAsync(_beating.Keys, cancellationToken);
            return sent;
        }
        finally
        {
            Volatile.Write(ref _lastSent, Environment.TickCount64);
            _turn.Release();
        }
    }

    /// <summary>Waits until no other process sends.</summary>
    private Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(Spool.Path, "sending"));
        return _processes.AcquireAsync(cancellationToken);
    }

    private async Task SendAsync(
        string experimentId, IReadOnlyList<Operation> operations, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelArchives, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(operations.Where(operation => operation.ArchiveId is not null), options, async (operation, token) =>
            {
                var key = operation.ArchiveKey!;
                await ArchiveAsync(operation.ArchiveId!, key, progress, token);
                if (await Spool.ArchiveContentAsync(key, token) is { } content)
                {
                    await _repository.WriteArchiveAsync(key, content, token);
                }
            });
            operations = [.. operations.Select(Spool.WithSha256)];
            var isEnded = operations.Any(operation => operation.Kind == OperationKind.Stop);
            if (operations[0].Kind == OperationKind.Create)
            {
                if (!isEnded)
                {
                    await BeginBeatsAsync([experimentId], cancellationToken);
                }

                await _repository.AddExperimentAsync(operations[0].Metadata!, cancellationToken);
            }

            if (operations.Any(operation => operation.Kind != OperationKind.Create))
            {
                await ApplyAsync(experimentId, operations, cancellationToken);
            }

            if (isEnded)
            {
                await _repository.DeleteAsync([RepositoryKeys.Heartbeat(experimentId)], cancellationToken);
            }

            _creating.TryRemove(experimentId, out _);
            await Spool.RemoveAsync([.. operations], cancellationToken);
        }
        catch (ReplicateException exception) when (exception.Id is "ExperimentDeleted" or "MetadataDamaged" or "CopiesDamaged")
        {
            Notices.Warn(
                $"What was recorded for experiment {experimentId} cannot be sent and is put aside in '{Spool.Path}': {exception.Message}");
            _creating.TryRemove(experimentId, out _);
            await Spool.RejectAsync(operations, cancellationToken);
        }
    }

    /// <summary>Archives the files of an id that are only copied yet; one at a time, because that takes all cores.</summary>
    private async Task ArchiveAsync(string id, string key, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        if (!Spool.HasCopies(id))
        {
            return;
        }

        await _archiving.WaitAsync(cancellationToken);
        try
        {
            if (Spool.FindCopies(id, progress) is { } files)
            {
                await (_isRemote
                    ? Spool.AddArchiveAsync(key, files.ToArchive(), cancellationToken)
                    : _repository.WriteArchiveAsync(key, files.ToArchive(), cancellationToken));
                await Spool.DropArchivedAsync(files);
            }
        }
        catch (ReplicateException error) when (error.Id is "FileChanged" or "FileUnreadable" && !Spool.HasCopies(id))
        {
            // Another process was faster.
        }
        finally
        {
            _archiving.Release();
        }
    }

    private async Task ApplyAsync(string experimentId, IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var added = operations.Select(operation => operation.Checkpoint).OfType<Checkpoint>().ToArray();
        if (!_isRemote && added.Length > 0)
        {
            // What is there already is passed over by whoever reads the line.
            await CheckpointJournal.For(_repository, experimentId).AddAsync(_ => added, cancellationToken);
        }

        var ends = operations.Where(operation => operation.Kind == OperationKind.Stop).Select(operation => operation.Metadata!.Extension!).ToArray();
        if (_isRemote || ends.Length > 0)
        {
            await _repository.UpdateExperimentAsync(
                experimentId,
                document =>
                {
                    var present = document.CheckpointIds();
                    document.AddCheckpoints([.. added.Where(checkpoint => present.Add(checkpoint.Id))]);
                    Array.ForEach(ends, end => document.ChangeExtension(extension => extension.EndedAs(end)));
                },
                cancellationToken);
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
                // Many checkpoints together are one rewrite.
                var due = _isRemote && Volatile.Read(ref _lastSent) is var last && last != long.MinValue
                    ? last + (long)SendInterval.TotalMilliseconds - Environment.TickCount64
                    : 0;
                if (due > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(due));
                }

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

    /// <summary>
    /// The agents of a pipeline are wiped, and the spool with them: there the process waits until all is sent. Elsewhere it
    /// waits a little for what it has to archive on the disk. What is left waits for the next command.
    /// </summary>
    private static void FinishBeforeExit()
    {
        var isPipeline = Pipeline.Current is not null;
        var unfinished = Uploaders.Values.Where(uploader => isPipeline || (uploader._hasAdded && !uploader._isRemote)).ToArray();
        if (unfinished.Length == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(isPipeline ? PipelineExitPatience : ExitPatience);
        try
        {
            Task.WhenAll(unfinished.Select(uploader => uploader.SendAsync(null, patience.Token))).Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // Nobody is left to be told; Stop has told it where it was called.
        }

        CheckpointJournal.FoldAllAsync().Wait(ExitPatience);
    }
}
