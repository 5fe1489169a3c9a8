using Replicate.Adapters;

namespace Replicate.Tests.Configuration;

public class YamlTests
{
    private const string Alphabet = "ab:-?[]{},#&*!|>'\"%@` \n\t\r0~<\\\0é\ud83c";

    [Fact]
    public void Nodes_know_their_lines_and_whether_they_were_quoted()
    {
        var root = Read("a: 1\nb:\n  - \"2\"\n  - ~\n  - 'null'\n");

        Assert.Equal(new YamlScalar(1, "1", false), root.Entries[0].Value);
        Assert.Equal(new YamlScalar(2, "b", false), root.Entries[1].Key);
        Assert.Equal(
            [new YamlScalar(3, "2", true), new YamlScalar(4, null, false), new YamlScalar(5, "null", true)],
            ((YamlList)root.Entries[1].Value).Items);
    }

    [Fact]
    public void An_alias_is_its_anchor() =>
        Assert.Equal(new YamlScalar(1, "x", false), Read("a: &name x\nb: *name\n").Entries[1].Value);

    [Fact]
    public void Aliases_of_aliases_take_no_memory()
    {
        var lines = Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");

        Assert.Equal(41, Read("a0: &a0 x\n" + string.Join('\n', lines)).Entries.Count);
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", 3)]
    [InlineData("a: 1\nb: *missing\n", 2)]
    [InlineData("a: 1\n---\nb: 2\n", 2)]
    [InlineData("? [a]\n: 1\n", 1)]
    [InlineData("a: \"open\n", 1)]
    [InlineData("a: &a [*a]\n", 1)]
    [InlineData("a: @x\n", 1)]
    [InlineData("%YAML 9.9 x\n", 1)]
    public void What_is_wrong_is_told_with_its_line(string text, int line) =>
        Assert.Equal(line, Assert.Throws<YamlFormatException>(() => Read(text)).Line);

    [Theory]
    [InlineData("[", 20_000)]
    [InlineData("{a: ", 20_000)]
    [InlineData("- ", 2_000)]
    public void Deep_nesting_is_refused(string open, int depth) =>
        Assert.Throws<YamlFormatException>(() => Read("a: " + (open == "- " ? "\n  " : "") + string.Concat(Enumerable.Repeat(open, depth))));

    [Fact]
    public void Any_text_is_read_or_refused()
    {
        var random = new Random(42);
        for (var i = 0; i < 1_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            try
            {
                Read(text);
            }
            catch (YamlFormatException)
            {
            }
        }
    }

    private static YamlMapping Read(string text) => AdapterLoader.Adapters.ReadYaml(text);
}
