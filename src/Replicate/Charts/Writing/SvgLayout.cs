using Replicate.Charts.Axes;

namespace Replicate.Charts.Writing;

/// <summary>Where things stand in an image, in pixels from the left and from above.</summary>
internal sealed class SvgLayout
{
    // An image is drawn before anybody knows its font: text is taken to be as wide as that of a wide one.
    private const double CellWidth = 7.1;
    private const double Edge = 16;
    private const double SingleWidth = 820;
    private const double SingleHeight = 400;
    private const double PanelWidth = 450;
    private const double PanelHeight = 270;
    private const double TitleHeight = 34;
    private const double AxisHeight = 46;
    private const int MaxNameCells = 34;
    private const int MaxLegend = 40;
    private const int MaxDirect = 16;

    internal SvgLayout(Chart chart)
    {
        Chart = chart;
        var isSingle = chart.Panels.Count == 1;
        Columns = isSingle ? 1 : 2;
        var names = chart.Series.Max(NameCells);
        IsDirect = isSingle && !chart.IsScatter && chart.Series.Count <= MaxDirect;
        NameWidth = 34 + (Math.Max(names, IsDirect ? TextCells.Count(Cut(chart.Heading)) - 2 : 0) * CellWidth);
        var rows = (chart.Panels.Count + Columns - 1) / Columns;
        (CellAcross, CellDown) = isSingle ? (SingleWidth, SingleHeight) : (PanelWidth, PanelHeight);
        Width = Columns * CellAcross;
        LegendTop = (rows * CellDown) + 30;
        var hasLegend = !IsDirect && !chart.IsScatter && chart.Series.Count > 1;
        LegendCount = hasLegend ? Math.Min(chart.Series.Count, MaxLegend) : 0;
        LegendColumns = Math.Max(1, (int)((Width - (2 * Edge)) / NameWidth));
        var legendRows = ((LegendCount + LegendColumns - 1) / LegendColumns) + (LegendCount < chart.Series.Count ? 1 : 0);
        Height = (rows * CellDown) + (hasLegend ? (legendRows * LegendRowHeight) + 22 : 0) + (chart.HasBest ? 26 : 0);
    }

    /// <summary>The height of a line of the legend.</summary>
    internal static double LegendRowHeight => 18;

    internal Chart Chart { get; }

    internal double Width { get; }

    internal double Height { get; }

    internal int Columns { get; }

    /// <summary>Whether lines are named at their ends, rather than in a legend.</summary>
    internal bool IsDirect { get; }

    /// <summary>The width that the longest name takes, with its key.</summary>
    internal double NameWidth { get; }

    internal double LegendTop { get; }

    /// <summary>How many series the legend names; 0 for no legend.</summary>
    internal int LegendCount { get; }

    internal int LegendColumns { get; }

    private double CellAcross { get; }

    private double CellDown { get; }

    /// <summary>The values of a series' params, or its id, cut to the room for names.</summary>
    internal static string NameOf(ChartSeries series) =>
        series.Values.Length == 0 ? series.Id : TextCells.Cut(series.Values, MaxNameCells - series.Id.Length - 1);

    /// <summary>A text cut to the room for names.</summary>
    internal static string Cut(string text) => TextCells.Cut(text, MaxNameCells);

    /// <summary>About how wide a text is.</summary>
    internal static double WidthOf(string text) => TextCells.Count(text) * CellWidth;

    /// <summary>The rectangle that a panel's values are drawn in.</summary>
    internal (double Left, double Top, double Right, double Bottom) Plot(int index, IReadOnlyList<Tick> yTicks)
    {
        var (left, top) = (index % Columns * CellAcross, index / Columns * CellDown);
        var labels = yTicks.Max(tick => WidthOf(tick.Text));
        var margin = IsDirect ? NameWidth : Chart.IsScatter ? WidthOf(Chart.Series[0].Id) + 12 : Edge + 8;
        return (left + Edge + labels + 8, top + TitleHeight + 6, left + CellAcross - margin, top + CellDown - AxisHeight);
    }

    private static int NameCells(ChartSeries series) => series.Values.Length == 0
        ? TextCells.Count(series.Id)
        : TextCells.Count(NameOf(series)) + 1 + TextCells.Count(series.Id);
}
