using System.Text;
using FsCheck.Fluent;
using Replicate.Metadata;
using Replicate.Tests.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Metadata;

public class MetadataWriterTests
{
    private static readonly Timestamp Created = Timestamp.TryParse("2020-09-01T21:42:22.5Z", out var created) ? created : default;

    [Fact]
    public void An_experiment_is_written_in_the_order_of_the_format()
    {
        var text = Write(new ExperimentMetadata
        {
            Id = "e1",
            Created = Created,
            Params = Value.MapFrom(new Dictionary<string, object> { ["b"] = 0.01f, ["a"] = "null" }),
            User = "ben",
            Repository = "file:///r",
            Command = "train.ps1 -Rate 0.01",
            Path = ".",
            Checkpoints = new CheckpointList([new Checkpoint
            {
                Id = "c1", CreatedAt = Created, Step = 2, PrimaryMetric = new("loss", Goal.Maximize),
                Metrics = Value.MapFrom(new Dictionary<string, object> { ["loss"] = double.NaN }),
            }]),
            Version = "0.1.0",
            Extension = new ExperimentExtension { Version = "0.1.0", Status = ExperimentStatus.Interrupted, ExitCode = 130, Ended = Created },
        });
        Assert.Equal(
            """
            {
             "id": "e1",
             "created": "2020-09-01T21:42:22.5Z",
             "params": {
              "a": "null",
              "b": 0.01
             },
             "host": "",
             "user": "ben",
             "config": {
              "repository": "file:///r",
              "storage": ""
             },
             "command": "train.ps1 -Rate 0.01",
             "path": ".",
             "python_version": "",
             "python_packages": null,
             "checkpoints": [
              {
               "id": "c1",
               "created": "2020-09-01T21:42:22.5Z",
               "metrics": {
                "loss": "[NaN]"
               },
               "step": 2,
               "path": "",
               "primary_metric": {
                "name": "loss",
                "goal": "maximize"
               },
               "powershell": {}
              }
             ],
             "replicate_version": "0.1.0",
             "powershell": {
              "version": "0.1.0",
              "status": "interrupted",
              "exit_code": 130,
              "ended": "2020-09-01T21:42:22.5Z"
             }
            }
            """, text, ignoreLineEndingDifferences: true);
        Assert.Equal(text, Write(Fixtures.Read(text)));
    }

    [Fact]
    public void What_is_absent_is_null() => Assert.Contains(
        "\"python_packages\": null,\n \"checkpoints\": null,\n \"replicate_version\": \"\",\n \"powershell\": {\n  \"version\": \"\"\n }\n}",
        Write(new ExperimentMetadata { Id = "e1" }), StringComparison.Ordinal);

    [Fact]
    public void All_that_our_key_says_is_read_back()
    {
        var extension = new ExperimentExtension
        {
            Version = "0.1.0", Status = ExperimentStatus.Failed, ExitCode = -1, Ended = Created, DetachedUntil = Created, NoHeartbeat = true, NullTexts = true,
        };
        Assert.Equal(extension, Fixtures.Read(Write(new ExperimentMetadata { Id = "e1", Extension = extension })).Extension);
    }

    [Fact]
    public void A_heartbeat_is_written_as_the_original_writes_it() => Assert.Equal(
        "{\n \"experiment_id\": \"e1\",\n \"last_heartbeat\": \"2020-09-01T21:42:22.5Z\"\n}",
        Encoding.UTF8.GetString(MetadataWriter.WriteHeartbeat(new Heartbeat("e1", Created, Beater: null))));

    [Theory]
    [InlineData(null)]
    [InlineData("host/1234")]
    public void A_heartbeat_is_read_back(string? beater)
    {
        var heartbeat = new Heartbeat("e1", Created, beater);
        Assert.Equal(heartbeat, MetadataReader.ReadHeartbeat(MetadataWriter.WriteHeartbeat(heartbeat)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"experiment_id":"e1"}""")]
    [InlineData("""{"experiment_id":"e1","last_heartbeat":1}""")]
    [InlineData("")]
    public void A_damaged_heartbeat_is_refused(string json) =>
        Assert.Throws<FormatException>(() => MetadataReader.ReadHeartbeat(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_version_of_a_repository_is_written_as_the_original_writes_it()
    {
        var bytes = MetadataWriter.WriteRepositoryVersion(1);
        Assert.Equal("{\"version\":1}"u8, bytes);
        Assert.Equal(1, MetadataReader.ReadRepositoryVersion(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\":")]
    [InlineData("{\"version\":null}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("{\"version\":1.5}")]
    [InlineData("{\"version\":-1}")]
    [InlineData("[1]")]
    public void A_damaged_specification_is_refused(string json) =>
        Assert.Throws<FormatException>(() => MetadataReader.ReadRepositoryVersion(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Any_float_is_read_back() => Prop.ForAll<double>(IsReadBack).Holds();

    [Fact]
    public void Any_bits_of_a_float_are_read_back() =>
        Prop.ForAll<long>(bits => IsReadBack(BitConverter.Int64BitsToDouble(bits * 0x9e3779b97f4a7c1))).Holds();

    [Fact]
    public void Any_integer_is_read_back() => Prop.ForAll<long>(number => ReadsBack(number)).Holds();

    [Fact]
    public void Any_text_is_read_back_as_value_and_as_name() => Prop.ForAll<string>(text => text is null || ReadsBack(text)).Holds();

    [Fact]
    public void Lists_and_maps_of_anything_are_read_back() => Prop.ForAll<Dictionary<string, object[]>>(map =>
        ReadsBack(map?.ToDictionary(pair => pair.Key, pair => pair.Value?.Where(item => item is bool or int or double or string or char).ToArray())))
        .Holds();

    // The original writes floats without a fraction as integers, from 2^53 on with zeros for the digits that don't count.
    private static bool IsReadBack(double number)
    {
        var written = Value.MapFrom(new Dictionary<string, double> { ["x"] = number });
        return Value.TryGetNumber(Fixtures.Read(Write(new ExperimentMetadata { Id = "e1", Params = written })).Params["x"], out var read)
            && read.Equals(number);
    }

    private static bool ReadsBack(object? value)
    {
        var name = value as string ?? "x";
        var written = Value.MapFrom(new Dictionary<string, object?> { [name] = value });
        var read = Fixtures.Read(Write(new ExperimentMetadata { Id = "e1", Params = written })).Params;

        // Halves of surrogate pairs are no text, and are replaced.
        return read.Equals(written) || Write(new ExperimentMetadata { Id = "e1", Params = written }).Contains(@"\ufffd", StringComparison.Ordinal);
    }

    private static string Write(ExperimentMetadata experiment) => Encoding.UTF8.GetString(MetadataWriter.WriteExperiment(experiment));
}
