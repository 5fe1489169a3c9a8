using Replicate.Charts.Axes;

namespace Replicate.Charts.Building;

/// <summary>Builds lines over steps.</summary>
internal sealed class StepChart(IReadOnlyList<Slice> slices, ChartOptions options)
{
    private const string Step = "step";
    private const int MaxLabelLength = 60;

    private readonly ChartValues _values = new(options);

    internal Chart Build(IReadOnlyList<string> metrics)
    {
        var lines = metrics.Select(LinesOf).ToArray();

        // One axis for all panels: what stands below one another happened at the same step.
        var x = Axis.Of(
            Step, [.. lines.SelectMany(panel => panel).SelectMany(Points).Select(point => point.X)], options.LogX, AxisFit.Exact, isWhole: true);
        var drawn = lines.SelectMany(panel => panel).Select(line => line.Series).Distinct().Order().ToArray();
        var series = SeriesNames.Of([.. drawn.Select(index => slices[index])]);
        _values.Warn();
        return new(Step, isScatter: false, series, [.. metrics.Zip(lines, (metric, panel) => new ChartPanel(
            x,
            Axis.Of(Value.ToShortText(metric, MaxLabelLength), [.. panel.SelectMany(Points).Select(point => point.Y)], options.LogY, AxisFit.Round),
            [.. panel.Select(line => line with { Series = Array.IndexOf(drawn, line.Series) })]))]);
    }

    private static IEnumerable<ChartPoint> Points(ChartLine line) => line.Segments.SelectMany(segment => segment).Concat(line.Raw);

    private ChartLine[] LinesOf(string metric)
    {
        var lines = Enumerable.Range(0, slices.Count).Select(index => LineOf(index, metric)).OfType<ChartLine>().ToArray();
        return lines.Length > 0 ? lines : throw _values.NothingLeft(metric);
    }

    private ChartLine? LineOf(int index, string metric)
    {
        var best = slices[index].Experiment.Best();
        ChartPoint? marked = null;
        var segments = new List<List<ChartPoint>>();
        var isBroken = true;
        foreach (var checkpoint in slices[index].Checkpoints)
        {
            if (!checkpoint.Metrics.TryGetValue(metric, out var value))
            {
                continue;
            }

            if (_values.PointOf(checkpoint.Step, value) is not { } point)
            {
                isBroken = true;
                continue;
            }

            if (isBroken)
            {
                segments.Add([]);
            }

            isBroken = false;
            segments[^1].Add(point);
            marked = checkpoint.Id == best?.Id ? point : marked;
        }

        return segments.Count == 0 ? null : new ChartLine(index, Reduction.Of(Smoothing.Of(segments, options.Smooth)))
        {
            Raw = options.Smooth > 1 ? [.. Reduction.Of(segments).SelectMany(segment => segment)] : [],
            Best = marked,
        };
    }
}
