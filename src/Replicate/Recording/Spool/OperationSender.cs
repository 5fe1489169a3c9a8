using System.Collections.Concurrent;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// Sends what waits of one experiment: tarballs several at a time, then the heartbeat, then the metadata, so that nothing is
/// listed whose data isn't there.
/// </summary>
internal sealed class OperationSender(
    SpoolDirectory spool, Repository repository, CopyArchiver archiver, OwnExperiments own, CheckpointJournals journals)
{
    private const int ParallelArchives = 4;

    /// <summary>Sends operations of one experiment and removes them; what can never be sent is put aside with a warning.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="operations">What waits of it, in order.</param>
    /// <param name="lease">The right to do so.</param>
    /// <param name="progress">Told how much is archived.</param>
    /// <param name="cancellationToken">Ends the work; what isn't sent goes on waiting.</param>
    /// <exception cref="ReplicateException">The repository refuses or does not answer.</exception>
    internal async Task SendAsync(
        string experimentId, IReadOnlyList<Operation> operations, SendingLease lease, IProgress<Progress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            var lost = new ConcurrentDictionary<string, byte>();
            var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelArchives, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(operations.Where(operation => operation.ArchiveId is not null), options, async (operation, token) =>
            {
                var key = operation.ArchiveKey!;
                lease.EnsureHeld();
                lease.Tell(key, null);
                try
                {
                    await archiver.ArchiveAsync(operation.ArchiveId!, key, progress, token);
                }
                catch (ReplicateException error) when (error.Id == ErrorIds.CopiesLost)
                {
                    // All else is worth recording without them.
                    lost.TryAdd(operation.ArchiveId!, 0);
                    Log.Warn($"Of experiment {experimentId} files are recorded as not saved: {error.Message}");
                }

                if (await spool.ArchiveContentAsync(key, token) is { } content)
                {
                    lease.Tell(key, content is ObjectContent.LocalFile file ? DiskFile.VersionOf(file.Path)?.Length : null);
                    lease.EnsureHeld();
                    await repository.WriteArchiveAsync(key, content, token);
                }
            });
            await SendLogsAsync(experimentId, operations, lease, cancellationToken);
            operations = [.. operations.Select(operation =>
                operation.ArchiveId is { } id && lost.ContainsKey(id) ? operation.WithoutFiles() : spool.WithSha256(operation))];
            lease.EnsureHeld();
            var isEnded = operations.Any(operation => operation.Kind == OperationKind.Stop);
            if (operations[0].Kind == OperationKind.Create)
            {
                if (!isEnded)
                {
                    await own.BeginBeatAsync(experimentId, cancellationToken);
                }

                await repository.AddExperimentAsync(operations[0].Metadata!, cancellationToken);
            }

            if (operations.Any(operation => operation.Kind is not (OperationKind.Create or OperationKind.Log)))
            {
                lease.EnsureHeld();
                await ApplyAsync(experimentId, operations, cancellationToken);
            }

            if (isEnded)
            {
                await repository.DeleteAsync([RepositoryKeys.Heartbeat(experimentId)], cancellationToken);
            }

            own.EndCreating(experimentId);
            lease.EnsureHeld();
            await spool.RemoveAsync([.. operations], cancellationToken);
        }
        catch (ReplicateException exception) when (exception.Id is ErrorIds.ExperimentDeleted or ErrorIds.MetadataDamaged or ErrorIds.CopiesDamaged)
        {
            Log.Warn(
                $"What was recorded for experiment {experimentId} cannot be sent and is put aside in '{spool.Path}': {exception.Message}");
            own.EndCreating(experimentId);
            if (exception.Id == ErrorIds.ExperimentDeleted)
            {
                // Who deleted it can't know of what came after; all of it stays in the spool.
                await repository.DeleteAsync([.. operations.Select(operation => operation.ArchiveKey).OfType<string>()], cancellationToken);
                await repository.DeleteLogsAsync(experimentId, cancellationToken);
            }

            await spool.RejectAsync(operations, cancellationToken);
        }
    }

    /// <summary>Sends segments of the log, before what would list the experiment; of one that is gone there is no log, either.</summary>
    private async Task SendLogsAsync(
        string experimentId, IReadOnlyList<Operation> operations, SendingLease lease, CancellationToken cancellationToken)
    {
        if (operations.All(operation => operation.Kind == OperationKind.Log)
            && await repository.Store.StatAsync(RepositoryKeys.Metadata(experimentId), cancellationToken) is null)
        {
            throw repository.Deleted(experimentId);
        }

        foreach (var log in operations.Where(operation => operation.Kind == OperationKind.Log))
        {
            if (await spool.ArchiveContentAsync(log.Key, cancellationToken) is { } content)
            {
                lease.EnsureHeld();
                lease.Tell(log.Key, null);
                await repository.Store.PutAsync(log.Key, content, PutCondition.None, cancellationToken);
            }
        }
    }

    private async Task ApplyAsync(string experimentId, IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var added = operations.Select(operation => operation.Checkpoint).OfType<Checkpoint>().ToArray();
        if (repository.Journal is { } journal && added.Length > 0)
        {
            await journals.For(repository, journal, experimentId).AddNumberedAsync(added, cancellationToken);

            // What the spool has may be durable, and is going to be removed from it.
            journal.Flush(experimentId, cancellationToken);
        }

        var ends = operations.Where(operation => operation.Kind == OperationKind.Stop).Select(operation => operation.Metadata!.Extension!).ToArray();
        if (repository.Journal is null || ends.Length > 0)
        {
            await repository.UpdateExperimentAsync(
                experimentId,
                document =>
                {
                    var present = document.CheckpointIds();
                    Checkpoint[] missing = [.. added.Where(checkpoint => present.Add(checkpoint.Id))];
                    document.AddCheckpoints(missing.Any(checkpoint => checkpoint.IsCounted) ? Steps.Settle(document.Steps(), missing) : missing);
                    Array.ForEach(ends, end => document.ChangeExtension(extension => extension.EndedAs(end)));
                },
                cancellationToken);
        }
    }
}
