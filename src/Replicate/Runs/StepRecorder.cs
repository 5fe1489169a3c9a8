namespace Replicate.Runs;

/// <summary>Makes checkpoints of the steps of a run: which of them, with what files, under what number.</summary>
internal sealed class StepRecorder : IDisposable
{
    private readonly RunOptions _options;
    private readonly PrimaryMetric? _primary;
    private readonly SavePath? _path;
    private readonly SnapshotDirectory _snapshots;
    private readonly CheckpointQueue _queue;
    private double? _best;
    private long? _offset;
    private long _withoutFiles;

    internal StepRecorder(Experiment experiment, RunOptions options)
    {
        var project = experiment.Project;
        _options = options;
        _primary = options.PrimaryMetric ?? project.Configuration.PrimaryMetric;
        _path = options.CheckpointPath is { } path ? new SavePath(project, path) : null;
        _snapshots = new SnapshotDirectory(project, experiment.Id);
        _queue = new CheckpointQueue(experiment, options.Experiment.CompressionLevel);
        WarmUp(project);
    }

    /// <summary>Why not all could be recorded; null where all is. Valid at the end.</summary>
    internal ReplicateException? Error => _queue.Error;

    /// <summary>Metrics of a step were read: its files are those that are there now.</summary>
    internal void Read(OpenStep step)
    {
        if (_path is null || !IsWanted(step) || step.Files?.IsCurrent() == true)
        {
            return;
        }

        step.Files?.Dispose();
        step.Files = FileSnapshot.TryTake(_path, _snapshots, step.ReadAt);
    }

    /// <summary>A step has ended.</summary>
    internal void Close(OpenStep step)
    {
        if (!IsWanted(step) || (_options.OnlyBetter && step[_primary!.Name] is null))
        {
            step.Files?.Dispose();
            return;
        }

        if (_options.OnlyBetter)
        {
            _best = step[_primary!.Name];
        }

        _withoutFiles += _path is not null && step.Files is null ? 1 : 0;
        _queue.Add(new NewCheckpoint
        {
            CreatedAt = step.ReadAt,
            Metrics = step.ToMap(),
            Step = NumberOf(step),
            PrimaryMetric = _primary is not null && step[_primary.Name] is not null ? _primary : null,
            Files = step.Files,
        });
    }

    /// <summary>Waits until all is recorded, or can't be.</summary>
    internal Task FinishAsync() => _queue.FinishAsync();

    /// <summary>Says how many checkpoints have no files.</summary>
    internal void Tell()
    {
        if (_withoutFiles > 0)
        {
            Notices.Warn(
                $"{_withoutFiles} {(_withoutFiles == 1 ? "checkpoint has" : "checkpoints have")} metrics only: "
                + $"'{_options.CheckpointPath}' was not there, or was written again, when the metrics were read.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _snapshots.Dispose();
    }

    /// <summary>Takes a snapshot that nobody wants: the first costs more time than a fast program leaves.</summary>
    private void WarmUp(Project project)
    {
        if (_path is not null && _snapshots.TryWriteFile([0]) is { } file)
        {
            FileSnapshot.TryTake(new SavePath(project, file), _snapshots, Timestamp.Now)?.Dispose();
        }
    }

    private bool IsWanted(OpenStep step) =>
        step.Ordinal % _options.Every == 0
        && !(_options.OnlyBetter && step[_primary!.Name] is { } value && !IsBetter(value));

    private bool IsBetter(double value) =>
        !double.IsNaN(value) && (_best is not { } best || (_primary!.Goal == Goal.Minimize ? value < best : value > best));

    /// <summary>
    /// The step under which it is recorded. A run that goes on from a checkpoint and counts from its own start is
    /// counted on after that; one that knows its step keeps it.
    /// </summary>
    private long? NumberOf(OpenStep step)
    {
        if (_options.Experiment.From is not { } from)
        {
            return step.Step;
        }

        _offset ??= step.Step is not { } first ? from.Step + 1
            : first <= from.Step ? from.Step + 1 - first
            : 0;
        return step.Step is { } told ? told + _offset : _offset++;
    }
}
