using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Runs;

/// <summary>Records into a repository that answers at once: tarball, heartbeat, metadata; what was written goes when one fails.</summary>
internal sealed class DirectTarget(Project project) : IRunTarget
{
    private readonly Repository _repository = project.OpenRepository();

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken) => _repository.PrepareForWritingAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<Experiment> AddExperimentAsync(
        ExperimentMetadata metadata, ObjectContent? archive, bool beat, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.ExperimentArchive(metadata.Id);
        try
        {
            await WriteArchiveAsync(key, archive, cancellationToken);
            if (beat)
            {
                await HeartbeatPump.StartAsync(_repository, metadata.Id, cancellationToken);
            }

            await _repository.AddExperimentAsync(metadata, cancellationToken);
        }
        catch
        {
            await HeartbeatPump.StopAsync(_repository, metadata.Id);
            await TryDeleteAsync(key, RepositoryKeys.Heartbeat(metadata.Id));
            throw;
        }

        return new Experiment(
            project, metadata, (await _repository.ReadHeartbeatAsync(metadata.Id, cancellationToken))?.Heartbeat);
    }

    /// <inheritdoc/>
    public async Task<ExperimentMetadata> AddCheckpointAsync(
        Experiment experiment, Checkpoint checkpoint, long? step, ObjectContent? archive, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.CheckpointArchive(checkpoint.Id);
        try
        {
            await WriteArchiveAsync(key, archive, cancellationToken);
            var metadata = await _repository.UpdateExperimentAsync(
                experiment.Id,
                (current, document) => document.AddCheckpoint(checkpoint.WithStep(step ?? Steps.Next(current))),
                cancellationToken);
            if (metadata.IsBeatenForByWhoAdds)
            {
                await HeartbeatPump.StartAsync(_repository, experiment.Id, cancellationToken);
            }

            return metadata;
        }
        catch
        {
            await TryDeleteAsync(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task SaveArchiveAsync(string checkpointId, ObjectContent archive, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.CheckpointArchive(checkpointId);
        try
        {
            await WriteArchiveAsync(key, archive, cancellationToken);
        }
        catch
        {
            await TryDeleteAsync(key);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ExperimentMetadata> AddCheckpointsAsync(
        Experiment experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        var metadata = await _repository.UpdateExperimentAsync(
            experiment.Id,
            (current, document) => document.AddCheckpoints(Steps.Number(current, checkpoints)),
            cancellationToken);
        if (metadata.IsBeatenForByWhoAdds)
        {
            await HeartbeatPump.StartAsync(_repository, experiment.Id, cancellationToken);
        }

        return metadata;
    }

    /// <inheritdoc/>
    public async Task<ExperimentMetadata> StopAsync(
        Experiment experiment, ExperimentExtension end, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await HeartbeatPump.StopAsync(_repository, experiment.Id);
        var metadata = await _repository.UpdateExperimentAsync(
            experiment.Id, (_, document) => document.ChangeExtension(extension => extension.EndedAs(end)), cancellationToken);
        await _repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id)], cancellationToken);
        return metadata;
    }

    private async Task WriteArchiveAsync(string key, ObjectContent? archive, CancellationToken cancellationToken)
    {
        if (archive is not null)
        {
            await _repository.WriteArchiveAsync(key, archive, cancellationToken);
        }
    }

    private async Task TryDeleteAsync(params string[] keys)
    {
        try
        {
            await _repository.DeleteAsync(keys, CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // The error that led here says more than this one; nothing is listed that refers to these objects.
        }
    }
}
