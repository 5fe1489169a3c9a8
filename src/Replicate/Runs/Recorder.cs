using Replicate.Archives;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Runs;

/// <summary>Writes what a training run records: its creation, its checkpoints, its end.</summary>
internal sealed class Recorder(Project project)
{
    /// <summary>How long a creation waits for the environment; what takes longer is recorded later.</summary>
    private static readonly TimeSpan EnvironmentPatience = TimeSpan.FromMilliseconds(250);

    private Repository Repository => project.OpenRepository();

    /// <summary>Creates an experiment: tarball, heartbeat, metadata, in this order; what was written goes when one fails.</summary>
    internal async Task<Experiment> CreateAsync(
        ExperimentOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var reading = EnvironmentReader.StartAsync(project.Directory, options.Program, options.Environment);
        var mask = SecretMask.OfProcess();
        var metadata = new ExperimentMetadata
        {
            Id = Ids.New(),
            Created = Timestamp.Now,
            Params = mask.Apply(Value.MapFrom(options.Params)),
            Host = options.Host ?? Environment.MachineName,
            User = options.User ?? RequestedFor() ?? Environment.UserName,
            Repository = project.Repository,
            Command = mask.Apply(options.Command),
            Path = CheckPath(options.Path),
            Version = Release.Version,
            Extension = new ExperimentExtension
            {
                Version = Release.Version,
                Parent = options.From?.Experiment.Id ?? "",
                ParentCheckpoint = options.From?.Id ?? "",
                Tags = TagList.From(options.Tags),
                Note = options.Note,
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

            if (await Task.WhenAny(reading, Task.Delay(EnvironmentPatience, cancellationToken)) == reading)
            {
                metadata = With(metadata, await reading);
            }

            await repository.AddExperimentAsync(metadata, cancellationToken);
            if (!reading.IsCompleted)
            {
                PendingEnvironments.Add(repository, metadata.Id, reading);
            }
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
            await BeatAsync(repository, metadata, cancellationToken);
            return (checkpoint.Id, metadata);
        }
        catch
        {
            await TryDeleteAsync(archive);
            throw;
        }
    }

    /// <summary>Saves the files of a checkpoint that is going to be added.</summary>
    internal async Task SaveFilesAsync(string checkpointId, FileSnapshot files, CancellationToken cancellationToken)
    {
        await Repository.PrepareForWritingAsync(cancellationToken);
        await Repository.WriteArchiveAsync(
            RepositoryKeys.CheckpointArchive(checkpointId), checkpointId, files.Files, progress: null, cancellationToken);
    }

    /// <summary>Adds many checkpoints, their files saved already, with one rewrite of the metadata.</summary>
    internal async Task<ExperimentMetadata> AddCheckpointsAsync(
        Experiment experiment, IReadOnlyList<NewCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        var repository = Repository;
        var metadata = await repository.UpdateExperimentAsync(
            experiment.Id,
            (current, document) =>
            {
                var next = NextStep(current);
                document.AddCheckpoints(checkpoints.Select(checkpoint =>
                {
                    var step = checkpoint.Step ?? next;
                    next = Math.Max(next, step + 1);
                    return checkpoint.ToCheckpoint(step);
                }));
            },
            cancellationToken);
        await BeatAsync(repository, metadata, cancellationToken);
        return metadata;
    }

    /// <summary>Records how an experiment ended, and deletes its heartbeat.</summary>
    internal async Task<ExperimentMetadata> StopAsync(
        Experiment experiment, ExperimentStatus status, int? exitCode, string errorOutput, CancellationToken cancellationToken)
    {
        if (status is not (ExperimentStatus.Completed or ExperimentStatus.Failed or ExperimentStatus.Interrupted))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "StatusNotRecordable", $"An experiment cannot be stopped as '{status}'.",
                "Stop it as Completed, Failed or Interrupted.");
        }

        var repository = Repository;
        await HeartbeatPump.StopAsync(repository, experiment.Id);
        await PendingEnvironments.FinishAsync(repository, experiment.Id);
        var metadata = await repository.UpdateExperimentAsync(
            experiment.Id,
            (_, document) => document.ChangeExtension(
                extension => extension with { Status = status, ExitCode = exitCode, Ended = Timestamp.Now, ErrorOutput = SecretMask.OfProcess().Apply(errorOutput) }),
            cancellationToken);
        await repository.DeleteAsync([RepositoryKeys.Heartbeat(experiment.Id)], cancellationToken);
        return metadata;
    }

    private static ExperimentMetadata With(ExperimentMetadata metadata, RunEnvironment environment) => metadata with
    {
        PythonVersion = environment.PythonVersion,
        PythonPackages = environment.PythonPackages,
        Extension = metadata.Extension! with { Environment = environment.Facts, Git = environment.Git },
    };

    /// <summary>Who started the build in Azure DevOps, where the process's user is the agent; null elsewhere.</summary>
    private static string? RequestedFor() =>
        Environment.GetEnvironmentVariable("BUILD_REQUESTEDFOR") is { Length: > 0 } person ? person : null;

    /// <summary>Whoever adds to an experiment beats for it, unless it has ended or was created without a heartbeat.</summary>
    private static Task BeatAsync(Repository repository, ExperimentMetadata metadata, CancellationToken cancellationToken) =>
        metadata.Extension is null or { Status: null, NoHeartbeat: false, DetachedUntil: null }
            ? HeartbeatPump.StartAsync(repository, metadata.Id, cancellationToken)
            : Task.CompletedTask;

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
