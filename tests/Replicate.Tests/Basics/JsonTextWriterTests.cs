using System.Text;

namespace Replicate.Tests.Basics;

public class JsonTextWriterTests
{
    [Theory]
    [InlineData("<a>&b", @"""\u003ca\u003e\u0026b""")]
    [InlineData("x\u2028y\u2029", @"""x\u2028y\u2029""")]
    [InlineData("\"\\/\n\r\t", @"""\""\\/\n\r\t""")]
    [InlineData("\b\f\u0000\u001f\u007f", "\"\\u0008\\u000c\\u0000\\u001f\u007f\"")]
    [InlineData("😀\ufffd", "\"😀\ufffd\"")]
    [InlineData("", "\"\"")]
    public void Text_is_escaped_as_the_original_escapes_it(string text, string expected) => Assert.Equal(expected, Write(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        Assert.Equal(@"""a\ufffdb""", Write("a\ud800b"));
        Assert.Equal(@"""\ufffd\ufffd😀""", Write("\udc00\ud800😀"));
    }

    [Fact]
    public void Numbers_that_JSON_cannot_hold_are_texts() => Assert.Equal(
        "[\"[NaN]\",\"[+Infinity]\",\"[-Infinity]\"]",
        Write(Value.From("x", new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })));

    [Fact]
    public void Empty_lists_and_maps_stay_on_one_line()
    {
        var writer = new JsonTextWriter(indent: 1);
        writer.Value(Value.From("x", new object[] { Array.Empty<int>(), new Dictionary<string, int>(), 1 }));
        Assert.Equal("[\n [],\n {},\n 1\n]", Encoding.UTF8.GetString(writer.ToBytes()));
    }

    [Fact]
    public void A_line_for_people_is_not_escaped_for_HTML() => Assert.Equal("[\"<pad>\"]", JsonTextWriter.ToLine(Value.From("x", new[] { "<pad>" })));

    private static string Write(object? value)
    {
        var writer = new JsonTextWriter(indent: 0);
        writer.Value(value);
        return Encoding.UTF8.GetString(writer.ToBytes());
    }
}
