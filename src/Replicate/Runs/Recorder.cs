using Replicate.Archives;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Runs;

/// <summary>Writes what a training run records: its creation, its checkpoints, its end.</summary>
internal sealed class Recorder(Project project)
{
    private Repository Repository => project.OpenRepository();

    /// <summary>Creates an experiment: tarball, heartbeat, metadata, in this order; what was written goes when one fails.</summary>
    internal async Task<Experiment> CreateAsync(
        ExperimentOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var metadata = new ExperimentMetadata
        {
            Id = Ids.New(),
            Created = Timestamp.Now,
            Params = Value.MapFrom(options.Params),
            Host = options.Host ?? Environment.MachineName,
            User = options.User ?? Environment.UserName,
            Repository = project.Repository,
            Command = options.Command,
            Path = CheckPath(options.Path),
            Version = Release.Version,
            Extension = new ExperimentExtension
            {
                Version = Release.Version,
                NoHeartbeat = options.Heartbeat == HeartbeatMode.None,
                DetachedUntil = options.Heartbeat == HeartbeatMode.Detached
                    ? Timestamp.From(DateTime.UtcNow + options.MaxAge)
                    : null,
            },
        };
        var repository = Repository;
        await repository.PrepareForWritingAsync(cancellationToken);
        var archive = RepositoryKeys.ExperimentArchive(metadata.Id);
        try
        {
            await SaveAsync(archive, metadata.Id, metadata.Path, progress, cancellationToken);
            if (options.Heartbeat == HeartbeatMode.Beat)
            {
                await HeartbeatPump.StartAsync(repository, metadata.Id, cancellationToken);
            }

            await repository.AddExperimentAsync(metadata, cancellationToken);
        }
        catch
        {
            await HeartbeatPump.StopAsync(repository, metadata.Id);
            await TryDeleteAsync(archive, RepositoryKeys.Heartbeat(metadata.Id));
            throw;
        }

        return new Experiment(project, metadata, (await repository.ReadHeartbeatAsync(metadata.Id, cancellationToken))?.Heartbeat);
    }

    /// <summary>Adds a checkpoint to an experiment: tarball, then metadata, then a heartbeat where this process beats.</summary>
    internal async Task<(string Id, ExperimentMetadata Metadata)> AddCheckpointAsync(
        Experiment experiment, CheckpointOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var metrics = Value.MapFrom(options.Metrics);
        var checkpoint = new Checkpoint
        {
            Id = Ids.New(),
            CreatedAt = Timestamp.Now,
            Metrics = metrics,
            Path = CheckPath(options.Path),
            PrimaryMetric = PrimaryMetricOf(options, metrics),
        };
        var repository = Repository;
        await repository.PrepareForWritingAsync(cancellationToken);
        var archive = RepositoryKeys.CheckpointArchive(checkpoint.Id);
        try
        {
            await SaveAsync(archive, checkpoint.Id, checkpoint.Path, progress, cancellationToken);
            var metadata = await repository.UpdateExperimentAsync(
                experiment.Id,
                (current, document) => document.AddCheckpoint(checkpoint.WithStep(options.Step ?? NextStep(current))),
                cancellationToken);
            if (metadata.Extension is null or { Status: null, NoHeartbeat: false, DetachedUntil: null })
            {
                await HeartbeatPump.StartAsync(repository, experiment.Id, cancellationToken);
            }

            return (checkpoint.Id, metadata);
        }
        catch
        {
            await TryDeleteAsync(archive);
            throw;
        }
    }

    /// <summary>Records how an experiment ended, and deletes its heartbeat.</summary>
    internal async Task<ExperimentMetadata> StopAsync(
        Experiment experiment, ExperimentStatus status, int? exitCode, CancellationToken cancellationToken)
    {
        if (status is not (ExperimentStatus.Completed or ExperimentStatus.Failed or ExperimentStatus.Interrupted))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "StatusNotRecordable", $"An experiment cannot be stopped as '{status}'.",
                "Stop it as Completed, Failed or Interrupted.");
        }

        var repository = Repository;
        await HeartbeatPump.StopAsync(repository, experiment.Id);
        var metadata = await repository.UpdateExperimentAsync(
            experiment.Id,
            (_, document) => document.ChangeExtension(
                extension => extension with { Status = status, ExitCode = exitCode, Ended = Timestamp.Now }),
            cancellationToken);
        await repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id)], cancellationToken);
        return metadata;
    }

    // Not the newest's step: of several writers, the one that began first may come last.
    private static long NextStep(ExperimentMetadata experiment) =>
        experiment.Checkpoints.Count == 0 ? 0 : experiment.Checkpoints.Max(checkpoint => checkpoint.Step) + 1;

    private PrimaryMetric? PrimaryMetricOf(CheckpointOptions options, ValueMap metrics)
    {
        if (options.PrimaryMetric is { } given)
        {
            return metrics.ContainsKey(given.Name) ? given : throw new ReplicateException(
                ErrorKind.InvalidArgument, "PrimaryMetricNotRecorded",
                $"The primary metric '{given.Name}' is not among the metrics of this checkpoint ({string.Join(", ", metrics.Names)}).",
                "Record it as a metric too, or name another.");
        }

        return project.Configuration.PrimaryMetric is { } configured && metrics.ContainsKey(configured.Name) ? configured : null;
    }

    private string CheckPath(string? path) => path is null ? "" : FileSelection.CheckPath(project.Directory, path);

    private async Task SaveAsync(
        string key, string id, string path, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        if (path.Length > 0)
        {
            string[] excluded = StoreUrl.ToDirectory(project.Repository) is { } directory ? [directory] : [];
            await Repository.WriteArchiveAsync(
                key, id, FileSelection.Select(project.Directory, path, excluded), progress, cancellationToken);
        }
    }

    private async Task TryDeleteAsync(params string[] keys)
    {
        try
        {
            await Repository.DeleteAsync(keys, CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // The error that led here says more than this one; nothing is listed that refers to these objects.
        }
    }
}
