using Replicate.Recording;
using Replicate.Repositories;

namespace Replicate;

/// <summary>Deletes an experiment, or one of its checkpoints, with all that its repository and the spool of this machine hold of it.</summary>
/// <param name="experiment">The experiment.</param>
/// <param name="force">Whether what has a name is deleted, too, and loses it.</param>
internal sealed class ExperimentDeletion(Experiment experiment, bool force = false)
{
    private readonly Project _project = experiment.Project;

    private ProcessLifetime Lifetime => _project.Workspace.Lifetime;

    /// <summary>
    /// Deletes the experiment with its checkpoints, heartbeat and tarballs, those included that others add meanwhile; but no tarball
    /// that another experiment tells of, too.
    /// </summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await _project.Workspace.Trust.RequireAsync(cancellationToken);
        var named = await _project.Names.OfAsync(experiment, checkpointId: null, force, cancellationToken);
        var repository = _project.Workspace.Repository;
        await Lifetime.Heartbeats.StopAsync(repository, experiment.Id);
        await Lifetime.Logs.FinishAsync(repository, experiment.Id);
        await _project.Workspace.Uploader.ForgetAsync(operation => operation.ExperimentId == experiment.Id, cancellationToken);
        var isOfOthers = await IdOwners.OfOthersAsync(experiment, cancellationToken);
        var latest = await _project.Experiments.ReadOneAsync(experiment.Id, cancellationToken);
        var ids = experiment.Checkpoints.Concat(latest?.Metadata.Checkpoints ?? CheckpointList.Empty).Select(checkpoint => checkpoint.Id).ToHashSet();
        ids.UnionWith(await CloseAsync(repository, cancellationToken));

        // Those that were compacted are gone for good: a power failure brings none back that nobody knows.
        repository.FlushNames(RepositoryKeys.Journal(experiment.Id));

        // The metadata goes first: nothing is listed whose data isn't there, and nothing is added to a journal any more.
        await repository.DeleteAsync([RepositoryKeys.Metadata(experiment.Id)], cancellationToken);
        repository.FlushNames(RepositoryKeys.Metadata(experiment.Id));
        Lifetime.Journals.Forget(repository, experiment.Id);
        if (repository.Journal is { } journal)
        {
            ids.UnionWith((await journal.ReadOneAsync(experiment.Id, cancellationToken)).Select(line => line.Checkpoint.Id));
        }

        await DeleteJournalsAsync(repository, cancellationToken);
        var archives = ids.Where(id => !isOfOthers(id)).Select(RepositoryKeys.CheckpointArchive)
            .Concat(isOfOthers(experiment.Id) ? [] : [RepositoryKeys.ExperimentArchive(experiment.Id)]);
        await repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id), .. archives], cancellationToken);
        await repository.DeleteLogsAsync(experiment.Id, cancellationToken);
        await _project.Names.TakeOffAsync(named, cancellationToken);
    }

    /// <summary>Deletes a checkpoint, entry and tarball; the tarball stays where another experiment tells of it, too.</summary>
    internal async Task RunAsync(string checkpointId, CancellationToken cancellationToken)
    {
        await _project.Workspace.Trust.RequireAsync(cancellationToken);
        var named = await _project.Names.OfAsync(experiment, checkpointId, force, cancellationToken);
        var repository = _project.Workspace.Repository;
        await _project.Workspace.Uploader.ForgetAsync(operation => operation.Checkpoint?.Id == checkpointId, cancellationToken);
        var isOfOthers = await IdOwners.OfOthersAsync(experiment, cancellationToken);
        await repository.UpdateExperimentAsync(experiment.Id, document => document.RemoveCheckpoint(checkpointId), cancellationToken);
        if (!isOfOthers(checkpointId))
        {
            // A journal that a power failure brings back would list it again.
            repository.FlushNames(RepositoryKeys.Journal(experiment.Id));
            await repository.DeleteAsync([RepositoryKeys.CheckpointArchive(checkpointId)], cancellationToken);
        }

        await _project.Names.TakeOffAsync(named, cancellationToken);
    }

    /// <summary>Deletes the journals, nothing being added any more: what was given another name meanwhile is found the second time.</summary>
    private async Task DeleteJournalsAsync(Repository repository, CancellationToken cancellationToken)
    {
        for (var pass = 1; pass <= 2 && repository.Journal is { } journal; pass++)
        {
            await repository.DeleteAsync(journal.KeysOf(experiment.Id, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Lets nobody add to the metadata any more.</summary>
    /// <returns>The checkpoints that are in it now; none where it isn't there.</returns>
    private async Task<IEnumerable<string>> CloseAsync(Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            var metadata = await Lifetime.Journals.EndAsync(
                repository, experiment.Id, document => document.ChangeExtension(extension => extension with { IsDeleted = true }), cancellationToken);
            return metadata.Checkpoints.Select(checkpoint => checkpoint.Id);
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.ExperimentDeleted)
        {
            return [];
        }
    }
}
