using Replicate.Format;
using Replicate.Runs;

namespace Replicate;

/// <summary>Deletes an experiment, or one of its checkpoints, with all that its repository and the spool of this machine hold of it.</summary>
internal sealed class Deletion(Experiment experiment)
{
    private readonly Project _project = experiment.Project;

    /// <summary>Deletes the experiment with its checkpoints, heartbeat and tarballs.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var repository = _project.OpenRepository();
        await HeartbeatPump.StopAsync(repository, experiment.Id);
        await _project.Uploader.ForgetAsync(operation => operation.ExperimentId == experiment.Id, cancellationToken);

        // The metadata goes first: nothing is listed whose data isn't there, and nothing is added any more.
        var latest = await _project.Experiments.ReadOneAsync(experiment.Id, cancellationToken);
        var checkpoints = experiment.Checkpoints.Concat(latest?.Metadata.Checkpoints ?? CheckpointList.Empty)
            .Select(checkpoint => checkpoint.Id).ToHashSet();
        var archives = await OwnAsync(
            [RepositoryKeys.ExperimentArchive(experiment.Id), .. checkpoints.Select(RepositoryKeys.CheckpointArchive)], cancellationToken);
        await repository.DeleteAsync([RepositoryKeys.Metadata(experiment.Id)], cancellationToken);
        CheckpointJournal.Forget(repository, experiment.Id);
        await DeleteJournalsAsync(repository, cancellationToken);
        await repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id), .. archives], cancellationToken);
    }

    /// <summary>Deletes a checkpoint, tarball and entry.</summary>
    internal async Task RunAsync(string checkpointId, CancellationToken cancellationToken)
    {
        var repository = _project.OpenRepository();
        await _project.Uploader.ForgetAsync(operation => operation.Checkpoint?.Id == checkpointId, cancellationToken);

        await repository.UpdateExperimentAsync(experiment.Id, document => document.RemoveCheckpoint(checkpointId), cancellationToken);
        await repository.DeleteAsync(await OwnAsync([RepositoryKeys.CheckpointArchive(checkpointId)], cancellationToken), cancellationToken);
    }

    /// <summary>Deletes the journals, nothing being added any more: what was given another name meanwhile is found the second time.</summary>
    private async Task DeleteJournalsAsync(Repository repository, CancellationToken cancellationToken)
    {
        for (var pass = 1; pass <= 2 && repository.Journal is { } journal; pass++)
        {
            await repository.DeleteAsync(journal.KeysOf(experiment.Id, cancellationToken), cancellationToken);
        }
    }

    /// <summary>The tarballs that no other experiment promises.</summary>
    private async Task<IReadOnlyList<string>> OwnAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var promised = (await _project.Experiments.ListAsync(cancellationToken: cancellationToken))
            .Where(other => other.Id != experiment.Id).SelectMany(other => RepositoryKeys.ArchivesOf(other.Metadata)).ToHashSet();
        return [.. keys.Where(key => !promised.Contains(key))];
    }
}
