namespace Replicate.Runs.Metrics;

/// <summary>Where metrics are read from.</summary>
public enum MetricSourceKind
{
    /// <summary>The program's output: <c>name: value</c> and <c>name=value</c> pairs on a line.</summary>
    Pairs,

    /// <summary>The program's output: lines that are JSON objects.</summary>
    Json,

    /// <summary>The program's output: lines that match a regular expression with named groups.</summary>
    Pattern,

    /// <summary>A growing CSV file with a header, as Keras' and Lightning's <c>CSVLogger</c> write.</summary>
    CsvFile,

    /// <summary>A growing JSON-lines file, or a document that is rewritten, as <c>trainer_state.json</c>.</summary>
    JsonFile,

    /// <summary>The scalars of TensorBoard event files: one, or all below a directory.</summary>
    TensorBoard,
}

/// <summary>One place that metrics of a run are read from; a run may have several.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Text">
/// The regular expression, or the path of the file or directory, which need not exist yet; empty for
/// <see cref="MetricSourceKind.Pairs"/> and <see cref="MetricSourceKind.Json"/>.
/// </param>
public sealed record MetricSource(MetricSourceKind Kind, string Text = "")
{
    /// <summary>The program's output: pairs such as <c>Epoch 3, train loss: 0.118, accuracy=1.000</c>.</summary>
    public static MetricSource Pairs { get; } = new(MetricSourceKind.Pairs);

    /// <summary>The program's output: JSON lines.</summary>
    public static MetricSource Json { get; } = new(MetricSourceKind.Json);

    /// <summary>
    /// The program's output: lines that match. A group <c>step</c> is the step, <c>name</c> and <c>value</c> together are
    /// a metric, and each other named group is the metric of its name.
    /// </summary>
    public static MetricSource Pattern(string pattern) => new(MetricSourceKind.Pattern, pattern);

    /// <summary>A growing CSV file.</summary>
    /// <param name="path">Relative to the working directory of the program, or absolute.</param>
    public static MetricSource CsvFile(string path) => new(MetricSourceKind.CsvFile, path);

    /// <summary>A JSON-lines file, or <c>trainer_state.json</c>.</summary>
    /// <param name="path">Relative to the working directory of the program, or absolute.</param>
    public static MetricSource JsonFile(string path) => new(MetricSourceKind.JsonFile, path);

    /// <summary>TensorBoard event files.</summary>
    /// <param name="path">A file or a log directory, relative to the working directory of the program, or absolute.</param>
    public static MetricSource TensorBoard(string path) => new(MetricSourceKind.TensorBoard, path);

    /// <summary>How messages name it.</summary>
    public override string ToString() => Kind switch
    {
        MetricSourceKind.CsvFile or MetricSourceKind.JsonFile or MetricSourceKind.TensorBoard => $"'{Text}'",
        MetricSourceKind.Pattern => $"the output by the pattern '{Text}'",
        MetricSourceKind.Json => "the output's JSON lines",
        _ => "the output",
    };
}
