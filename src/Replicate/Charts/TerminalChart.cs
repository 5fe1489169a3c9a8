using System.Globalization;
using System.Text;
using Replicate.Charts.Axes;
using Replicate.Charts.Writing;

namespace Replicate.Charts;

/// <summary>Draws charts as lines of text, for a terminal or a log.</summary>
public sealed class TerminalChart
{
    /// <summary>The width where there is no window.</summary>
    public const int DefaultWidth = 80;

    private const int LeastWidth = 30;
    private const int LeastHeight = 3;
    private const int CellsPerXTick = 12;
    private const int RowsPerYTick = 3;
    private const int MaxLegend = 20;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const char BestMark = '*';

    private readonly Chart _chart;
    private readonly int _width;
    private readonly int _height;
    private readonly bool _colored;
    private readonly List<string> _lines = [];

    private TerminalChart(Chart chart, int width, int height, bool colored) =>
        (_chart, _width, _height, _colored) = (chart, width, height, colored);

    /// <summary>Draws a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="width">The most characters of a line; below 30 it is 30.</param>
    /// <param name="height">The lines of each panel without its labels, 3 or more; 0 for what suits the number of panels.</param>
    /// <param name="colored">Whether lines may hold colours, as escape sequences that end in the same line.</param>
    /// <returns>The lines, without line ends.</returns>
    public static IReadOnlyList<string> Draw(Chart chart, int width = DefaultWidth, int height = 0, bool colored = false)
    {
        var rows = height > 0 ? Math.Max(height, LeastHeight) : chart.Panels.Count switch { 1 => 16, 2 => 11, _ => 8 };
        var drawing = new TerminalChart(chart, Math.Max(width, LeastWidth), rows, colored);
        drawing.DrawAll();
        return drawing._lines;
    }

    private bool HasLetters => _chart.IsScatter || _chart.Series.Count > 1;

    private void DrawAll()
    {
        var ticks = _chart.Panels.Select(panel => panel.Y.Ticks(Math.Max(2, _height / RowsPerYTick))).ToArray();
        var margin = Math.Min(_width / 3, ticks.SelectMany(list => list).Max(tick => TextCells.Count(tick.Text)));
        foreach (var (panel, yTicks) in _chart.Panels.Zip(ticks))
        {
            DrawPanel(panel, yTicks, margin, isLast: panel == _chart.Panels[^1]);
        }

        DrawLegend();
    }

    private void DrawPanel(ChartPanel panel, IReadOnlyList<Tick> yTicks, int margin, bool isLast)
    {
        var canvas = new BrailleCanvas(_width - margin - (_chart.IsScatter || !HasLetters ? 2 : 4), _height);
        var ends = Plot(panel, canvas);
        var labels = yTicks.DistinctBy(tick => canvas.RowAt(panel.Y.Position(tick.Value)))
            .ToDictionary(tick => canvas.RowAt(panel.Y.Position(tick.Value)), tick => TextCells.Cut(tick.Text, margin));
        _lines.Add(new string(' ', margin + 1) + Bold(TextCells.Cut(panel.Y.Label + (panel.Y.IsLog ? " (log)" : ""), _width - margin - 1)));
        for (var row = 0; row < _height; row++)
        {
            var isLabelled = labels.TryGetValue(row, out var label);
            var text = canvas.RowText(row, Color);
            if (ends.TryGetValue(row, out var series))
            {
                // The canvas gives its text without blanks at the end, and colours take no room.
                text = canvas.RowText(row, static (drawn, _) => drawn) is var drawn ? text + new string(' ', _width - margin - 4 - drawn.Length) : text;
                text += $" {Color(Letters[series].ToString(), series)}";
            }

            _lines.Add($"{TextCells.PadStart(label ?? "", margin)} {Faint(isLabelled ? "┤" : "│")}{text}".TrimEnd());
        }

        DrawXAxis(panel.X, canvas, margin, isLast);
    }

