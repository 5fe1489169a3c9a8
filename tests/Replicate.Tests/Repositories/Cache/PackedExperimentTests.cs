using System.Reflection;
using Replicate.Metadata;
using Replicate.Repositories.Cache;

namespace Replicate.Tests.Repositories.Cache;

public class PackedExperimentTests
{
    // Every property has a value of its own, so that one that is forgotten is noticed.
    private const string Everything = """
        {
         "id": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "created": "2020-09-01T21:42:22.123456789Z",
         "params": {"a": 1, "b": -9223372036854775808, "c": 18446744073709551615, "d": 0.1, "e": "[NaN]", "f": "text é 🌭",
                    "g": null, "h": true, "i": false, "j": [1, [2, {"k": "v"}], null], "l": {"m": {}, "n": []}, "o": 1e300},
         "host": "host", "user": "user", "config": {"repository": "s3://bucket"}, "command": "train.py --x=\"é\"", "path": "data/",
         "python_version": "3.12", "python_packages": {"torch": "2.4.0", "numpy": "1.26"},
         "checkpoints": [
          {"id": "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "created": "2020-09-01T21:42:23.5Z",
           "metrics": {"loss": 0.5, "name": "x"}, "step": 99, "path": "model.pth", "primary_metric": {"name": "loss", "goal": "maximize"},
           "powershell": {"sha256": "a123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}},
          {"id": "odd", "created": "2020-09-01T21:42:24.000000007Z", "metrics": {"loss": 0.25}, "step": -3, "path": "p"}
         ],
         "replicate_version": "0.1.14",
         "powershell": {"version": "0.1.0", "status": "failed", "exit_code": -7, "error_output": "oh\nno", "ended": "2020-09-01T21:43:00.000000001Z",
          "detached_until": "2020-09-02T21:42:22Z", "no_heartbeat": true, "environment": {"os": "Linux", "gpus": ["A"]},
          "git": {"commit": "abc", "dirty": false}, "build": {"number": "7", "url": "https://ci/7"}, "parent": "p1", "parent_checkpoint": "p2", "parent_step": 12, "tags": ["one", "two"], "note": "a note", "sweep": "search", "sweep_number": 3, "sweep_count": 12, "inputs": {"data.csv": {"size": 8}},
          "null_texts": true, "sha256": "b123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
        }
        """;

    [Fact]
    public void Nothing_is_lost_or_changed()
    {
        var metadata = MetadataReader.ReadExperiment(System.Text.Encoding.UTF8.GetBytes(Everything));
        Assert.All(Values(metadata), NotDefault);
        Assert.All(Values(metadata.Extension!), NotDefault);
        Assert.All(Values(metadata.Checkpoints[0]), NotDefault);

        var read = Pack(metadata).Read(metadata.Id);

        AssertSame(metadata, read);
        AssertSame(metadata, Pack(metadata).Read("the id in the name of its file"));
        AssertSame(read, Pack(read).Read(""));
    }

    [Fact]
    public void An_empty_experiment_is_packed()
    {
        var metadata = MetadataReader.ReadExperiment("""{"id": "a", "created": "2020-09-01T21:42:22Z"}"""u8.ToArray());

        AssertSame(metadata, Pack(metadata).Read("a"));
    }

    [Fact]
    public void A_writer_can_be_used_again()
    {
        var metadata = MetadataReader.ReadExperiment(System.Text.Encoding.UTF8.GetBytes(Everything));
        var writer = new PackedWriter();
        var first = PackedExperiment.Pack(metadata, writer, map => new SharedMap(map));

        Assert.Equal(first.Bytes.ToArray(), PackedExperiment.Pack(metadata, writer, map => new SharedMap(map)).Bytes.ToArray());
    }

    [Fact]
    public void Which_is_best_is_known_without_looking_unless_that_takes_a_warning()
    {
        var one = """{"id": "a", "created": "2020-09-01T21:42:22Z", "checkpoints": [{"id": "c", "created": "2020-09-01T21:42:22Z", "metrics": {"loss": 1}, "primary_metric": {"name": "loss"}}]}""";
        var checkpoints = Pack(MetadataReader.ReadExperiment(System.Text.Encoding.UTF8.GetBytes(one))).Read("a").Checkpoints;
        Assert.Equal(0, checkpoints.Best);
        Assert.Same(checkpoints[0], checkpoints[^1]);

        var two = one.Replace("]}", """, {"id": "d", "created": "2020-09-01T21:42:23Z", "primary_metric": {"name": "acc"}}]}""", StringComparison.Ordinal);
        Assert.Equal(CheckpointList.UnknownBest, Pack(MetadataReader.ReadExperiment(System.Text.Encoding.UTF8.GetBytes(two))).Read("a").Checkpoints.Best);
    }

    private static PackedExperiment Pack(ExperimentMetadata metadata) =>
        PackedExperiment.Pack(metadata, new PackedWriter(), map => new SharedMap(new SharedMap(map).Packed));

    private static void AssertSame(ExperimentMetadata expected, ExperimentMetadata actual)
    {
        Assert.Equal(Values(expected, nameof(expected.Checkpoints)), Values(actual, nameof(expected.Checkpoints)));
        Assert.Equal(expected.Checkpoints.Count, actual.Checkpoints.Count);
        Assert.Equal(expected.Checkpoints.PrimaryMetric, actual.Checkpoints.PrimaryMetric);
        Assert.All(expected.Checkpoints.Zip(actual.Checkpoints), pair => Assert.Equal(Values(pair.First), Values(pair.Second)));
    }

    private static (string Name, object? Value)[] Values(object item, string except = "") =>
    [
        .. item.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name != except)
            .Select(property => (property.Name, property.GetValue(item))),
    ];

    private static void NotDefault((string Name, object? Value) property) => Assert.False(
        property.Value is null or "" or 0 or 0L or false or ValueMap { Count: 0 } or TagList { Count: 0 } or CheckpointList { Count: 0 },
        property.Name);
}
