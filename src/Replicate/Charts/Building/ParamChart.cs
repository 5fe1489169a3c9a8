using Replicate.Charts.Axes;

namespace Replicate.Charts.Building;

/// <summary>Builds points against a param; numbers stand where they belong, everything else as categories side by side.</summary>
internal sealed class ParamChart(IReadOnlyList<Slice> slices, string param, ChartOptions options)
{
    private const int MaxLabelLength = 60;
    private const int MaxCategoryLength = 24;

    private readonly ChartValues _values = new(options);

    internal Chart Build(IReadOnlyList<string> metrics)
    {
        var label = Value.ToShortText(param, MaxLabelLength);
        if (options.Smooth > 1)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "NothingToSmooth",
                $"Against the param '{label}' a plot has points and no lines: there is nothing to average.", "Leave smoothing out.");
        }

        var recorded = slices.Where(slice => slice.Experiment.Params.ContainsKey(param)).ToArray();
        Check(label, recorded);
        var categories = Categories(recorded, label);
        var lines = metrics.Select(metric => LinesOf(metric, recorded, categories)).ToArray();
        var x = categories is null
            ? Axis.Of(label, [.. lines.SelectMany(panel => panel).SelectMany(Points).Select(point => point.X)], options.LogX, AxisFit.Padded)
            : Axis.OfCategories(label, UniqueTexts.Of(categories.Select(value => Value.ToShortText(value, MaxCategoryLength))));
        _values.Warn();
        return new(label, isScatter: true, SeriesNames.Of(recorded), [.. metrics.Zip(lines, (metric, panel) => new ChartPanel(
            x,
            Axis.Of(Value.ToShortText(metric, MaxLabelLength), [.. panel.SelectMany(Points).Select(point => point.Y)], options.LogY, AxisFit.Padded),
            panel))]);
    }

    private static IEnumerable<ChartPoint> Points(ChartLine line) => line.Segments.SelectMany(segment => segment);

    private void Check(string label, Slice[] recorded)
    {
        if (recorded.Length == 0)
        {
            var names = slices.SelectMany(slice => slice.Experiment.Params.Names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
            throw new ReplicateException(
                ErrorKind.NotFound, "ParamNotFound",
                $"No experiment has a param '{label}'; there {(names.Length == 0 ? "are no params" : $"are {MetricChoice.List(names)}")}.",
                "Name a param that was recorded.");
        }

        if (recorded.Length < slices.Count)
        {
            Log.Warn($"{slices.Count - recorded.Length} of {slices.Count} experiments have no param '{label}' and are left out of the plot.");
        }
    }

    /// <summary>The values in order, numbers before texts, where not all are numbers; otherwise null.</summary>
    private object?[]? Categories(Slice[] recorded, string label)
    {
        var values = recorded.Select(slice => slice.Experiment.Params[param]).ToArray();
        if (Array.TrueForAll(values, value => Value.TryGetNumber(value, out _)))
        {
            return null;
        }

        if (options.LogX)
        {
            var text = Array.Find(values, value => !Value.TryGetNumber(value, out _));
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "NotANumber",
                $"The param '{label}' has values such as '{Value.ToShortText(text, MaxCategoryLength)}', which cannot stand on a logarithmic axis.",
                "Plot it on a linear axis.");
        }

        return [.. values.DistinctBy(Value.ToText, StringComparer.Ordinal)
            .OrderBy(value => value is bool ? 0 : Value.TryGetNumber(value, out _) ? 1 : 2)
            .ThenBy(value => Value.TryGetNumber(value, out var number) ? number : 0)
            .ThenBy(Value.ToText, StringComparer.Ordinal)];
    }

    private ChartLine[] LinesOf(string metric, Slice[] recorded, object?[]? categories)
    {
        var lines = recorded.Select((slice, index) => LineOf(index, slice, metric, categories)).OfType<ChartLine>().ToArray();
        if (lines.Length == 0)
        {
            throw _values.NothingLeft(metric);
        }

        if (BestOf(recorded) is { } best && Array.FindIndex(lines, line => line.Series == best) is >= 0 and var index)
        {
            lines[index] = lines[index] with { Best = lines[index].Last };
        }

        return lines;
    }

    private ChartLine? LineOf(int index, Slice slice, string metric, object?[]? categories)
    {
        var value = slice.Experiment.Params[param];
        var x = categories is null
            ? Value.TryGetNumber(value, out var number) ? number : double.NaN
            : Array.FindIndex(categories, category => Value.ToText(category) == Value.ToText(value));
        var points = slice.Points
            .Where(checkpoint => checkpoint.Metrics.ContainsKey(metric))
            .Select(checkpoint => _values.PointOf(x, checkpoint.Metrics[metric]))
            .OfType<ChartPoint>()
            .Select(point => new[] { point })
            .ToArray();
        return points.Length == 0 ? null : new ChartLine(index, points);
    }

    /// <summary>The experiment whose best checkpoint is the best of all, by a primary metric that they share; null for none.</summary>
    private static int? BestOf(Slice[] recorded)
    {
        if (recorded.Select(slice => slice.Experiment.PrimaryMetric).OfType<PrimaryMetric>().Distinct().ToArray() is not [var primary])
        {
            return null;
        }

        var values = recorded.Select((slice, index) => (
            Index: index,
            Value: Value.TryGetNumber(slice.Points.Count == 0 ? null : slice.Points[^1].Metrics[primary.Name], out var number) ? number : double.NaN))
            .Where(pair => !double.IsNaN(pair.Value)).ToArray();
        return values.Length == 0 ? null
            : (primary.Goal == Goal.Minimize ? values.MinBy(pair => pair.Value) : values.MaxBy(pair => pair.Value)).Index;
    }
}