    /// <summary>Draws what is in a panel.</summary>
    /// <returns>Of each row in which lines end, one of the series that do.</returns>
    private Dictionary<int, int> Plot(ChartPanel panel, BrailleCanvas canvas)
    {
        (double X, double Y) At(ChartPoint point) => (panel.X.Position(point.X), panel.Y.Position(point.Y));
        foreach (var point in panel.Lines.SelectMany(line => line.Raw))
        {
            canvas.Line([At(point)], BrailleCanvas.Faint);
        }

        var ends = new Dictionary<int, int>();
        foreach (var line in panel.Lines)
        {
            foreach (var segment in line.Segments)
            {
                if (_chart.IsScatter)
                {
                    var (x, y) = At(segment[0]);
                    canvas.Letter(x, y, LetterOf(line.Series), line.Series);
                }
                else
                {
                    canvas.Line(segment.Select(At), line.Series);
                }
            }

            if (HasLetters && !_chart.IsScatter && line.Series < Letters.Length)
            {
                Place(ends, canvas.RowAt(panel.Y.Position(line.Last.Y)), line.Series);
            }
        }

        foreach (var line in panel.Lines.Where(line => line.Best is not null))
        {
            var (x, y) = At(line.Best!.Value);
            canvas.Letter(x, y, BestMark, line.Series);
        }

        return ends;
    }

    /// <summary>Puts a letter into its row, or the nearest that is free.</summary>
    private void Place(Dictionary<int, int> ends, int row, int series)
    {
        var free = Enumerable.Range(0, _height).Where(other => !ends.ContainsKey(other)).DefaultIfEmpty(-1).MinBy(other => Math.Abs(other - row));
        if (free >= 0)
        {
            ends[free] = series;
        }
    }

    private void DrawXAxis(Axis axis, BrailleCanvas canvas, int margin, bool isLast)
    {
        var columns = _width - margin - (_chart.IsScatter || !HasLetters ? 2 : 4);
        var ticks = axis.Ticks(Math.Max(3, columns / CellsPerXTick));
        var line = new StringBuilder().Append('─', columns);
        var labels = new StringBuilder(new string(' ', margin + 2));
        foreach (var tick in ticks)
        {
            var column = canvas.ColumnAt(axis.Position(tick.Value));
            line[column] = '┬';
            var text = TextCells.Cut(tick.Text, Math.Max(1, (columns / ticks.Count) - 1));
            var start = Math.Min(margin + 2 + column - (TextCells.Count(text) / 2), _width - TextCells.Count(text));
            var end = TextCells.Count(labels.ToString());
            if (start > end || end == margin + 2)
            {
                labels.Append(' ', Math.Max(0, start - end)).Append(text);
            }
        }

        _lines.Add(new string(' ', margin + 1) + Faint($"└{line}"));
        if (isLast)
        {
            var name = TextCells.Cut(axis.Label + (axis.IsLog ? " (log)" : ""), columns);
            _lines.Add(labels.ToString().TrimEnd());
            _lines.Add(new string(' ', Math.Max(margin + 2, margin + 2 + ((columns - TextCells.Count(name)) / 2))) + name);
        }
    }

    private void DrawLegend()
    {
        var shown = _chart.Series.Take(MaxLegend).ToArray();
        var names = shown.Max(series => TextCells.Count(series.Name));
        _lines.Add("");
        for (var i = 0; i < shown.Length; i++)
        {
            var key = HasLetters ? $"{Color($"{LetterOf(i)} {(_chart.IsScatter ? "" : "──")}", i)} " : "";
            var room = _width - (HasLetters ? (_chart.IsScatter ? 3 : 5) : 0);
            var best = BestOf(i);
            var name = TextCells.Cut(shown[i].Name, room);
            var fits = names + 2 + best.Length <= room;
            _lines.Add((key + (fits ? $"{TextCells.PadEnd(name, names)}  {best}" : name)).TrimEnd());
        }

        if (_chart.Series.Count > MaxLegend)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {_chart.Series.Count - MaxLegend} more"));
        }
    }

    /// <summary>What the star of a series says, in the first panel that has it.</summary>
    private string BestOf(int series)
    {
        var panel = _chart.Panels.FirstOrDefault(panel => panel.Lines.Any(line => line.Series == series && line.Best is not null));
        return panel?.Lines.First(line => line.Series == series).Best is not { } best ? ""
            : $"{BestMark} best {(_chart.Panels.Count > 1 ? panel.Y.Label + " " : "")}{Value.ToShortText(best.Y)}"
            + (_chart.IsScatter ? "" : $" at step {Value.ToShortText(best.X)}");
    }

    private static char LetterOf(int series) => series < Letters.Length ? Letters[series] : 'o';

    private string Color(string text, int series) => !_colored ? text
        : series == BrailleCanvas.Faint ? Faint(text)
        : string.Create(CultureInfo.InvariantCulture, $"\u001b[38;5;{Palette.TerminalOf(series)}m{text}\u001b[0m");

    private string Faint(string text) => _colored ? $"\u001b[2m{text}\u001b[0m" : text;

    private string Bold(string text) => _colored ? $"\u001b[1m{text}\u001b[0m" : text;
}
