using Replicate.Adapters;
using Replicate.Charts.Axes;
using Replicate.Charts.Building;
using Replicate.Presentation;

namespace Replicate.Charts.Writing;

/// <summary>Writes a chart as a page that draws it with Vega: a legend to hide and show lines, values under the pointer, zoom.</summary>
internal static class HtmlChart
{
    private const string LegendHint = " A click on a name in the legend hides or shows its line.";
    private const string BestHint = " A ring marks the best checkpoint.";

    /// <summary>Writes a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static Task WriteAsync(Chart chart, Stream stream, CancellationToken cancellationToken) => new HtmlPage
    {
        Title = chart.Title,
        Style = ReadAsset("plot.css"),
        Body =
            $"""
            <main>
            <h1></h1>
            <p>Scroll to zoom, drag to move, double-click to go back.{(chart.IsScatter || chart.Series.Count == 1 ? "" : LegendHint)}{(chart.HasBest ? BestHint : "")}</p>
            <div id="chart"></div>
            </main>
            """,
        Data = [new("data", (target, _) =>
        {
            WriteData(chart, target);
            return Task.CompletedTask;
        })],
        Scripts = [AdapterLoader.Adapters.ReadVega(), ReadAsset("plot.js")],
    }.WriteAsync(stream, cancellationToken);

    private static string ReadAsset(string name)
    {
        using var reader = new StreamReader(typeof(HtmlChart).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static void WriteData(Chart chart, Stream stream)
    {
        var json = new JsonTextWriter(indent: 0);
        var names = UniqueTexts.Of(chart.Series.Select(series => $"{series.Values} {series.Id}".TrimStart()));
        json.BeginObject();
        json.Member("title", chart.Title);
        json.Member("description", chart.Description);
        json.Member("heading", chart.Heading);
        json.Member("isScatter", chart.IsScatter);
        WriteList(json, "colors", Palette.Colors, color => json.Value(color));
        WriteList(json, "series", Enumerable.Range(0, chart.Series.Count), series => WriteSeries(json, series, names[series]));
        WriteList(json, "panels", chart.Panels, panel =>
        {
            json.BeginObject();
            WriteAxis(json, "x", panel.X);
            WriteAxis(json, "y", panel.Y);
            json.EndObject();
        });
        json.Name("datasets");
        json.BeginObject();
        for (var i = 0; i < chart.Panels.Count; i++)
        {
            var panel = chart.Panels[i];
            WriteList(json, $"points{i}", Points(panel), point => WritePoint(json, panel, point, chart, names));
            WriteList(json, $"raw{i}", panel.Lines.SelectMany(line => line.Raw.Select(point => new Row(line.Series, 0, point))), point => WritePoint(json, panel, point, chart, names));
            WriteList(
                json, $"best{i}", panel.Lines.Where(line => line.Best is not null).Select(line => new Row(line.Series, 0, line.Best!.Value)),
                point => WritePoint(json, panel, point, chart, names));
            json.FlushTo(stream);
        }

        json.EndObject();
        json.EndObject();
        json.FlushTo(stream);
    }

    private static IEnumerable<Row> Points(ChartPanel panel)
    {
        var segments = panel.Lines.SelectMany(line => line.Segments.Select(segment => (line.Series, Segment: segment)));
        return segments.SelectMany((part, index) => part.Segment.Select(point => new Row(part.Series, index, point, part.Segment.Count == 1)));
    }

    private static void WriteSeries(JsonTextWriter json, int series, string name)
    {
        json.BeginObject();
        json.Member("name", name);
        json.Member("color", Palette.HexOf(series));
        WriteList(json, "dash", Palette.DashOf(series) is { Length: > 0 } dash ? dash.Split(' ') : ["1", "0"], length => json.Value(long.Parse(length, System.Globalization.CultureInfo.InvariantCulture)));
        json.EndObject();
    }

    private static void WriteAxis(JsonTextWriter json, string name, Axis axis)
    {
        json.Name(name);
        json.BeginObject();
        json.Member("label", axis.Label);
        json.Member("isLog", axis.IsLog);
        json.Member("min", axis.Min);
        json.Member("max", axis.Max);
        if (axis.Categories is { } categories)
        {
            WriteList(json, "categories", categories, category => json.Value(category));
        }

        json.EndObject();
    }

    /// <summary>A point: its place, its experiment, its piece of the line, and whether it is all of that piece.</summary>
    private static void WritePoint(JsonTextWriter json, ChartPanel panel, Row row, Chart chart, string[] names)
    {
        json.BeginObject();
        json.Member("s", names[row.Series]);
        json.Member("id", chart.Series[row.Series].Id);
        json.Member("g", row.Segment);
        json.Member("x", row.Point.X);
        json.Member("y", row.Point.Y);
        if (panel.X.Categories is { } categories)
        {
            json.Member("c", categories[(int)row.Point.X]);
        }

        if (row.IsAlone)
        {
            json.Member("d", 1L);
        }

        json.EndObject();
    }

    private static void WriteList<T>(JsonTextWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.Name(name);
        json.BeginArray();
        foreach (var item in items)
        {
            write(item);
        }

        json.EndArray();
    }

    private readonly record struct Row(int Series, long Segment, ChartPoint Point, bool IsAlone = false);
}
