using System.Text;
using Replicate.Metadata;

namespace Replicate.Tests.Repositories;

public class FixtureRoundTripTests
{
    [Theory]
    [InlineData(Fixtures.Edge)]
    [InlineData(Fixtures.Iris)]
    public void A_file_of_the_original_is_written_back_byte_for_byte(string fixture)
    {
        foreach (var file in Fixtures.MetadataFiles(fixture))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.Equal(bytes, MetadataDocument.Parse(bytes).ToBytes());
        }
    }

    [Theory]
    [InlineData(Fixtures.Edge)]
    [InlineData(Fixtures.Iris)]
    public void What_is_read_and_written_anew_differs_only_in_our_keys(string fixture)
    {
        foreach (var file in Fixtures.MetadataFiles(fixture))
        {
            // The null texts of the original are nulls once they were read.
            var expected = File.ReadAllText(file)
                .Replace("\"s_None\": \"None\"", "\"s_None\": null", StringComparison.Ordinal)
                .Replace("\"s_null\": \"null\"", "\"s_null\": null", StringComparison.Ordinal)
                .Replace(" \"keepsake_version\": \"0.4.2\"\n", " \"replicate_version\": \"0.4.2\"\n", StringComparison.Ordinal);
            var written = Encoding.UTF8.GetString(MetadataWriter.WriteExperiment(MetadataReader.ReadExperiment(File.ReadAllBytes(file))))
                .Replace(",\n   \"powershell\": {}", "", StringComparison.Ordinal)
                .Replace(",\n \"powershell\": {\n  \"version\": \"\"\n }", "", StringComparison.Ordinal);
            Assert.Equal(expected, written);
        }
    }

    [Fact]
    public void Every_kind_of_value_is_read_as_the_original_meant_it()
    {
        var experiment = MetadataReader.ReadExperiment(Fixtures.Metadata(Fixtures.Edge, "ffc8452"));
        var read = experiment.Params;
        Assert.Equal(9007199254740993L, read["big53"]);
        Assert.Equal(long.MaxValue, read["max64"]);
        Assert.Equal(1e21, read["f_1e21"]);
        Assert.Equal(1e-7, read["f_small"]);
        Assert.Equal(1L, read["f_int"]);
        Assert.Equal(double.NaN, read["nan"]);
        Assert.Equal(double.NaN, read["s_nan"]);
        Assert.Equal(double.PositiveInfinity, read["inf"]);
        Assert.Equal(double.NegativeInfinity, read["ninf"]);
        Assert.Null(read["none"]);
        Assert.Null(read["s_None"]);
        Assert.Null(read["s_null"]);
        Assert.True(read.ContainsKey("s_null"));
        Assert.Equal("123", read["s_num"]);
        Assert.Equal("a\nb\tc", read["nl"]);
        Assert.Equal("x\u2028y", read["u2028"]);
        Assert.Equal("héllo ☃ 😀", read["uni"]);
        Assert.Equal(1L, read["key with space"]);
        Assert.Empty(Assert.IsType<ValueList>(read["el"]));
        Assert.Equal("{\"a\":{\"c\":[1]},\"b\":1}", Value.ToText(read["d"]));
        Assert.Equal("[1,2.5,\"x\",null,true]", Value.ToText(read["l"]));
        Assert.Equal("2026-11-21T08:30:54.56022191Z", experiment.Created.ToString());
        Assert.Equal("0.4.2", experiment.Version);
        Assert.Null(experiment.Extension);
    }

    [Fact]
    public void Null_maps_are_empty()
    {
        var experiment = MetadataReader.ReadExperiment(Fixtures.Metadata(Fixtures.Edge, "bd26e15"));
        Assert.Same(ValueMap.Empty, experiment.Params);
        Assert.Same(CheckpointList.Empty, experiment.Checkpoints);
    }

    [Fact]
    public void Negative_steps_and_metrics_of_any_kind_are_read()
    {
        var checkpoints = MetadataReader.ReadExperiment(Fixtures.Metadata(Fixtures.Edge, "f3b49c1")).Checkpoints;
        Assert.Equal([-3, -2, 7], checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Equal(["4", "str", "[1,2]"], checkpoints.Select(checkpoint => Value.ToText(checkpoint.Metrics["a"])));
    }
}
