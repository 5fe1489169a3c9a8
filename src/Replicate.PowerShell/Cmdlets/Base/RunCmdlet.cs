using System.Collections;
using System.Management.Automation;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Runs;
using Replicate.Runs.Metrics;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>A cmdlet that records a training run: what is read from it, when there is a checkpoint, and what it is called.</summary>
public abstract class RunCmdlet : CreatingCmdlet
{
    /// <summary>The params: a hashtable, an object with properties, or <c>$PSBoundParameters</c>.</summary>
    [Parameter]
    [RecordedValues]
    public IDictionary? Params { get; set; }

    /// <summary>YAML or JSON files of params; those of <c>-Params</c> win.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ParamFile { get; set; } = [];

    /// <summary>A file or directory to save with the experiment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>A file or directory that the program writes, saved with each checkpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CheckpointPath { get; set; }

    /// <summary>When the program saves the files of a step: learned, or before or after it prints its metrics.</summary>
    [Parameter]
    public CheckpointOrder CheckpointOrder { get; set; }

    /// <summary>The metric that decides which checkpoint is best.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string? PrimaryMetric { get; set; }

    /// <summary>Whether less or more of the primary metric is better: <c>minimize</c> or <c>maximize</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GoalCompleter))]
    public string? Goal { get; set; }

    /// <summary>A checkpoint for every so many steps; by default for each.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>A checkpoint only when the primary metric got better.</summary>
    [Parameter]
    public SwitchParameter OnlyBetter { get; set; }

    /// <summary>Record only the metrics of these names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Metric { get; set; }

    /// <summary>Read metrics from output lines by regular expressions with named groups, instead of pairs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Pattern { get; set; } = [];

    /// <summary>Read metrics from output lines that are JSON objects, instead of pairs.</summary>
    [Parameter]
    public SwitchParameter JsonLines { get; set; }

    /// <summary>Read no metrics from the output.</summary>
    [Parameter]
    public SwitchParameter NoOutputMetrics { get; set; }

    /// <summary>Read metrics from growing CSV files.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] CsvFile { get; set; } = [];

    /// <summary>Read metrics from JSON-lines files, or from <c>trainer_state.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] JsonFile { get; set; } = [];

    /// <summary>Read metrics from TensorBoard event files, or all below a directory.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] TensorBoard { get; set; } = [];

    /// <summary>How many bytes of the output are kept as the log; of more, the beginning and the end. 0 for none.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? MaxLog { get; set; }

    /// <summary>How the run is recorded. Checks out what it goes on from.</summary>
    /// <param name="arguments">Params that are less explicit than those of the parameters.</param>
    private protected RunOptions RunOptionsFor(IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        var options = new RunOptions
        {
            Experiment = OptionsFor(AllParams(arguments), Path),
            Sources = [.. Sources()],
            Metrics = Metric,
            CheckpointPath = CheckpointPath is null ? null : ToRecordedPath(CheckpointPath),
            CheckpointOrder = CheckpointOrder,
            PrimaryMetric = PrimaryMetricOf(PrimaryMetric, Goal),
            Every = Every,
            OnlyBetter = OnlyBetter,
            WorkingDirectory = WorkingDirectory,
        };
        return MaxLog is { } most ? options with { MaxLog = most } : options;
    }

    // What is more explicit wins.
    private ValueMap AllParams(IEnumerable<KeyValuePair<string, object?>> arguments) => Run((_, _) =>
    {
        var values = new Dictionary<string, object?>();
        foreach (var (name, value) in ParamFile.SelectMany(file => Runs.Params.ParamFile.Read(ResolvePath(file)))
            .Concat(arguments)
            .Concat(Params is null ? [] : Value.MapFrom(Params)))
        {
            values[name] = value;
        }

        return Task.FromResult(Value.MapFrom(values));
    });

    private IEnumerable<MetricSource> Sources()
    {
        // Who says how to read the output doesn't want it read in another way, too.
        IEnumerable<MetricSource> output = [.. JsonLines ? new[] { MetricSource.Json } : [], .. Pattern.Select(MetricSource.Pattern)];
        return output.DefaultIfEmpty(MetricSource.Pairs).Where(source => !NoOutputMetrics || source != MetricSource.Pairs)
            .Concat(CsvFile.Select(ToRecordedPath).Select(MetricSource.CsvFile))
            .Concat(JsonFile.Select(ToRecordedPath).Select(MetricSource.JsonFile))
            .Concat(TensorBoard.Select(ToRecordedPath).Select(MetricSource.TensorBoard));
    }
}
