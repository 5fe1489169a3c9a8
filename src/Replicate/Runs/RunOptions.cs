using Replicate.Recording.Output;
using Replicate.Runs.Metrics;

namespace Replicate.Runs;

/// <summary>How a training run is recorded while it goes on.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// What the experiment is created with. Where it goes on from a checkpoint, so does the step count; the files of its
    /// checkpoints are compressed as its own.
    /// </summary>
    public ExperimentOptions Experiment { get; init; } = new();

    /// <summary>Where metrics are read from; none at all is allowed.</summary>
    public IReadOnlyList<MetricSource> Sources { get; init; } = [MetricSource.Pairs];

    /// <summary>The names of the metrics to record; null for all that are found.</summary>
    public IReadOnlyCollection<string>? Metrics { get; init; }

    /// <summary>A file or directory of the project that is saved with each checkpoint; it need not exist yet; null for none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>When the program saves the files of a step, where what it does at its first steps doesn't tell.</summary>
    public CheckpointOrder CheckpointOrder { get; init; }

    /// <summary>The metric that decides which checkpoint is best; null for the configuration's.</summary>
    public PrimaryMetric? PrimaryMetric { get; init; }

    /// <summary>A checkpoint for every so many steps seen; 1 or more.</summary>
    public int Every { get; init; } = 1;

    /// <summary>A checkpoint only when the primary metric got better.</summary>
    public bool OnlyBetter { get; init; }

    /// <summary>How long a program may run until it is ended, and counts as failed; null for any time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Told of the primary metric of each step as it is recorded; tells whether the program is to be ended, which is no failure. Null for
    /// nobody.
    /// </summary>
    internal Func<double, bool>? IsHopeless { get; init; }

    /// <summary>
    /// How many bytes of what it writes are kept as its log, each line with its time: of more, the beginning and the end. 0 for none.
    /// </summary>
    public long MaxLog { get; init; } = OutputLogs.DefaultMaxText;

    /// <summary>What relative paths of metrics files are relative to; null for the working directory of the process.</summary>
    public string? WorkingDirectory { get; init; }
}
