using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

/// <summary>The files in docs/METRICS.md give what is said there.</summary>
public sealed class DocumentedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (var line in File.ReadLines(Path.Combine(Checkout.Root, "docs", "METRICS.md")))
            {
                if (line.Split(" | ") is [var program, var option, var text, var recorded] && option.StartsWith("`-", StringComparison.Ordinal))
                {
                    rows.Add(program.TrimStart('|', ' '), option.Trim('`'), Lines(text), Lines(recorded.TrimEnd('|', ' ')));
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_the_table_says_is_recorded(string program, string option, string text, string recorded)
    {
        // Also by a file in the encoding of Windows, and one that grows by a character at a time.
        foreach (var bytes in (byte[][])[System.Text.Encoding.UTF8.GetBytes(text + "\n"), [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal))]])
        {
            Assert.Equal((program, recorded), (program, Record(option, bytes, piece: bytes.Length)));
            Assert.Equal((program, recorded), (program, Record(option, bytes, piece: 7)));
        }
    }

    [Fact]
    public void The_table_has_the_formats() => Assert.True(Rows.Count >= 18);

    public void Dispose() => _directory.Dispose();

    private static string Lines(string cell) =>
        string.Join('\n', cell.Split("<br>").Select(span => span.Trim('`'))).Replace('⇥', '\t');

    private string Record(string option, byte[] bytes, int piece)
    {
        var points = new List<(long? Step, List<(string Name, double Value)> Metrics)>();
        var refused = new List<string>();
        var takers = new FileTakers(
            reading =>
            {
                // As the steps of a run are put together.
                if (points.Count > 0 && points[^1].Step == reading.Step && reading.Step is not null
                    && !points[^1].Metrics.Any(metric => reading.Metrics.Any(other => other.Name == metric.Name)))
                {
                    points[^1].Metrics.AddRange(reading.Metrics);
                    return;
                }

                points.Add((reading.Step, [.. reading.Metrics]));
            },
            refused.Add,
            refused.Add);
        var name = Path.GetFileName(option);
        var path = _directory.Combine(name);
        File.Delete(path);
        using IFileSource source = option.StartsWith("-CsvFile", StringComparison.Ordinal)
            ? new LineFileSource(path, new CsvReader(), takers) : new JsonFileSource(path, takers);
        foreach (var part in bytes.Chunk(piece))
        {
            File.AppendAllBytes(path, part);
            source.Poll(isLast: false);
        }

        source.Poll(isLast: true);
        Assert.Empty(refused);
        return string.Join('\n', points.Select(point =>
            Readings.Text(point.Step, point.Metrics) is var text && point.Step is null ? "next: " + text[3..] : text.Replace(" | ", ": ", StringComparison.Ordinal)));
    }
}
