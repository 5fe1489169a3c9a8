using Replicate.Metadata;
using Replicate.Recording;
using Replicate.Archives.Snapshots;
using Replicate.Runs.Metrics;
using Replicate.Runs.Saves;

namespace Replicate.Runs;

/// <summary>Makes checkpoints of the steps of a run: which of them, with what files, under what number.</summary>
internal sealed class StepRecorder : IDisposable
{
    private const int MostNamed = 10;

    private readonly RunOptions _options;
    private readonly Action _hopeless;
    private readonly PrimaryMetric? _primary;
    private readonly SnapshotDirectory _snapshots;
    private readonly SaveWatcher? _watcher;
    private readonly StepFiles? _files;
    private readonly ThreadLocal<PrintedAt?> _printed = new();
    private readonly CheckpointQueue _queue;
    private double? _best;
    private long? _offset;
    private long _withoutFiles;
    private long _uncertain;

    /// <param name="experiment">The experiment.</param>
    /// <param name="options">How it is recorded.</param>
    /// <param name="hopeless">Told that the run is to be ended, as others do better.</param>
    internal StepRecorder(Experiment experiment, RunOptions options, Action hopeless)
    {
        _hopeless = hopeless;
        var project = experiment.Project;
        _options = options;
        _primary = options.PrimaryMetric ?? project.Configuration.PrimaryMetric;
        _snapshots = new SnapshotDirectory(project.Configuration, experiment.Id);
        _queue = new CheckpointQueue(experiment, options.Experiment.CompressionLevel);
        if (options.CheckpointPath is { } given)
        {
            WarmUp(project);
            var path = new SavePath(project.Configuration, given);
            _watcher = new SaveWatcher(path, _snapshots, SaveWatcher.ChangesOf(path));
            _files = new StepFiles(_watcher, OrderOf(options.CheckpointOrder), Record);
        }
    }

    /// <summary>Why not all could be recorded; null where all is. Valid at the end.</summary>
    internal ReplicateException? Error => _queue.Error;

    /// <summary>What tells where something was printed among the files that are saved; null where none are.</summary>
    internal PrintPositions? Prints => _watcher?.Prints;

    /// <summary>Whatever this thread reads until the result is disposed was printed there.</summary>
    internal PrintedScope At(PrintedAt? printed) => new(_printed, printed);

    /// <summary>Metrics of a step were read.</summary>
    internal void Read(OpenStep step)
    {
        if (_files is null)
        {
            return;
        }

        var printed = _printed.Value ?? Prints!.FileRow();
        if (step.Slot is null)
        {
            step.Slot = _files.Begin(step.Step, printed);
        }
        else
        {
            _files.Add(step.Slot, step.Step, printed);
        }
    }

    /// <summary>A step has ended.</summary>
    internal void Close(OpenStep step)
    {
        var checkpoint = CheckpointOf(step);
        if (_options.IsHopeless is { } isHopeless && checkpoint?.PrimaryMetric is { } metric && step[metric.Name] is { } value && isHopeless(value))
        {
            _hopeless();
        }

        if (_files is not null)
        {
            _files.Close(step.Slot ?? _files.Begin(step.Step, Prints!.FileRow()), checkpoint);
        }
        else if (checkpoint is not null)
        {
            _queue.Add(checkpoint);
        }
    }

    /// <summary>Records what is known by now.</summary>
    internal void Tick() => _files?.Tick();

    /// <summary>Waits until all is recorded, or can't be. All steps have ended.</summary>
    internal Task FinishAsync()
    {
        _files?.Finish();
        return _queue.FinishAsync();
    }

    /// <summary>Says how many more checkpoints lack files than were named.</summary>
    internal void Tell()
    {
        if (_withoutFiles > MostNamed)
        {
            var count = _withoutFiles - MostNamed;
            Log.Warn(
                $"{count} more {(count == 1 ? "checkpoint lacks" : "checkpoints lack")} files that were written to '{_options.CheckpointPath}' by "
                + $"{(count == 1 ? "its step" : "their steps")}, or beside: they were written again before they could be saved"
                + (_uncertain > 0 ? $", or could not be told to be of the step, as with {_uncertain} of all." : "."));
        }

        if (_files is { IsOrderOpen: true } && _uncertain > 0)
        {
            Log.Warn(
                $"It could not be told whether the program saves '{_options.CheckpointPath}' before it prints the metrics of a step or after. "
                + "Say it, by -CheckpointOrder BeforeMetrics or AfterMetrics, or --checkpoint-order before or after.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _queue.Dispose();
        _snapshots.Dispose();
        _printed.Dispose();
    }

    /// <summary>What is recorded of a step that has ended; null for nothing.</summary>
    private NewCheckpoint? CheckpointOf(OpenStep step)
    {
        if (!IsWanted(step) || (_options.OnlyBetter && step[_primary!.Name] is null))
        {
            return null;
        }

        if (_options.OnlyBetter)
        {
            _best = step[_primary!.Name];
        }

        return new NewCheckpoint
        {
            CreatedAt = step.ReadAt,
            Metrics = step.ToMap(),
            Step = NumberOf(step),
            PrimaryMetric = _primary is not null && step[_primary.Name] is not null ? _primary : null,
        };
    }

    private void Record(NewCheckpoint checkpoint, StepSave save)
    {
        (checkpoint.Files, checkpoint.MissingFiles) = (save.Files, save.Missing);
        if (save.Missing.Count > 0)
        {
            _uncertain += save.IsUncertain ? 1 : 0;
            if (++_withoutFiles <= MostNamed)
            {
                // Of thousands nobody reads more.
                Log.Warn(
                    $"{(checkpoint.Step is { } step ? $"Step {step}" : "A step")} was recorded without {FilesWarning.Names(save.Missing)}: "
                    + (save.IsUncertain
                        ? "it could not be told whether this step wrote it, or the one before or after."
                        : "written again, or not complete, before it could be saved."));
            }
        }

        _queue.Add(checkpoint);
    }

    private static SaveOrder OrderOf(CheckpointOrder order) => order switch
    {
        CheckpointOrder.BeforeMetrics => SaveOrder.SavesFirst,
        CheckpointOrder.AfterMetrics => SaveOrder.PrintsFirst,
        _ => SaveOrder.Unknown,
    };

    /// <summary>Takes a snapshot that nobody wants: the first costs more time than a fast program leaves.</summary>
    private void WarmUp(Project project)
    {
        if (_snapshots.TryWriteFile([0]) is { } file)
        {
            new SavePath(project.Configuration, file).TryTakeSnapshot(_snapshots)?.Dispose();
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

    /// <summary>Tells where something was printed, until it is disposed.</summary>
    internal readonly struct PrintedScope : IDisposable
    {
        private readonly ThreadLocal<PrintedAt?> _printed;

        internal PrintedScope(ThreadLocal<PrintedAt?> printed, PrintedAt? at) => (_printed, printed.Value) = (printed, at);

        /// <inheritdoc/>
        public void Dispose() => _printed.Value = null;
    }
}
