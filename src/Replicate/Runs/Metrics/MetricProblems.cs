using System.Collections.Concurrent;

namespace Replicate.Runs.Metrics;

/// <summary>What was wrong with the metrics of a run: counted while it lasts, one message each at its end.</summary>
internal sealed class MetricProblems
{
    private const int ExampleLength = 120;
    private const int MaxDamaged = 20;

    private readonly ConcurrentDictionary<MetricSource, (string Example, long Count)> _unreadable = new();
    private readonly ConcurrentDictionary<string, (MetricSource Taken, MetricSource Left)> _duplicates = new();
    private readonly ConcurrentDictionary<MetricSource, string> _missing = new();
    private readonly ConcurrentDictionary<MetricSource, string> _empty = new();
    private readonly ConcurrentDictionary<(MetricSource Source, string What), bool> _damaged = new();
    private readonly ConcurrentDictionary<MetricSource, (long Lines, string Example)> _silent = new();
    private readonly ConcurrentDictionary<string, string> _unsaid = new();

    /// <summary>A line was meant to hold metrics and holds none.</summary>
    internal void AddUnreadable(MetricSource source, string line) =>
        _unreadable.AddOrUpdate(source, (line, 1), (_, known) => (known.Example, known.Count + 1));

    /// <summary>Two sources give the same metric.</summary>
    internal void AddDuplicate(string metric, MetricSource taken, MetricSource left) => _duplicates.TryAdd(metric, (taken, left));

    /// <summary>A file never appeared.</summary>
    internal void AddMissing(MetricSource source, string path) => _missing.TryAdd(source, path);

    /// <summary>A file was there, and gave no metrics.</summary>
    /// <param name="source">The source.</param>
    /// <param name="account">What was found in it: the rest of a sentence.</param>
    internal void AddEmpty(MetricSource source, string account) => _empty.TryAdd(source, account);

    /// <summary>A whole file cannot be read, or not to its end; said once, however often it is found.</summary>
    /// <param name="source">The source.</param>
    /// <param name="what">What is wrong, as the rest of a sentence.</param>
    internal void AddDamaged(MetricSource source, string what)
    {
        if (_damaged.Count < MaxDamaged)
        {
            _damaged.TryAdd((source, what), true);
        }
    }

    /// <summary>The output was looked at, and no metric was in it.</summary>
    /// <param name="source">How it was read.</param>
    /// <param name="lines">How many lines there were.</param>
    /// <param name="example">One of them.</param>
    internal void AddSilent(MetricSource source, long lines, string example) => _silent.TryAdd(source, (lines, example));

    /// <summary>A metric that was asked for never came.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="said">The metrics that came, as text; empty for none.</param>
    internal void AddUnsaid(string metric, string said) => _unsaid.TryAdd(metric, said);

    /// <summary>Says all of it.</summary>
    /// <param name="isRecordedElsewhere">Whether the experiment has checkpoints that weren't read from the output.</param>
    internal void Tell(bool isRecordedElsewhere = false)
    {
        foreach (var (source, (lines, example)) in _silent)
        {
            if (!isRecordedElsewhere)
            {
                TellSilent(source, lines, Value.ToShortText(example, ExampleLength));
            }
        }

        foreach (var pair in _unsaid.GroupBy(metric => metric.Value))
        {
            var metrics = pair.Select(metric => metric.Key).Order(StringComparer.Ordinal).ToArray();
            Log.Warn(
                $"The {(metrics.Length == 1 ? "metric" : "metrics")} '{string.Join("', '", metrics)}' never came"
                + (pair.Key.Length > 0 ? $"; these did: {pair.Key}." : "."));
        }

        foreach (var (source, (example, count)) in _unreadable)
        {
            var shown = Value.ToShortText(example, ExampleLength);
            Log.Warn(count == 1
                ? $"A line of {source} has no number where a metric should be: {shown}"
                : $"{count} lines of {source} have no number where a metric should be, first: {shown}");
        }

        foreach (var pair in _duplicates.GroupBy(metric => metric.Value))
        {
            var metrics = pair.Select(metric => metric.Key).Order(StringComparer.Ordinal).ToArray();
            Log.Warn(
                $"The {(metrics.Length == 1 ? "metric" : "metrics")} '{string.Join("', '", metrics)}' came from {pair.Key.Taken} "
                + $"and from {pair.Key.Left}; only the first was recorded.");
        }

        foreach (var (source, what) in _damaged.Keys)
        {
            Log.Warn(source.Kind == MetricSourceKind.TensorBoard
                ? $"The TensorBoard event file {what}."
                : $"The metrics file {source} {what}");
        }

        foreach (var (source, account) in _empty)
        {
            // What is wrong with it was said.
            if (_damaged.Keys.Any(damage => damage.Source == source))
            {
                continue;
            }

            Log.Warn($"No metrics were read from {source}: {account}. {NeedOf(source.Kind)}");
        }

        foreach (var (source, path) in _missing)
        {
            Log.Warn(source.Kind == MetricSourceKind.TensorBoard
                ? $"No TensorBoard event file appeared at '{path}': no metrics were read from there."
                : Directory.Exists(path)
                ? $"No metrics were read from '{path}', which is a directory: name a file in it, where * and ? stand for any name."
                : $"The metrics file '{path}' never appeared: no metrics were read from it.");
        }
    }

    private static string NeedOf(MetricSourceKind kind) => kind switch
    {
        MetricSourceKind.CsvFile => "It needs a first line with the names of its columns, and numbers below them.",
        MetricSourceKind.JsonFile => "It needs objects with names and numbers: one on each line, a list of them, or one with lists of numbers.",
        _ => "It needs event files with scalars that are written while the run goes on.",
    };

    private static void TellSilent(MetricSource source, long lines, string example)
    {
        var looked = $"{lines} {(lines == 1 ? "line" : "lines")} of output";
        Log.Warn(source.Kind switch
        {
            MetricSourceKind.Json =>
                $"No metric was read: none of {looked} is a JSON object with a number. One of them: {example}",
            MetricSourceKind.Pattern =>
                $"No metric was read: none of {looked} matches the pattern '{source.Text}'. One of them: {example}",
            _ => $"No metric was read: {looked} {(lines == 1 ? "holds" : "hold")} numbers, but no name with ':' or '=' and a number, as in 'epoch 1, loss: 0.5'. "
                + $"One of them: {example}",
        });
    }
}
