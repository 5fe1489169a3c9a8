using System.Text;
using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

/// <summary>
/// What programs print, line by line as they do, with the points that are recorded of it: <c>ConsoleFormats.txt</c>. There
/// <c>\e</c>, <c>\r</c> and <c>\b</c> stand for escape, return and backspace; the lines with <c>&gt;&gt;</c> are shown in the docs.
/// </summary>
public class ConsoleFormatsTests
{
    private sealed record Format(string Name, List<string> Lines, List<string> Points, string Shown);

    public static TheoryData<string> Names => [.. Formats().Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_of_a_format_is_recorded(string name)
    {
        var format = Formats().Single(format => format.Name == name);

        Assert.Equal(format.Points, Record(format.Lines));
    }

    [Fact]
    public void The_docs_have_a_row_for_each_format_that_says_what_is_recorded_of_its_line()
    {
        var docs = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "METRICS.md"));
        var missing = Formats().Where(format => format.Shown.Length > 0).Select(Row).Where(row => !docs.Contains(row, StringComparison.Ordinal)).ToList();

        Assert.True(missing.Count == 0, "docs/METRICS.md lacks these rows:\n" + string.Join('\n', missing));
    }

    /// <summary>A row of the table: the point that holds what the shown line adds to those before it.</summary>
    private static string Row(Format format)
    {
        var before = format.Lines.TakeWhile(line => line != format.Shown).ToList();
        var known = Record(before);
        var points = Record([.. before, format.Shown]);
        var recorded = points.Except(known).LastOrDefault() ?? points[^1];
        var said = recorded[(recorded.IndexOf(" | ", StringComparison.Ordinal) + 3)..].Split(", ");
        recorded = format.Points.Find(point => said.All(metric => $"{point},".Contains($" {metric},", StringComparison.Ordinal))) ?? recorded;
        var (step, metrics) = (recorded[..recorded.IndexOf(" | ", StringComparison.Ordinal)], recorded[(recorded.IndexOf(" | ", StringComparison.Ordinal) + 3)..]);
        return $"| {format.Name} | `{Cell(format.Shown)}` | {(step.Length > 0 ? "step " + step : "next step")}: {Cell(metrics)} |";
    }

    private static string Cell(string text) =>
        text.Trim().Replace("\t", "⇥", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);

    private static List<string> Record(IEnumerable<string> lines)
    {
        var points = new List<string>();
        var problems = new MetricProblems();
        MetricSource[] sources = [MetricSource.Pairs];
        var collector = new MetricCollector(
            sources, null, problems, _ => { },
            step => points.Add(Readings.Text(step.Step, step.ToMap().Select(metric => (metric.Key, (double)metric.Value!)))));
        var output = new OutputReader(sources, collector, problems);
        foreach (var line in lines)
        {
            output.Add(false, Encoding.UTF8.GetBytes(line.Replace("\\e", "\u001b").Replace("\\r", "\r").Replace("\\b", "\b") + "\n"), Timestamp.Now);
        }

        output.Finish();
        collector.Finish();
        return points;
    }

    private static List<Format> Formats()
    {
        var formats = new List<Format>();
        foreach (var line in File.ReadLines(Path.Combine(Checkout.Root, "tests", "Replicate.Tests", "Runs", "Metrics", "ConsoleFormats.txt")))
        {
            var text = line[Math.Min(line.Length, line.StartsWith(">>", StringComparison.Ordinal) ? 3 : 2)..];
            if (line.StartsWith('#'))
            {
                formats.Add(new Format(text, [], [], ""));
            }
            else if (line.StartsWith('='))
            {
                formats[^1].Points.Add(text);
            }
            else
            {
                formats[^1].Lines.Add(text);
                formats[^1] = line.StartsWith(">>", StringComparison.Ordinal) ? formats[^1] with { Shown = text } : formats[^1];
            }
        }

        return formats;
    }
}
