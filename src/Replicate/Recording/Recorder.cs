using System.IO.Compression;
using Replicate.Archives.Selecting;
using Replicate.Metadata;
using Replicate.Recording.Environments;
using Replicate.Recording.Inputs;

namespace Replicate.Recording;

/// <summary>Writes what a training run records: its creation, its checkpoints, its end.</summary>
internal sealed class Recorder(Workspace workspace)
{
    /// <summary>How long a creation waits for the environment; what takes longer is recorded later.</summary>
    private static readonly TimeSpan EnvironmentTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>Creates an experiment.</summary>
    internal async Task<ExperimentSnapshot> CreateAsync(
        ExperimentOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var parameters = RequireNames("param", Value.MapFrom(options.Params));
        var reading = EnvironmentReader.Start(workspace.Configuration.ProjectDirectory, options.Program, options.Environment);
        var metadata = new ExperimentMetadata
        {
            Id = Ids.New().ToString(),
            Created = Timestamp.Now,
            Params = parameters,
            Host = options.Host ?? Environment.MachineName,
            User = options.User ?? Person,
            Repository = workspace.Configuration.Repository,
            Command = options.Command,
            Path = CheckPath(options.Path),
            Version = Release.Version,
            Extension = options.ToExtension() with
            {
                Inputs = await RunInputs.ReadAsync(workspace.Configuration, options.Inputs ?? [], progress, cancellationToken),
            },
        };
        var target = await workspace.OpenTargetAsync(cancellationToken);
        await target.PrepareAsync(cancellationToken);
        var files = Select(metadata.Id, metadata.Path, options.CompressionLevel, progress);
        StaleWeights.Warn(workspace.Configuration, files?.Files ?? [], options.CheckpointPath);
        metadata = With(metadata, await ReadInTimeAsync(reading, options.RecordsEnvironmentLater, cancellationToken));
        var experiment = await target.AddExperimentAsync(
            metadata, files, options.Heartbeat == HeartbeatMode.Beat, cancellationToken);
        if (metadata.Extension!.Environment.Count == 0)
        {
            workspace.Lifetime.Environments.Add(workspace, metadata.Id, reading.All);
        }

        if (options.IsDurable)
        {
            await target.FlushAsync(metadata.Id, cancellationToken);
        }

        return experiment;
    }

    /// <summary>Adds a checkpoint to an experiment.</summary>
    internal async Task<Addition> AddCheckpointAsync(
        ExperimentSnapshot experiment, CheckpointOptions options, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var metrics = RequireNames("metric", Value.MapFrom(options.Metrics));
        var checkpoint = new NewCheckpoint
        {
            Metrics = metrics,
            Step = options.Step,
            Path = CheckPath(options.Path),
            PrimaryMetric = PrimaryMetricOf(options, metrics),
        };
        var target = await workspace.OpenTargetAsync(cancellationToken);
        var addition = await target.AddCheckpointAsync(
            experiment, checkpoint, Select(checkpoint.Id, checkpoint.Path, options.CompressionLevel, progress), cancellationToken);
        if (options.IsDurable)
        {
            await target.FlushAsync(experiment.Id, cancellationToken);
        }

        return addition;
    }

    /// <summary>Records how an experiment ended.</summary>
    internal async Task<ExperimentMetadata> StopAsync(
        ExperimentSnapshot experiment, ExperimentStatus status, int? exitCode, string errorOutput, IProgress<Progress>? progress,
        CancellationToken cancellationToken)
    {
        if (status is not (ExperimentStatus.Completed or ExperimentStatus.Failed or ExperimentStatus.Interrupted or ExperimentStatus.StoppedEarly))
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "StatusNotRecordable", $"An experiment cannot be stopped as '{status}'.",
                "Stop it as Completed, Failed, Interrupted or StoppedEarly.");
        }

        var end = new ExperimentExtension
        {
            Version = Release.Version, Status = status, ExitCode = exitCode, Ended = Timestamp.Now,
            ErrorOutput = errorOutput,
        };
        await workspace.Lifetime.Logs.FinishAsync(workspace.Repository, experiment.Id);
        var target = await workspace.OpenTargetAsync(cancellationToken);
        await workspace.Lifetime.Environments.FinishAsync(workspace.Repository, experiment.Id);
        try
        {
            return await target.StopAsync(experiment, end, progress, cancellationToken);
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.ExperimentDeleted)
        {
            // Who deleted it can't know of what was written since.
            await workspace.Repository.DeleteLogsAsync(experiment.Id, cancellationToken);
            throw;
        }
    }

    /// <summary>The environment where it is read in time; a spool can't add it later, and so waits for it.</summary>
    private async Task<RunEnvironment?> ReadInTimeAsync(EnvironmentReading reading, bool isGitEnough, CancellationToken cancellationToken)
    {
        var (needed, timeout) = workspace.Repository.IsLocal
            ? (isGitEnough ? reading.Git : reading.All, EnvironmentTimeout)
            : (reading.All, Timeout.InfiniteTimeSpan);
        await Task.WhenAny(needed, Task.Delay(timeout, cancellationToken));
        return reading.All.IsCompletedSuccessfully ? await reading.All : null;
    }

    private static ExperimentMetadata With(ExperimentMetadata metadata, RunEnvironment? environment) =>
        environment is null ? metadata : metadata with
        {
            PythonVersion = environment.PythonVersion,
            PythonPackages = environment.PythonPackages,
            Extension = metadata.Extension! with { Environment = environment.Facts, Git = environment.Git },
        };

    /// <summary>The values, each of which has a name by which it can be shown and asked for.</summary>
    private static ValueMap RequireNames(string what, ValueMap values) =>
        !values.Names.Any(string.IsNullOrWhiteSpace) ? values : throw new ReplicateException(
            ErrorKind.InvalidArgument, "NameEmpty", $"A {what} has an empty name: '{values.Names.First(string.IsNullOrWhiteSpace)}'.",
            $"Give each {what} a name, or leave it out.");

    /// <summary>Who works here: in Azure DevOps, where the process's user is the agent, who started the build.</summary>
    internal static string Person =>
        Environment.GetEnvironmentVariable("BUILD_REQUESTEDFOR") is { Length: > 0 } person ? person : Environment.UserName;

    private PrimaryMetric? PrimaryMetricOf(CheckpointOptions options, ValueMap metrics)
    {
        if (options.PrimaryMetric is { } given)
        {
            return metrics.ContainsKey(given.Name) ? given : throw new ReplicateException(
                ErrorKind.InvalidArgument, "PrimaryMetricNotRecorded",
                $"The primary metric '{given.Name}' is not among the metrics of this checkpoint ({string.Join(", ", metrics.Names)}).",
                "Record it as a metric too, or name another.");
        }

        return workspace.Configuration.PrimaryMetric is { } configured && metrics.ContainsKey(configured.Name) ? configured : null;
    }

    private string CheckPath(string? path) => path is null ? "" : FileSelection.CheckPath(workspace.Configuration.ProjectDirectory, path);

    /// <summary>The files of a path, as they are now; null for no path.</summary>
    private FilesToSave? Select(string id, string path, CompressionLevel level, IProgress<Progress>? progress)
    {
        if (path.Length == 0)
        {
            return null;
        }

        return new FilesToSave(id, ProjectFiles.Select(workspace.Configuration, path), progress) { Level = level };
    }
}
