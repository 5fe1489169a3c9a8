using Replicate.Metadata;
using Replicate.Recording.Spool;
using Replicate.Repositories;

namespace Replicate.Recording;

/// <summary>
/// Records into a repository that answers at once: tarball, heartbeat, metadata; what was written goes when one fails. What
/// takes long to archive is copied to the spool, and archived in the background.
/// </summary>
internal sealed class DirectTarget(Repository repository, Journal journal, Uploader uploader, ProcessLifetime lifetime) : IRunTarget
{
    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await repository.PrepareForWritingAsync(cancellationToken);
        lifetime.Journals.CompactLeft(repository, journal, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ExperimentSnapshot> AddExperimentAsync(
        ExperimentMetadata metadata, FilesToSave? files, bool beat, CancellationToken cancellationToken)
    {
        if (files is { IsLarge: true } && await uploader.Spool.TryAddCopiesAsync(files, cancellationToken))
        {
            return await uploader.AddExperimentAsync(metadata, beat, cancellationToken);
        }

        var key = RepositoryKeys.ExperimentArchive(metadata.Id);
        try
        {
            if (files is not null)
            {
                await repository.WriteArchiveAsync(key, files.ToArchive(), cancellationToken);
                metadata = metadata.WithSha256(files.Sha256);
            }

            if (beat)
            {
                await lifetime.Heartbeats.StartAsync(repository, metadata.Id, cancellationToken);
            }

            await repository.AddExperimentAsync(metadata, cancellationToken);
        }
        catch
        {
            await lifetime.Heartbeats.StopAsync(repository, metadata.Id);

            // Its name may be there and not be durable, which is a failure, too.
            await TryDeleteAsync(RepositoryKeys.Metadata(metadata.Id), key, RepositoryKeys.Heartbeat(metadata.Id));
            throw;
        }

        var heartbeat = (await repository.ReadHeartbeatAsync(metadata.Id, cancellationToken))?.Heartbeat;
        return ExperimentSnapshot.Of(metadata, heartbeat, isPending: false);
    }

    /// <inheritdoc/>
    public async Task<Addition> AddCheckpointAsync(
        ExperimentSnapshot experiment, NewCheckpoint checkpoint, FilesToSave? files, CancellationToken cancellationToken)
    {
        if (files is { IsLarge: true } && await uploader.Spool.TryAddCopiesAsync(files, cancellationToken))
        {
            return await AddToSpoolAsync(experiment, [checkpoint], cancellationToken);
        }

        var key = RepositoryKeys.CheckpointArchive(checkpoint.Id);
        try
        {
            if (files is not null)
            {
                await repository.WriteArchiveAsync(key, files.ToArchiveOfMany(), cancellationToken);
                checkpoint.Sha256 = files.Sha256;
            }

            return await AddCheckpointsAsync(experiment, [checkpoint], cancellationToken);
        }
        catch
        {
            await TryDeleteAsync(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task SaveArchiveAsync(FilesToSave files, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.CheckpointArchive(files.Id);
        try
        {
            await repository.WriteArchiveAsync(key, files.ToArchiveOfRun(), cancellationToken);
        }
        catch
        {
            await TryDeleteAsync(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Addition> AddCheckpointsAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        if (checkpoints.FirstOrDefault(checkpoint => checkpoint.Path.Length > 0) is { } saved)
        {
            repository.FlushNames(RepositoryKeys.CheckpointArchive(saved.Id));
        }

        if (uploader.IsCreating(experiment.Id))
        {
            return await AddToSpoolAsync(experiment, checkpoints, cancellationToken);
        }

        try
        {
            var (metadata, added) = await lifetime.Journals.For(repository, journal, experiment.Id).AddAsync(
                highest => NumberFor(experiment, highest, checkpoints), cancellationToken);
            if (metadata.IsBeatenForByWhoAdds)
            {
                await lifetime.Heartbeats.StartAsync(repository, experiment.Id, cancellationToken);
            }

            return new Addition(metadata, added, experiment.IsPending && await uploader.HasPendingAsync(experiment.Id, cancellationToken));
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.ExperimentDeleted)
        {
            // Another process may have created it, and its files be waiting to be archived.
            if (!await IsThereAsync(experiment.Id, cancellationToken))
            {
                await DropFilesAsync(checkpoints);
                throw;
            }

            return await AddToSpoolAsync(experiment, checkpoints, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task FlushAsync(string experimentId, CancellationToken cancellationToken)
    {
        // The spool first: what leaves it meanwhile is durable in the repository.
        await uploader.Spool.FlushAsync(experimentId, cancellationToken);
        await Task.Run(() => journal.Flush(experimentId, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ExperimentMetadata> StopAsync(
        ExperimentSnapshot experiment, ExperimentExtension end, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await uploader.EndBeatAsync(experiment.Id);
        try
        {
            await uploader.SendAsync(progress, id => id == experiment.Id, cancellationToken);
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.SentElsewhere)
        {
            Log.Warn($"{error.Message} The end of the experiment waits in '{uploader.Spool.Path}', and is recorded after that.");
            await FlushAsync(experiment.Id, cancellationToken);
            return await uploader.AddEndAsync(experiment.Metadata, end, cancellationToken);
        }

        var metadata = await lifetime.Journals.EndAsync(
            repository, experiment.Id, document => document.ChangeExtension(extension => extension.EndedAs(end)), cancellationToken);
        await repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id)], cancellationToken);
        return metadata;
    }

    private static Checkpoint[] NumberFor(ExperimentSnapshot experiment, long highest, IReadOnlyList<NewCheckpoint> checkpoints) =>
        Steps.Number(Math.Max(highest, Steps.Highest(experiment.Metadata)), checkpoints);

    private async Task<Addition> AddToSpoolAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        var (metadata, added) = uploader.IsCreating(experiment.Id)
            ? (experiment.Metadata, NumberFor(experiment, -1, checkpoints))
            : await NumberAsync(experiment, checkpoints, cancellationToken);
        await uploader.AddCheckpointsAsync(metadata, added, cancellationToken);
        return new Addition(metadata, added, IsPending: true);
    }

    private async Task<(ExperimentMetadata Experiment, Checkpoint[] Added)> NumberAsync(
        ExperimentSnapshot experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        try
        {
            return await lifetime.Journals.For(repository, journal, experiment.Id).NumberAsync(
                highest => NumberFor(experiment, highest, checkpoints), cancellationToken);
        }
        catch (Exception error)
        {
            if (error is ReplicateException { Id: ErrorIds.ExperimentDeleted } && await IsThereAsync(experiment.Id, cancellationToken))
            {
                return (experiment.Metadata, NumberFor(experiment, -1, checkpoints));
            }

            await uploader.Spool.DropCopiesAsync(checkpoints.Select(checkpoint => checkpoint.Id));
            throw;
        }
    }

    /// <summary>Whether an experiment that the repository did not have waits in the spool, or went from there to the repository since.</summary>
    private async Task<bool> IsThereAsync(string experimentId, CancellationToken cancellationToken) =>
        await uploader.HasPendingAsync(experimentId, cancellationToken)
        || (await repository.ReadMetadataAsync(experimentId, cancellationToken) is var (_, metadata) && metadata.Extension is not { IsDeleted: true });

    /// <summary>Deletes the tarballs of checkpoints whose experiment was deleted: who did so can't know of them.</summary>
    private async Task DropFilesAsync(IReadOnlyList<NewCheckpoint> checkpoints)
    {
        var saved = checkpoints.Where(checkpoint => checkpoint.Path.Length > 0).ToArray();
        await TryDeleteAsync([.. saved.Select(checkpoint => RepositoryKeys.CheckpointArchive(checkpoint.Id))]);
        foreach (var checkpoint in saved)
        {
            (checkpoint.Path, checkpoint.Sha256) = ("", "");
        }
    }

    private async Task TryDeleteAsync(params string[] keys)
    {
        try
        {
            await repository.DeleteAsync(keys, CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // The error that led here says more than this one; nothing is listed that refers to these objects.
        }
    }
}
