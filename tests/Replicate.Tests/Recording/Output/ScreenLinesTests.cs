using System.Text;
using Replicate.Recording.Output;

namespace Replicate.Tests.Recording.Output;

/// <summary>What is kept of what a program draws on a terminal, whatever pieces it comes in.</summary>
public class ScreenLinesTests
{
    [Theory]
    [InlineData("a\nb\n\nc", "a|b||c")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("  0%|   \r 50%|#  \r100%|###\ndone\n", "100%|###|done")]
    [InlineData("1/2\b\b\b2/2\n", "2/2")]
    [InlineData("\u001b[31mred\u001b[0m \u001b]0;title\aand \u001b[1;4mbold\u001b(B\n", "red and bold")]
    [InlineData("\u001b]0;title\u001b\\text\n", "text")]
    [InlineData("downloading\r\u001b[2Kdone\n", "done")]
    [InlineData("downloading\r           \r", "")]
    [InlineData("tab\there, bell\a, \u00e9\n", "tab\there, bell\a, \u00e9")]

    // Two bars of tqdm, of which the lower is drawn by going down and up again; what stood first is a line of its own.
    [InlineData("a 0%\n\rb 0%\u001b[A\ra 1%\n\rb 1%\u001b[A\ra 2%\n\rb 2%\u001b[A\ra 3%\n\rb 3%\nend\n", "a 0%|a 3%|b 3%|end")]

    // A display of rich: all lines of a frame are gone over by the next.
    [InlineData("x 1\ny 1\u001b[1A\r\u001b[2Kx 2\n\u001b[2Ky 2\u001b[1A\r\u001b[2Kx 3\n\u001b[2Ky 3\n", "x 1|x 3|y 3")]
    public void A_line_is_kept_as_it_was_last_seen(string written, string kept)
    {
        foreach (var length in new[] { 1, 2, 3, 7, 1000 })
        {
            Assert.Equal(kept, string.Join('|', Lines(written, length)));
        }
    }

    [Fact]
    public void Bars_that_are_over_hold_nothing_back()
    {
        var written = "\ra 0%\n\rb 0%\u001b[A\ra 9%\n\rb 9%\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i}\n"));

        var lines = new List<string>();
        var screen = new ScreenLines((text, _, _, _) => lines.Add(Encoding.UTF8.GetString(text)));
        screen.Add(Encoding.UTF8.GetBytes(written), DateTime.UtcNow);

        Assert.Equal(["a 0%", "a 9%", "b 9%", .. Enumerable.Range(0, 100).Select(i => $"line {i}")], lines);
    }

    [Fact]
    public void A_line_without_an_end_is_cut()
    {
        var cuts = new List<(int Length, long Cut)>();
        var screen = new ScreenLines((text, _, cut, _) => cuts.Add((text.Length, cut)));
        for (var i = 0; i < 100; i++)
        {
            screen.Add(new byte[10_000], DateTime.UtcNow);
        }

        screen.Add("\n"u8, DateTime.UtcNow);
        screen.Add([.. new byte[40_000], (byte)'\n'], DateTime.UtcNow);

        Assert.Equal([(1 << 15, 1_000_000 - (1 << 15)), (1 << 15, 40_000 - (1 << 15))], cuts);
    }

    private static List<string> Lines(string written, int length)
    {
        var lines = new List<string>();
        var screen = new ScreenLines((text, _, _, _) => lines.Add(Encoding.UTF8.GetString(text)));
        var bytes = Encoding.UTF8.GetBytes(written);
        for (var start = 0; start < bytes.Length; start += length)
        {
            screen.Add(bytes.AsSpan(start, Math.Min(length, bytes.Length - start)), DateTime.UtcNow);
        }

        screen.Finish();
        return lines;
    }
}
