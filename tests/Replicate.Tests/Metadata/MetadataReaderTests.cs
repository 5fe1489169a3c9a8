using System.Text;
using Replicate.Metadata;
using Replicate.Tests.Repositories;

namespace Replicate.Tests.Metadata;

public class MetadataReaderTests
{
    private const string Head = """{"id":"e1","created":"2020-09-01T21:42:22.123456789Z",""";

    [Fact]
    public void Only_id_and_date_are_needed()
    {
        var experiment = Fixtures.Read("""{"id":"e1","created":"2020-09-01T21:42:22.123456789Z"}""");
        Assert.Equal("e1", experiment.Id);
        Assert.Equal("2020-09-01T21:42:22.123456789Z", experiment.Created.ToString());
        Assert.Equal("", experiment.Command);
        Assert.Empty(experiment.Params);
        Assert.Empty(experiment.PythonPackages);
        Assert.Empty(experiment.Checkpoints);
        Assert.Null(experiment.Extension);
    }

    [Theory]
    [InlineData("{}", "lacks 'id'")]
    [InlineData("""{"id":"e1"}""", "lacks 'created'")]
    [InlineData("", "not valid JSON at line 1")]
    [InlineData("null", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{\"id\":\"e1\",\n\"crea", "not valid JSON at line 2")]
    [InlineData("""{"id":"e1","created":"2020-09-01T21:42:22Z"}}""", "not valid JSON")]
    [InlineData("""{"id":7}""", "'id' is not a text")]
    [InlineData("""{"created":"yesterday"}""", "'created' is not a date")]
    [InlineData("""{"created":"2020-13-01T21:42:22Z"}""", "'created' is not a date")]
    [InlineData("""{"params":[1]}""", "'params' is not an object")]
    [InlineData("""{"python_packages":"numpy"}""", "'python_packages' is not an object")]
    [InlineData("""{"config":"file://x"}""", "'config' is not an object")]
    [InlineData("""{"checkpoints":{}}""", "'checkpoints' is not a list")]
    [InlineData("""{"checkpoints":[1]}""", "'checkpoints' is not an object")]
    [InlineData("""{"checkpoints":[{}]}""", "A checkpoint lacks 'id'")]
    [InlineData("""{"checkpoints":[{"id":"c1"}]}""", "'c1' lacks 'created'")]
    [InlineData("""{"checkpoints":[{"step":1.5}]}""", "'step' is not a whole number")]
    [InlineData("""{"checkpoints":[{"step":1e19}]}""", "'step' is not a whole number")]
    [InlineData("""{"checkpoints":[{"primary_metric":"loss"}]}""", "'primary_metric' is not an object")]
    [InlineData("""{"powershell":true}""", "'powershell' is not an object")]
    [InlineData("""{"powershell":{"exit_code":"1"}}""", "'exit_code' is not a whole number")]
    public void A_damaged_file_is_named_by_what_is_wrong_in_it(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Fixtures.Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_cut_anywhere_is_damaged()
    {
        var bytes = Fixtures.Metadata(Fixtures.Edge, "ffc8452");
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => MetadataReader.ReadExperiment(bytes.AsMemory(0, length)));
        }
    }

    [Fact]
    public void A_file_damaged_anyhow_is_read_or_refused_and_what_is_read_can_be_rewritten()
    {
        var random = new Random(20200901);
        var original = Fixtures.Metadata(Fixtures.Edge, "f3b49c1");
        var added = new Checkpoint { Id = "c9" };
        for (var i = 0; i < 5000; i++)
        {
            var bytes = original.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            bytes[random.Next(bytes.Length)] = (byte)"\"\\{}[],:0nu"[random.Next(11)];
            try
            {
                MetadataReader.ReadExperiment(bytes);
            }
            catch (FormatException)
            {
                continue;
            }

            var document = MetadataDocument.Parse(bytes);
            document.AddCheckpoints([added]);
            Assert.Contains(MetadataReader.ReadExperiment(document.ToBytes()).Checkpoints, checkpoint => checkpoint.Id == "c9");
            Assert.True(document.RemoveCheckpoint("c9"));
        }
    }

