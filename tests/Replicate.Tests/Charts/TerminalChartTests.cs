using System.Text.RegularExpressions;
using Replicate.Charts;
using Replicate.Charts.Writing;

namespace Replicate.Tests.Charts;

public partial class TerminalChartTests
{
    public static TheoryData<string> Names { get; } =
        ["curves", "single", "smooth", "log", "metrics", "param", "categories", "gap", "point", "equal", "many", "hostile"];

    [Fact]
    public void A_line_is_drawn_with_its_axes_and_its_name() => Assert.Equal(
        """
          loss
        3 ┤⠑⠢⢄⡀
          │   ⠈⠑⠤⣀
        2 ┤       ⠉⠒⢄⡀
          │          ⠈⠑⠢⢄⡀
        1 ┤              ⠈⠑⠢*⣀⣀⣀⣀⣀⣀⣀⣀⣀
          └┬────────┬───────┬────────┬
           0        1       2        3
                      step

        line000  * best 1 at step 2
        """.ReplaceLineEndings("\n"),
        string.Join('\n', TerminalChart.Draw(
            Curves.Chart([Curves.WithLosses("line0001", 1, 3, 2, 1, 1.000001)]), width: 30, height: 5)));

    [Theory]
    [MemberData(nameof(Names))]
    public void No_line_is_longer_than_the_window_or_holds_a_control_character(string name)
    {
        foreach (var width in new[] { 30, 40, 80, 120, 200 })
        {
            Assert.All(TerminalChart.Draw(Curves.Named(name), width), line =>
            {
                Assert.InRange(TextCells.Count(line), 0, width);
                Assert.DoesNotContain(line, char.IsControl);
                Assert.Equal(line.TrimEnd(), line);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_color_it_says_the_same_and_colors_end_in_their_line(string name)
    {
        var plain = TerminalChart.Draw(Curves.Named(name));
        var colored = TerminalChart.Draw(Curves.Named(name), colored: true);

        Assert.Equal(plain, colored.Select(line => Escape().Replace(line, "").TrimEnd()));
        Assert.All(colored, line =>
        {
            var codes = Escape().Matches(line).Select(match => match.Value).ToArray();
            Assert.Equal("\u001b[0m", codes.DefaultIfEmpty("\u001b[0m").Last());
        });
    }

    [Fact]
    public void Each_panel_has_its_metric_and_many_experiments_their_first_names()
    {
        var panels = TerminalChart.Draw(Curves.Named("metrics"));
        Assert.Single(panels, line => line.Trim() == "loss");
        Assert.Single(panels, line => line.Trim() == "accuracy");
        Assert.Single(panels, line => line.Trim() == "step");

        Assert.Equal("and 20 more", TerminalChart.Draw(Curves.Named("many"))[^1]);
    }

    [Fact]
    public void Against_a_param_experiments_are_letters()
    {
        var lines = TerminalChart.Draw(Curves.Named("categories"));
        Assert.EndsWith(" B", lines.Single(line => line.StartsWith("0.7 ┤", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("A  adam000 p=adam  * best 0.4", lines);
    }

    [Theory]
    [InlineData("日本語 text", 6, "日本…")]
    [InlineData("short", 6, "short")]
    [InlineData("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301")]
    public void Text_is_cut_by_the_room_it_takes(string text, int cells, string expected) => Assert.Equal(expected, TextCells.Cut(text, cells));

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
