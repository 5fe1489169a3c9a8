using Replicate.Charts.Building;

namespace Replicate.Charts;

/// <summary>
/// A chart of experiments or checkpoints, ready to be drawn: a metric over steps, or against a param; several metrics are
/// panels beside one another. It cannot be changed.
/// </summary>
public sealed class Chart
{
    internal Chart(string xLabel, bool isScatter, SeriesList series, IReadOnlyList<ChartPanel> panels) =>
        (XLabel, IsScatter, Heading, Series, Panels) = (xLabel, isScatter, series.Heading, series.All, panels);

    /// <summary>What the horizontal axis of all panels shows: <c>step</c> or a param, short and visible.</summary>
    internal string XLabel { get; }

    /// <summary>Whether it shows points against a param, rather than lines over steps.</summary>
    internal bool IsScatter { get; }

    /// <summary>The names of the params in which the experiments differ, short and visible; empty for none.</summary>
    internal string Heading { get; }

    /// <summary>The experiments, in the order given; at least one.</summary>
    internal IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>A panel for each metric, in the order given; at least one.</summary>
    internal IReadOnlyList<ChartPanel> Panels { get; }

    /// <summary>What it shows, in a few words, such as <c>loss over step</c>.</summary>
    internal string Title =>
        $"{string.Join(", ", Panels.Select(panel => panel.Y.Label))} {(IsScatter ? "against" : "over")} {XLabel}";

    /// <summary>What it shows, for whoever does not see it.</summary>
    internal string Description => string.Join(' ', Panels
        .Select(panel => $"{panel.Y.Label} lies between {panel.Lowest} and {panel.Highest}.")
        .Prepend($"{Title} of {(Series.Count == 1 ? "one experiment" : $"{Series.Count} experiments")}.")
        .Concat(HasBest ? ["The best checkpoints are marked."] : []));

    /// <summary>Whether a best checkpoint is marked.</summary>
    internal bool HasBest => Panels.Any(panel => panel.Lines.Any(line => line.Best is not null));

    /// <summary>Makes a chart.</summary>
    /// <param name="matches">
    /// The experiments, each with all its checkpoints, and checkpoints, which make a slice of their experiment. Against a
    /// param an experiment is one point: its best, else its latest checkpoint.
    /// </param>
    /// <param name="options">What to show.</param>
    /// <exception cref="ReplicateException">
    /// There is nothing to show, the metric or param isn't recorded, or no metric was named and the experiments share no
    /// primary metric.
    /// </exception>
    public static Chart Of(IReadOnlyCollection<Match> matches, ChartOptions options)
    {
        var slices = Slice.Of(matches);
        var metrics = MetricChoice.Of(slices, options.Metrics);
        return options.Param is { } param
            ? new ParamChart(slices, param, options).Build(metrics)
            : new StepChart(slices, options).Build(metrics);
    }
}