    [Fact]
    public void Nesting_has_an_end()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 64)) + string.Concat(Enumerable.Repeat("]", 64));
        Assert.Single(Fixtures.Read(Head + "\"params\":{\"a\":" + deep + "}}").Params);
        var deeper = new string('[', 100_000);
        Assert.Throws<FormatException>(() => Fixtures.Read(Head + "\"params\":{\"a\":" + deeper));
        Assert.Throws<FormatException>(() => Fixtures.Read(Head + "\"unknown\":" + deeper));
    }

    [Fact]
    public void Unknown_keys_are_passed_over_everywhere()
    {
        var experiment = Fixtures.Read(Head + """
            "new":{"a":[1,{"b":2}]},"config":{"repository":"file:///r","region":{"x":1}},"powershell":{"version":"9","tags":["a"],"status":"paused"},
            "checkpoints":[{"labels":[1],"id":"c1","created":"2020-09-01T21:42:23Z","primary_metric":{"name":"loss","goal":"maximize","weight":1},"powershell":{"sha256":"x"}}]}
            """);
        Assert.Equal("file:///r", experiment.Repository);
        Assert.Equal(new PrimaryMetric("loss", Goal.Maximize), experiment.Checkpoints[0].PrimaryMetric);
        Assert.Equal("9", experiment.Extension!.Version);
        Assert.Null(experiment.Extension.Status);
    }

    [Fact]
    public void Older_names_are_understood()
    {
        var experiment = Fixtures.Read(Head + """ "config":{"storage":"s3://bucket"},"replicate_version":"0.1.14"}""");
        Assert.Equal("s3://bucket", experiment.Repository);
        Assert.Equal("0.1.14", experiment.Version);
        Assert.Equal("0.4.2", Fixtures.Read(Head + """ "keepsake_version":"0.4.2"}""").Version);
    }

    [Theory]
    [InlineData("maximize", Goal.Maximize)]
    [InlineData("MAXIMIZE", Goal.Maximize)]
    [InlineData("minimize", Goal.Minimize)]
    [InlineData("max", Goal.Minimize)]
    [InlineData("", Goal.Minimize)]
    public void A_goal_is_read_in_any_case(string text, Goal expected)
    {
        var experiment = Fixtures.Read(Checkpoint($$""" "primary_metric":{"name":"loss","goal":"{{text}}"} """));
        Assert.Equal(expected, experiment.Checkpoints[0].PrimaryMetric!.Goal);
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("3.0", 3)]
    [InlineData("1e3", 1000)]
    [InlineData("null", 0)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Steps_may_be_floats(string json, long expected) =>
        Assert.Equal(expected, Fixtures.Read(Checkpoint($"\"step\":{json}")).Checkpoints[0].Step);

    [Theory]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("-1e400", double.NegativeInfinity)]
    [InlineData("1e99999999999999999999", double.PositiveInfinity)]
    [InlineData("1e-400", 0d)]
    [InlineData("18446744073709551616", 18446744073709551616d)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("9223372036854775808", 9223372036854775808ul)]
    [InlineData("1.0", 1d)]
    [InlineData("-7", -7L)]
    [InlineData("1039", 1039L)]
    public void A_number_of_any_size_is_read(string json, object expected) =>
        Assert.Equal(expected, Fixtures.Read(Head + $"\"params\":{{\"a\":{json}}}}}").Params["a"]);

    [Fact]
    public void Of_a_key_that_is_there_twice_the_last_counts_and_names_are_sorted_by_their_bytes()
    {
        var read = Fixtures.Read(Head + """ "host":"a","host":"b","params":{"\ufffd":4,"😀":5,"b":1,"a":2,"b":3}}""");
        Assert.Equal("b", read.Host);
        Assert.Equal(["a", "b", "\ufffd", "😀"], read.Params.Names);
        Assert.Equal([2L, 3L, 4L, 5L], read.Params.Values);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Head + """ "python_packages":{"numpy":"1.24.2"}}""")];
        Assert.Equal("1.24.2", MetadataReader.ReadExperiment(marked).PythonPackages["numpy"]);
    }

    [Fact]
    public void What_is_not_UTF8_is_replaced()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Head + "\"user\":\""), 0xff, .. "\",\"host\":\"a\\ud800b\\n\\u00e9\\/\\b\\f\\\\\""u8, .. ",\"path\":\"\\ud83d\\ude00\"}"u8];
        var experiment = MetadataReader.ReadExperiment(bytes);
        Assert.Equal("\ufffd", experiment.User);
        Assert.Equal("a\ufffdb\né/\b\f\\", experiment.Host);
        Assert.Equal("😀", experiment.Path);
    }

    [Theory]
    [InlineData("2020-09-01T21:42:22Z", "2020-09-01T21:42:22Z")]
    [InlineData("2020-09-01T21:42:22.5Z", "2020-09-01T21:42:22.5Z")]
    [InlineData("2020-09-01T21:42:22.000000001Z", "2020-09-01T21:42:22.000000001Z")]
    [InlineData("2020-09-01T21:42:22.99999999Z", "2020-09-01T21:42:22.99999999Z")]
    [InlineData("2020-09-01T23:42:22.123+02:00", "2020-09-01T21:42:22.123Z")]
    public void Dates_are_read_to_the_nanosecond(string text, string expected) =>
        Assert.Equal(expected, Fixtures.Read($$"""{"id":"e1","created":"{{text}}"}""").Created.ToString());

    [Fact]
    public void Checkpoints_are_put_in_the_order_of_their_creation()
    {
        var experiment = Fixtures.Read(Head + """
            "checkpoints":[{"id":"b","created":"2020-09-01T21:42:24Z"},{"id":"a","created":"2020-09-01T21:42:23Z"},{"id":"c","created":"2020-09-01T21:42:24Z"}]}
            """);
        Assert.Equal(["a", "b", "c"], experiment.Checkpoints.Select(checkpoint => checkpoint.Id));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(""","powershell":{}""", "null", null)]
    [InlineData(""","powershell":{"null_texts":true}""", null, null)]
    public void The_texts_null_and_None_mean_null_in_files_of_the_original(string ours, string? param, string? metric)
    {
        var experiment = Fixtures.Read(Head + """ "params":{"a":"null","b":["None"]},"checkpoints":[{"id":"c1","created":"2020-09-01T21:42:23Z","metrics":{"m":"None"}}]""" + ours + "}");
        Assert.Equal(param, experiment.Params["a"]);
        Assert.Equal("[\"None\"]", Value.ToText(experiment.Params["b"]));
        Assert.Equal(metric, experiment.Checkpoints[0].Metrics["m"]);
    }

    [Fact]
    public void A_checkpoint_of_ours_keeps_its_texts() =>
        Assert.Equal("None", Fixtures.Read(Checkpoint(""" "metrics":{"m":"None"},"powershell":{} """)).Checkpoints[0].Metrics["m"]);

    [Fact]
    public void What_files_repeat_is_held_once()
    {
        // Two texts may want the same place in the table, and so may those of a test beside this one: other names do not.
        Assert.Contains(Enumerable.Range(0, 20), number =>
        {
            var json = Checkpoint(""" "metrics":{"accuracy":0.5,"loss":1},"path":"model.pth","primary_metric":{"name":"loss","goal":"minimize"} """)
                .Replace("{\"id\":\"e1\"", """{"python_packages":{"torch":"1.4.0"},"id":"e1" """, StringComparison.Ordinal)
                .Replace("loss", $"loss {number}", StringComparison.Ordinal).Replace("model", $"model {number}", StringComparison.Ordinal);
            var (first, second) = (Fixtures.Read(json), Fixtures.Read(json));
            var (one, other) = (first.Checkpoints[0], second.Checkpoints[0]);
            return ReferenceEquals(first.PythonPackages, second.PythonPackages)
                && ReferenceEquals(one.Path, other.Path)
                && ReferenceEquals(one.PrimaryMetric, other.PrimaryMetric)
                && ReferenceEquals(one.Metrics.Names, other.Metrics.Names);
        });
    }

    private static string Checkpoint(string members) => Head + """ "checkpoints":[{"id":"c1","created":"2020-09-01T21:42:23Z",""" + members + "}]}";
}
