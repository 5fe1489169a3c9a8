using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Recording.Spool;
using Replicate.Repositories;

namespace Replicate.Recording;

/// <summary>
/// Records into the spool of a remote repository: returns when all is safe on the local disk, and lets it be sent in the
/// background. Only stopping waits for that.
/// </summary>
internal sealed class SpooledTarget(Repository repository, Uploader uploader) : IRunTarget
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, byte> Unanswered = new();

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(RequestTimeout);
        try
        {
            await repository.PrepareForWritingAsync(timeout.Token);
            Unanswered.TryRemove(repository.Url, out _);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is OperationCanceledException or ReplicateException { Kind: ErrorKind.Unavailable })
        {
            if (Unanswered.TryAdd(repository.Url, 0))
            {
                Log.Warn(
                    $"The repository '{repository.Url}' does not answer. The run goes on: what it records is kept in "
                    + $"'{uploader.Spool.Path}' and sent later.");
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ExperimentSnapshot> AddExperimentAsync(
        ExperimentMetadata metadata, FilesToSave? files, bool beat, CancellationToken cancellationToken)
    {
        var sha256 = await SaveFilesAsync(RepositoryKeys.ExperimentArchive(metadata.Id), files, cancellationToken);
        return await uploader.AddExperimentAsync(metadata.WithSha256(sha256), beat, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Addition> AddCheckpointAsync(
        ExperimentSnapshot experiment, NewCheckpoint checkpoint, FilesToSave? files, CancellationToken cancellationToken)
    {
        checkpoint.Sha256 = await SaveFilesAsync(RepositoryKeys.CheckpointArchive(checkpoint.Id), files, cancellationToken);
        return await AddCheckpointsAsync(experiment, [checkpoint], cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveArchiveAsync(FilesToSave files, CancellationToken cancellationToken) =>
        uploader.Spool.AddArchiveAsync(RepositoryKeys.CheckpointArchive(files.Id), files.ToArchive(), cancellationToken);

    /// <inheritdoc/>
    public async Task<Addition> AddCheckpointsAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        var added = Steps.Number(Steps.Highest(experiment.Metadata), checkpoints);
        await uploader.AddCheckpointsAsync(experiment.Metadata, added, cancellationToken);
        return new Addition(experiment.Metadata, added, IsPending: true);
    }

    /// <inheritdoc/>
    public Task FlushAsync(string experimentId, CancellationToken cancellationToken) =>
        uploader.Spool.FlushAsync(experimentId, cancellationToken);

    /// <inheritdoc/>
    public async Task<ExperimentMetadata> StopAsync(
        ExperimentSnapshot experiment, ExperimentExtension end, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await uploader.EndBeatAsync(experiment.Id);
        var metadata = await uploader.AddEndAsync(experiment.Metadata, end, cancellationToken);
        await WaitAsync(experiment.Id, progress, cancellationToken);
        return metadata;
    }

    /// <returns>The SHA-256 of the tarball; empty where there is none yet.</returns>
    private async Task<string> SaveFilesAsync(string key, FilesToSave? files, CancellationToken cancellationToken)
    {
        if (files is null || (files.IsLarge && await uploader.Spool.TryAddCopiesAsync(files, cancellationToken)))
        {
            return "";
        }

        await uploader.Spool.AddArchiveAsync(key, files.ToArchive(), cancellationToken);
        return files.Sha256;
    }

    /// <summary>Waits until all of an experiment is sent; with no answer for long, what waits is safe, and a warning says where.</summary>
    private async Task WaitAsync(string experimentId, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + StopTimeout;
        while (true)
        {
            try
            {
                await uploader.SendAsync(progress, id => id == experimentId, cancellationToken);
                return;
            }
            catch (ReplicateException exception) when (exception.Kind == ErrorKind.Unavailable)
            {
                if (DateTime.UtcNow > deadline)
                {
                    await FlushAsync(experimentId, cancellationToken);
                    Log.Warn(
                        $"Not all could be sent to '{repository.Url}': {exception.Message} It waits in '{uploader.Spool.Path}' "
                        + "and is sent by the next command of this project.");
                    uploader.Start();
                    return;
                }

                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }
}
