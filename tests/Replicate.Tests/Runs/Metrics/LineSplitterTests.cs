using System.Text;
using Replicate.Runs.Metrics;

namespace Replicate.Tests.Runs.Metrics;

public class LineSplitterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Lines_are_the_same_however_they_are_cut(int piece)
    {
        var bytes = Encoding.UTF8.GetBytes("one\ntwo\r\n\rthrée\rfour\n\nlast");
        var lines = new List<string>();
        var splitter = new LineSplitter((line, isProvisional) => lines.Add(line.ToString() + (isProvisional ? "~" : "")));

        foreach (var part in bytes.Chunk(piece))
        {
            splitter.Add(part);
        }

        splitter.Finish();

        Assert.Equal(["one", "two", "~", "thrée~", "four", "", "last"], lines);
    }

    [Fact]
    public void A_line_without_end_takes_bounded_memory_and_the_next_is_whole()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter((line, _) => lines.Add(line.ToString()));
        var block = Enumerable.Repeat((byte)'x', 1 << 16).ToArray();
        for (var i = 0; i < 64; i++)
        {
            splitter.Add(block);
        }

        splitter.Add("\nloss: 1\n"u8);

        Assert.Equal([1 << 20, 7], lines.Select(line => line.Length));
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    public void Output_in_UTF16_gives_the_same_lines_however_it_is_cut(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("Epoch 1\r\nthrée 😀\rlast")];
        foreach (var piece in (int[])[1, 2, 3, 100])
        {
            var lines = new List<string>();
            var splitter = new LineSplitter((line, isProvisional) => lines.Add(line.ToString() + (isProvisional ? "~" : "")));
            foreach (var part in bytes.Chunk(piece))
            {
                splitter.Add(part);
            }

            splitter.Finish();
            Assert.Equal(["Epoch 1", "thrée 😀~", "last"], lines);
        }
    }

    [Fact]
    public void A_file_of_Windows_that_is_put_out_behind_other_text_loses_its_mark_and_zeros()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter((line, _) => lines.Add(line.ToString()));
        splitter.Add([.. "before\n"u8, .. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("loss: 1")]);
        splitter.Finish();
        splitter.Add([.. Encoding.UTF8.GetPreamble(), .. "a\n"u8, .. Encoding.UTF8.GetPreamble(), .. "b"u8]);
        splitter.Finish();

        Assert.Equal(["before", "loss: 1", "a", "b"], lines);
    }
}
