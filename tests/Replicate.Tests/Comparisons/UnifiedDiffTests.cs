using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Replicate.Adapters;
using Replicate.Comparisons;
using Replicate.Tests.Support;

namespace Replicate.Tests.Comparisons;

public class UnifiedDiffTests
{
    private static readonly PackageAdapters Adapters = new();

    [Fact]
    public void Changes_are_shown_with_three_lines_around_and_near_ones_together()
    {
        string[] lines = [.. Enumerable.Range(1, 30).Select(n => $"line {n}")];
        string[] changed = [.. lines];
        changed[4] = "five";
        changed[11] = "twelve";
        changed[25] = "twenty-six";
        Assert.Equal(
            """
            --- a
            +++ b
            @@ -2,14 +2,14 @@
             line 2
             line 3
             line 4
            -line 5
            +five
             line 6
             line 7
             line 8
             line 9
             line 10
             line 11
            -line 12
            +twelve
             line 13
             line 14
             line 15
            @@ -23,7 +23,7 @@
             line 23
             line 24
             line 25
            -line 26
            +twenty-six
             line 27
             line 28
             line 29

            """.ReplaceLineEndings("\n"),
            UnifiedDiff.Write("a", Text(lines), "b", Text(changed)));
    }

    [Theory]
    [InlineData("", "x\n", "@@ -0,0 +1,1 @@\n+x\n")]
    [InlineData("x\n", "", "@@ -1,1 +0,0 @@\n-x\n")]
    [InlineData("x", "x\n", "@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+x\n")]
    [InlineData("a\nx", "b\nx", "@@ -1,2 +1,2 @@\n-a\n+b\n x\n\\ No newline at end of file\n")]
    [InlineData("a\r\n", "a\n", "@@ -1,1 +1,1 @@\n-a\r\n+a\n")]
    public void Ends_of_lines_and_of_the_file_count(string left, string right, string hunk) =>
        Assert.Equal("--- l\n+++ r\n" + hunk, UnifiedDiff.Write("l", left, "r", right));

    [Fact]
    public void The_same_lines_make_no_patch() => Assert.Equal("", UnifiedDiff.Write("a", "x\ny", "b", "x\ny"));

    [Fact]
    public void Lines_that_are_kept_and_lines_that_come_make_the_other_text()
    {
        var lines = Gen.Elements("a", "b", "c", "d", "only left", "only right").ArrayOf();
        Prop.ForAll(lines.ToArbitrary(), lines.ToArbitrary(), (left, right) =>
        {
            var made = new List<string>();
            var (next, last) = (0, -1);
            foreach (var change in Adapters.CompareLines(left, right))
            {
                Assert.True(change.LeftStart > last && change.LeftCount + change.RightCount > 0);
                made.AddRange(left[next..change.LeftStart]);
                Assert.Equal(made.Count, change.RightStart);
                made.AddRange(right.AsSpan(change.RightStart, change.RightCount));
                (next, last) = (change.LeftStart + change.LeftCount, change.LeftStart + change.LeftCount);
            }

            made.AddRange(left[next..]);
            return made.SequenceEqual(right);
        }).Holds();
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'h', 0, 0xe9, 0 }, true, "\ufeffhé")]
    [InlineData(new byte[] { 0xfe, 0xff, 0, (byte)'h', 0, 0xe9 }, true, "\ufeffhé")]
    [InlineData(new byte[] { (byte)'h', 0xc3, 0xa9 }, true, "hé")]
    [InlineData(new byte[] { (byte)'h', 0xe9, (byte)'!' }, true, "hé!")]
    [InlineData(new byte[] { (byte)'h', 0, 1 }, false, null)]
    public void Text_is_known_by_its_bytes(byte[] content, bool isText, string? text)
    {
        Assert.Equal(isText, TextContent.IsText(content));
        if (isText)
        {
            Assert.Equal(text, TextContent.Read(content));
        }
    }

    private static string Text(string[] lines) => new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
}
