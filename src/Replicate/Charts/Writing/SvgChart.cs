using System.Globalization;
using Replicate.Charts.Axes;

namespace Replicate.Charts.Writing;

/// <summary>Draws a chart as an SVG image.</summary>
internal sealed class SvgChart
{
    private const double PixelsPerXTick = 90;
    private const double LabelHeight = 15;
    private const int MaxPointLabels = 16;

    private readonly Chart _chart;
    private readonly SvgLayout _layout;
    private readonly SvgDrawing _svg;

    private SvgChart(Chart chart, SvgLayout layout, SvgDrawing svg) => (_chart, _layout, _svg) = (chart, layout, svg);

    /// <summary>Writes a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="stream">Where to; it stays open.</param>
    internal static void Write(Chart chart, Stream stream)
    {
        var layout = new SvgLayout(chart);
        using var svg = new SvgDrawing(stream, layout.Width, layout.Height, chart.Title, chart.Description);
        var drawing = new SvgChart(chart, layout, svg);
        for (var i = 0; i < chart.Panels.Count; i++)
        {
            drawing.DrawPanel(i);
        }

        drawing.DrawLegend();
    }

    private void DrawPanel(int index)
    {
        var panel = _chart.Panels[index];
        var yTicks = panel.Y.Ticks(_chart.Panels.Count == 1 ? 6 : 4);
        var (left, top, right, bottom) = _layout.Plot(index, yTicks);
        (double X, double Y) At(ChartPoint point) =>
            (left + (panel.X.Position(point.X) * (right - left)), bottom - (panel.Y.Position(point.Y) * (bottom - top)));

        DrawAxes(panel, yTicks, left, top, right, bottom);
        if (_chart.IsScatter)
        {
            DrawPoints(panel, At);
        }
        else
        {
            DrawLines(panel, At);
        }

        if (_layout.IsDirect)
        {
            NameLines(panel, At, right + 10, top, bottom);
        }
    }

    private void DrawAxes(ChartPanel panel, IReadOnlyList<Tick> yTicks, double left, double top, double right, double bottom)
    {
        _svg.Text(left, top - 14, Label(panel.Y, right - left), ChartColors.Text, weight: "bold");
        foreach (var tick in yTicks)
        {
            var y = bottom - (panel.Y.Position(tick.Value) * (bottom - top));
            _svg.Line(left, y, right, y, ChartColors.Grid);
            _svg.Text(left - 8, y + 4, tick.Text, ChartColors.Secondary, "end");
        }

        _svg.Line(left, bottom, right, bottom, ChartColors.Axis);
        var end = double.NegativeInfinity;
        foreach (var tick in panel.X.Ticks(Math.Max(2, (int)((right - left) / PixelsPerXTick))))
        {
            var x = left + (panel.X.Position(tick.Value) * (right - left));
            _svg.Line(x, bottom, x, bottom + 5, ChartColors.Axis);
            var half = SvgLayout.WidthOf(tick.Text) / 2;
            if (x - half > end)
            {
                _svg.Text(x, bottom + 19, tick.Text, ChartColors.Secondary, "middle");
                end = x + half + 6;
            }
        }

        _svg.Text((left + right) / 2, bottom + 37, Label(panel.X, right - left), ChartColors.Text, "middle");
    }

    private void DrawLines(ChartPanel panel, Func<ChartPoint, (double X, double Y)> at)
    {
        foreach (var line in panel.Lines.Where(line => line.Raw.Count > 0))
        {
            _svg.Cloud(line.Raw.Select(at), Palette.HexOf(line.Series));
        }

        foreach (var line in panel.Lines)
        {
            var (color, name) = (Palette.HexOf(line.Series), _chart.Series[line.Series].Name);
            _svg.Path(line.Segments.Where(segment => segment.Count > 1).Select(segment => segment.Select(at)), color, Palette.DashOf(line.Series), name);
            foreach (var (x, y) in line.Segments.Where(segment => segment.Count == 1).Select(segment => at(segment[0])))
            {
                _svg.Circle(x, y, 1.5, color, color, name);
            }
        }

        foreach (var line in panel.Lines.Where(line => line.Best is not null))
        {
            var (x, y) = at(line.Best!.Value);
            _svg.Circle(x, y, 4.5, "#ffffff", Palette.HexOf(line.Series), $"Best: {Tell(panel, line, line.Best.Value)}");
        }
    }

