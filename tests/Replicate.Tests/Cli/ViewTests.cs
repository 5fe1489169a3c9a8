using System.Text;
using Replicate.Cli;
using Replicate.Cli.Views;

namespace Replicate.Tests.Cli;

public class ViewTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("é", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("模型", 4)]
    [InlineData("😀", 2)]
    public void Characters_take_the_cells_that_terminals_give_them(string text, int cells) =>
        Assert.Equal(cells, TextCells.Count(text));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("abcdefgh", 3, "abc|def|gh")]
    [InlineData("模型模型", 3, "模|型|模|型")]
    [InlineData("模型", 1, "模|型")]
    public void Text_wraps_after_a_space_or_within_a_long_word(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', TextWrap.Of(text, width)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colour_and_wide_characters_do_not_change_the_alignment(bool color)
    {
        var table = new List<Cell[]>();
        table.Add([new Cell("NAME", Styles.Bold), "VALUE"]);
        table.Add([new Cell("模型", Styles.Red), "1"]);
        table.Add([new Cell(["x", "y"]), "2"]);
        table.Add([new Cell("a heading over all columns", Styles.Bold)]);
        table.Add([]);
        table.Add(["", "3"]);
        var text = Write(table, width: null, color);
        Assert.Equal(color, text.Contains('\e', StringComparison.Ordinal));
        foreach (var code in new[] { "\e[1m", "\e[31m", "\e[0m" })
        {
            text = text.Replace(code, "", StringComparison.Ordinal);
        }

        Assert.Equal("NAME  VALUE\n模型  1\nx     2\ny\na heading over all columns\n\n      3\n", text);
    }

    [Fact]
    public void A_table_is_no_wider_than_the_terminal()
    {
        var table = new List<Cell[]>();
        table.Add(["id", string.Join(' ', Enumerable.Repeat("word", 20)), new string('x', 50)]);
        var lines = Write(table, width: 50, color: false).TrimEnd().Split('\n');
        Assert.True(lines.Length > 2);
        Assert.All(lines, line => Assert.True(line.Length <= 50, line));
    }

    [Theory]
    [InlineData(0, "1 second ago")]
    [InlineData(-5, "1 second ago")]
    [InlineData(59, "59 seconds ago")]
    [InlineData(60, "1 minute ago")]
    [InlineData(3 * 60, "3 minutes ago")]
    [InlineData(2 * 3600, "2 hours ago")]
    [InlineData(47 * 3600, "1 day ago")]
    [InlineData(20 * 86400, "20 days ago")]
    public void Ages_are_told_in_one_unit(int seconds, string expected)
    {
        var now = Timestamp.Now;
        Assert.Equal(expected, Moments.Age(Timestamp.From(now.Utc.AddSeconds(-seconds)), now));
    }

    [Fact]
    public void What_is_long_past_or_to_come_is_a_date()
    {
        Assert.True(Timestamp.TryParse("2026-11-21T12:00:00Z", out var now));
        Assert.Equal("2026-08-01", Moments.Age(Timestamp.From(new DateTime(2026, 8, 1, 12, 0, 0)), now));
        Assert.Equal("2026-12-24", Moments.Age(Timestamp.From(new DateTime(2026, 12, 24, 12, 0, 0)), now));
    }

    private static string Write(List<Cell[]> table, int? width, bool color)
    {
        var output = new MemoryStream();
        using var terminal = new Terminal(output, Stream.Null)
        {
            ReadLine = () => null,
            Width = width,
            Color = color,
        };
        Table.Write(table, terminal);
        terminal.Output.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
