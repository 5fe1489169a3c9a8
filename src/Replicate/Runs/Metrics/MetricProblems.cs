using System.Collections.Concurrent;

namespace Replicate.Runs;

/// <summary>What was wrong with the metrics of a run: counted while it lasts, one message each at its end.</summary>
internal sealed class MetricProblems
{
    private const int ExampleLength = 120;

    private readonly ConcurrentDictionary<MetricSource, (string Example, long Count)> _unreadable = new();
    private readonly ConcurrentDictionary<string, (MetricSource Taken, MetricSource Left)> _twofold = new();
    private readonly ConcurrentDictionary<MetricSource, string> _missing = new();

    /// <summary>A line was meant to hold metrics and holds none.</summary>
    internal void AddUnreadable(MetricSource source, string line) =>
        _unreadable.AddOrUpdate(source, (line, 1), (_, known) => (known.Example, known.Count + 1));

    /// <summary>Two sources give the same metric.</summary>
    internal void AddTwofold(string metric, MetricSource taken, MetricSource left) => _twofold.TryAdd(metric, (taken, left));

    /// <summary>A file never appeared.</summary>
    internal void AddMissing(MetricSource source, string path) => _missing.TryAdd(source, path);

    /// <summary>Says all of it.</summary>
    internal void Tell()
    {
        foreach (var (source, (example, count)) in _unreadable)
        {
            var shown = Value.ToShortText(example, ExampleLength);
            Notices.Warn(count == 1
                ? $"A line of {source} has no number where a metric should be: {shown}"
                : $"{count} lines of {source} have no number where a metric should be, first: {shown}");
        }

        foreach (var pair in _twofold.GroupBy(metric => metric.Value))
        {
            var metrics = pair.Select(metric => metric.Key).Order(StringComparer.Ordinal).ToArray();
            Notices.Warn(
                $"The {(metrics.Length == 1 ? "metric" : "metrics")} '{string.Join("', '", metrics)}' came from {pair.Key.Taken} "
                + $"and from {pair.Key.Left}; only the first was recorded.");
        }

        foreach (var (source, path) in _missing)
        {
            Notices.Warn(source.Kind == MetricSourceKind.TensorBoard
                ? $"No TensorBoard event file appeared at '{path}': no metrics were read from there."
                : $"The metrics file '{path}' never appeared: no metrics were read from it.");
        }
    }
}
