using System.Text;
using Replicate.Presentation;
using Replicate.Tests.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Presentation;

public class JsonOutputTests
{
    [Theory]
    [InlineData(Fixtures.Edge)]
    [InlineData(Fixtures.Iris)]
    public void An_experiment_is_shown_as_the_original_shows_it(string fixture)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Checkout.Fixture(fixture), "expected"), "show-*.json"))
        {
            var experiment = Fixtures.Experiment(Fixtures.Metadata(fixture, Path.GetFileNameWithoutExtension(file)["show-".Length..]));
            Assert.Equal(File.ReadAllText(file), Print(stream => JsonOutput.WriteExperiment(stream, experiment)));
        }
    }

    [Theory]
    [InlineData(Fixtures.Edge)]
    [InlineData(Fixtures.Iris)]
    public void A_list_has_the_shape_of_the_original(string fixture)
    {
        var experiments = Fixtures.MetadataFiles(fixture).Select(file => Fixtures.Experiment(File.ReadAllBytes(file)))
            .OrderBy(experiment => experiment.Metadata.Created);
        var expected = File.ReadAllText(Path.Combine(Checkout.Fixture(fixture), "expected", "ls.json"));
        Assert.Equal(expected, Print(stream => JsonOutput.WriteList(stream, experiments)));
    }

    [Fact]
    public void An_empty_list_is_an_empty_array() => Assert.Equal("[]\n", Print(stream => JsonOutput.WriteList(stream, [])));

    [Fact]
    public void A_checkpoint_stands_alone()
    {
        var checkpoint = new Checkpoint { Id = "c1", Metrics = Value.MapFrom(new Dictionary<string, double> { ["loss"] = 0.5 }), Step = 3 };
        Assert.Equal(
            """
            {
              "id": "c1",
              "created": "0001-01-01T00:00:00Z",
              "metrics": {
                "loss": 0.5
              },
              "step": 3,
              "path": "",
              "primary_metric": null
            }

            """,
            Print(stream => JsonOutput.WriteCheckpoint(stream, checkpoint)), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void What_we_know_beyond_the_original_stands_under_our_key()
    {
        var metadata = new ExperimentMetadata
        {
            Id = "e1",
            Version = "0.1.0",
            Extension = new ExperimentExtension { Version = "0.1.0", Status = ExperimentStatus.Failed, ExitCode = 3 },
        };
        var text = Print(stream => JsonOutput.WriteExperiment(stream, new Experiment(null!, metadata, heartbeat: null)));
        Assert.EndsWith(
            "  \"keepsake_version\": \"0.1.0\",\n  \"replicate_version\": \"0.1.0\",\n  \"powershell\": {\n    \"version\": \"0.1.0\",\n    \"status\": \"failed\",\n    \"exit_code\": 3\n  }\n}\n",
            text, StringComparison.Ordinal);
    }

    private static string Print(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
