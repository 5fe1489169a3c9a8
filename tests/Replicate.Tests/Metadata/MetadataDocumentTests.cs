using System.Text;
using Replicate.Metadata;
using Replicate.Tests.Repositories;

namespace Replicate.Tests.Metadata;

public class MetadataDocumentTests
{
    private const string Entry =
        """{"id":"c1","created":"2020-09-01T21:42:23Z","metrics":null,"step":0,"path":"","primary_metric":null,"powershell":{}}""";

    private static readonly Checkpoint Added = new()
    {
        Id = "c9",
        CreatedAt = Timestamp.TryParse("2027-01-01T00:00:00Z", out var created) ? created : default,
        Metrics = Value.MapFrom(new Dictionary<string, object> { ["note"] = "None" }),
        Step = 5,
    };

    private static readonly string AddedText = string.Join("\n",
        "  {", "   \"id\": \"c9\",", "   \"created\": \"2027-01-01T00:00:00Z\",", "   \"metrics\": {", "    \"note\": \"None\"", "   },",
        "   \"step\": 5,", "   \"path\": \"\",", "   \"primary_metric\": null,", "   \"powershell\": {}", "  }");

    [Theory]
    [InlineData("{}")]
    [InlineData("  {\r\n\t\"id\" : 1 , \"x\":[ ] }\n\n")]
    [InlineData("{\"a\":1e400,\"a\":\"\\ud800\"}")]
    [InlineData("\ufeff{\"id\":\"e1\"}")]
    public void Any_object_is_given_back_as_it_was(string json) => Assert.Equal(json, Fixtures.Document(json).Text());

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}x")]
    public void What_is_not_an_object_is_refused(string json) => Assert.Throws<FormatException>(() => Fixtures.Document(json));

    [Theory]
    [InlineData(Fixtures.Edge, "ffc8452", "  }\n ],\n \"keepsake_version\"")]
    [InlineData(Fixtures.Edge, "bd26e15", null)]
    public void A_checkpoint_is_added_and_nothing_else_changes(string fixture, string id, string? end)
    {
        var text = Encoding.UTF8.GetString(Fixtures.Metadata(fixture, id));
        var document = Fixtures.Document(text);
        document.AddCheckpoints([Added]);
        var expected = end is null
            ? text.Replace("\"checkpoints\": null", $"\"checkpoints\": [\n{AddedText}\n ]", StringComparison.Ordinal)
            : text.Replace(end, $"  }},\n{AddedText}{end[3..]}", StringComparison.Ordinal);
        Assert.Equal(expected, document.Text());
        Assert.Equal("None", Fixtures.Read(document.Text()).Checkpoints[^1].Metrics["note"]);
    }

    [Theory]
    [InlineData("""{"id":"e1","created":"2020-09-01T21:42:22Z"}""")]
    [InlineData("""{"id":"e1","created":"2020-09-01T21:42:22Z","keepsake_version":"0.4.2"}""")]
    [InlineData("""{"id":"e1","created":"2020-09-01T21:42:22Z","checkpoints":[]}""")]
    [InlineData("""{"id":"e1","created":"2020-09-01T21:42:22Z","checkpoints":[{"id":"c1","created":"2020-09-01T21:42:23Z"}],"x":1}""")]
    [InlineData("\ufeff {\"id\":\"e1\",\"created\":\"2020-09-01T21:42:22Z\",\"checkpoints\":null,\"checkpoints\" : [ ] }\n")]
    public void A_checkpoint_is_added_to_any_layout(string json)
    {
        var document = Fixtures.Document(json);
        document.AddCheckpoints([Added]);
        Assert.Equal("c9", MetadataReader.ReadExperiment(document.ToBytes()).Checkpoints[^1].Id);
        Assert.True(document.RemoveCheckpoint("c9"));
        Assert.DoesNotContain("c9", document.Text(), StringComparison.Ordinal);
        Assert.Equal("e1", MetadataReader.ReadExperiment(document.ToBytes()).Id);
    }

    [Fact]
    public void Added_and_removed_again_leaves_the_bytes_of_the_original()
    {
        foreach (var file in Fixtures.MetadataFiles(Fixtures.Edge).Concat(Fixtures.MetadataFiles(Fixtures.Iris)))
        {
            var document = MetadataDocument.Parse(File.ReadAllBytes(file));
            document.AddCheckpoints([Added]);
            Assert.True(document.RemoveCheckpoint(Added.Id));
            Assert.Equal(File.ReadAllBytes(file), document.ToBytes());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(11)]
    public void A_checkpoint_is_removed_as_if_it_had_never_been(int index)
    {
        var bytes = Fixtures.Metadata(Fixtures.Iris, "0cb9836");
        var before = MetadataReader.ReadExperiment(bytes).Checkpoints;
        var document = MetadataDocument.Parse(bytes);
        Assert.True(document.RemoveCheckpoint(before[index].Id));
        var lines = Encoding.UTF8.GetString(bytes).Split("\n  {").Length;
        Assert.Equal(lines - 1, document.Text().Split("\n  {").Length);
        Assert.Equal(
            before.Where((_, i) => i != index).Select(checkpoint => checkpoint.Id),
            MetadataReader.ReadExperiment(document.ToBytes()).Checkpoints.Select(checkpoint => checkpoint.Id));
    }

    [Fact]
    public void The_last_checkpoint_leaves_null_behind()
    {
        var document = Fixtures.Document($$"""{"checkpoints":[ {{Entry}} ],"x":1}""");
        Assert.True(document.RemoveCheckpoint("c1"));
        Assert.Equal("""{"checkpoints":null,"x":1}""", document.Text());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"checkpoints":null}""")]
    [InlineData("""{"checkpoints":[]}""")]
    [InlineData("""{"checkpoints":[null,{"id":"c10"},{"id":1}]}""")]
    public void What_is_not_there_is_not_removed(string json)
    {
        var document = Fixtures.Document(json);
        Assert.False(document.RemoveCheckpoint("c1"));
        Assert.Equal(json, document.Text());
    }

    [Fact]
    public void Our_key_comes_after_the_last_of_the_original_whose_null_texts_stay_null()
    {
        var text = Encoding.UTF8.GetString(Fixtures.Metadata(Fixtures.Edge, "ffc8452"));
        var document = Fixtures.Document(text);
        document.ChangeExtension(extension => extension with { Version = "0.1.0", Status = ExperimentStatus.Completed });
        Assert.Equal(
            text[..^2] + ",\n \"powershell\": {\n  \"version\": \"0.1.0\",\n  \"status\": \"completed\",\n  \"null_texts\": true\n }\n}", document.Text());
        Assert.Null(Fixtures.Read(document.Text()).Params["s_null"]);
    }

    [Fact]
    public void Keys_of_a_later_release_are_kept_as_they_are()
    {
        var document = Fixtures.Document("""{"id":"e1", "powershell" : {"labels":[ "a",1.0 ],"version":"0.1.0","remark" : "x\u0041"} , "x":1}""");
        document.ChangeExtension(extension => extension with { ExitCode = 2 });
        Assert.Equal(
            "{\"id\":\"e1\", \"powershell\" : {\n  \"version\": \"0.1.0\",\n  \"exit_code\": 2,\n  \"labels\": [ \"a\",1.0 ],\n  \"remark\": \"x\\u0041\"\n } , \"x\":1}",
            document.Text());
    }

    [Fact]
    public void A_change_to_the_same_changes_nothing()
    {
        const string Json = """{"id":"e1","powershell":{"exit_code":0,"version":"0.1.0"}}""";
        var document = Fixtures.Document(Json);
        document.ChangeExtension(extension => extension with { ExitCode = 0 });
        Assert.Equal(Json, document.Text());
    }

    [Theory]
    [InlineData("{}", "{\n \"powershell\": OURS\n}")]
    [InlineData("{\"powershell\":null}", "{\"powershell\":OURS}")]
    [InlineData("{\"x\":1}", "{\"x\":1,\n \"powershell\": OURS}")]
    public void A_file_without_our_key_gets_it(string json, string expected)
    {
        var document = Fixtures.Document(json);
        document.ChangeExtension(extension => extension);
        var ours = $"{{\n  \"version\": \"{Release.Version}\",\n  \"null_texts\": true\n }}";
        Assert.Equal(expected.Replace("OURS", ours, StringComparison.Ordinal), document.Text());
    }

    [Theory]
    [InlineData("""{"checkpoints": [{"id": "a", "id": "b", "step": 1, "step": 7}]}""", "b", 7)]
    [InlineData("""{"checkpoints": [{"id": "b", "metrics": {"id": "a", "step": 3}}]}""", "b", 0)]
    [InlineData("""{"checkpoints": [{"id": "a"}], "checkpoints": [{"step": 2, "id": "b"}]}""", "b", 2)]
    public void Of_a_key_that_is_there_twice_the_last_counts_as_for_who_reads_it(string json, string id, long step)
    {
        var document = MetadataDocument.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Equal([id], document.CheckpointIds());
        Assert.Equal([step], document.Steps());
    }
}
