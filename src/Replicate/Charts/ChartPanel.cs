using Replicate.Charts.Axes;

namespace Replicate.Charts;

/// <summary>What stands for an experiment in a chart.</summary>
/// <param name="Id">Its short id.</param>
/// <param name="Params">The params in which it differs from the others with their values, short and visible; empty for none.</param>
/// <param name="Values">Their values alone, below the heading of <see cref="SeriesList"/>; empty for none.</param>
internal sealed record ChartSeries(string Id, string Params, string Values)
{
    /// <summary>The id and the params on one line.</summary>
    internal string Name => Params.Length == 0 ? Id : $"{Id} {Params}";
}

/// <summary>The experiments of a chart.</summary>
/// <param name="Heading">The names of the params in which they differ; empty for none.</param>
/// <param name="All">The experiments in the order given; at least one.</param>
internal sealed record SeriesList(string Heading, IReadOnlyList<ChartSeries> All);

/// <summary>A value at its place; both numbers are finite.</summary>
/// <param name="X">The step, the number of a param, or the position of its category from 0.</param>
/// <param name="Y">The metric.</param>
internal readonly record struct ChartPoint(double X, double Y);

/// <summary>What a panel shows of an experiment.</summary>
/// <param name="Series">The position of the experiment in the chart.</param>
/// <param name="Segments">Points that are connected, from left to right; where a value is left out a new segment begins. At least one point.</param>
internal sealed record ChartLine(int Series, IReadOnlyList<IReadOnlyList<ChartPoint>> Segments)
{
    /// <summary>The values that <see cref="Segments"/> are the average of; empty where they are the values themselves.</summary>
    internal IReadOnlyList<ChartPoint> Raw { get; init; } = [];

    /// <summary>The value of the best checkpoint; null where it isn't in the panel.</summary>
    internal ChartPoint? Best { get; init; }

    /// <summary>The rightmost point.</summary>
    internal ChartPoint Last => Segments[^1][^1];
}

/// <summary>A metric of a chart's experiments.</summary>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis, named like the metric.</param>
/// <param name="Lines">What is drawn, in the order of the chart's experiments; at least one.</param>
internal sealed record ChartPanel(Axis X, Axis Y, IReadOnlyList<ChartLine> Lines)
{
    /// <summary>The least value, short.</summary>
    internal string Lowest => Value.ToShortText(Points.Min(point => point.Y));

    /// <summary>The greatest value, short.</summary>
    internal string Highest => Value.ToShortText(Points.Max(point => point.Y));

    private IEnumerable<ChartPoint> Points => Lines.SelectMany(line => line.Raw.Count > 0 ? line.Raw : line.Segments.SelectMany(segment => segment));
}