    private void DrawPoints(ChartPanel panel, Func<ChartPoint, (double X, double Y)> at)
    {
        var points = panel.Lines
            .SelectMany(line => line.Segments.Select(segment => (Line: line, Point: segment[0], IsBest: line.Best == segment[0])))
            .OrderBy(point => point.IsBest).ToArray();
        var labels = new List<(double X, double Y)>();
        var width = SvgLayout.WidthOf(_chart.Series[0].Id);
        foreach (var (line, point, isBest) in points)
        {
            var (x, y) = at(point);
            var told = Tell(panel, line, point);
            var color = Palette.HexOf(isBest ? 1 : 0);
            _svg.Circle(x, y, 4.5, isBest ? "#ffffff" : color, isBest ? color : "#ffffff", isBest ? $"Best: {told}" : told);

            // Named where there is room: to its right, not over another name.
            if (points.Length <= MaxPointLabels && !labels.Exists(other => Math.Abs(other.X - x) < width && Math.Abs(other.Y - y) < LabelHeight))
            {
                labels.Add((x, y));
                _svg.Text(x + 9, y + 4, _chart.Series[line.Series].Id, ChartColors.Secondary);
            }
        }
    }

    /// <summary>Names lines at their ends, one below the other in the order in which they end.</summary>
    private void NameLines(ChartPanel panel, Func<ChartPoint, (double X, double Y)> at, double x, double top, double bottom)
    {
        var lines = panel.Lines.OrderBy(line => at(line.Last).Y).ToArray();
        var places = new double[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            places[i] = Math.Max(at(lines[i].Last).Y, i == 0 ? top : places[i - 1] + LabelHeight);
        }

        for (var i = lines.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], i == lines.Length - 1 ? bottom : places[i + 1] - LabelHeight);
        }

        _svg.Text(x, top - 14, SvgLayout.Cut(_chart.Heading), ChartColors.Secondary);
        for (var i = 0; i < lines.Length; i++)
        {
            Name(x, places[i], lines[i].Series);
        }
    }

    private void DrawLegend()
    {
        if (_layout.LegendCount > 0)
        {
            _svg.Text(20, _layout.LegendTop - SvgLayout.LegendRowHeight, _chart.Heading, ChartColors.Secondary);
        }

        for (var i = 0; i < _layout.LegendCount; i++)
        {
            Name(20 + (i % _layout.LegendColumns * _layout.NameWidth), _layout.LegendTop + (i / _layout.LegendColumns * SvgLayout.LegendRowHeight), i);
        }

        if (_layout.LegendCount > 0 && _layout.LegendCount < _chart.Series.Count)
        {
            var more = string.Create(CultureInfo.InvariantCulture, $"and {_chart.Series.Count - _layout.LegendCount} more");
            _svg.Text(20, _layout.Height - 34, more, ChartColors.Secondary);
        }

        if (_chart.HasBest)
        {
            _svg.Circle(25, _layout.Height - 13, 4, "#ffffff", _chart.IsScatter ? Palette.HexOf(1) : ChartColors.Secondary, "Best checkpoint");
            _svg.Text(36, _layout.Height - 9, "best checkpoint", ChartColors.Secondary);
        }
    }

    private void Name(double x, double y, int series)
    {
        var named = _chart.Series[series];
        _svg.Path([[(x, y), (x + 14, y)]], Palette.HexOf(series), Palette.DashOf(series), named.Name);
        _svg.Text(x + 20, y + 4, SvgLayout.NameOf(named), ChartColors.Text, faint: named.Values.Length == 0 ? "" : named.Id);
    }

    private string Tell(ChartPanel panel, ChartLine line, ChartPoint point)
    {
        var x = panel.X.Categories is { } categories ? categories[(int)point.X] : Value.ToText(point.X);
        return $"{_chart.Series[line.Series].Name}: {panel.Y.Label} {Value.ToText(point.Y)} at {panel.X.Label} {x}";
    }

    private static string Label(Axis axis, double width) =>
        TextCells.Cut(axis.Label, (int)(width / 8)) + (axis.IsLog ? " (log)" : "");
}
