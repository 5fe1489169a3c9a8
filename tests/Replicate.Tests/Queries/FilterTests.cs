using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class FilterTests
{
    internal static readonly Experiment Everything = Experiment(
        "e1", new Dictionary<string, object?>
        {
            ["lr"] = 0.1, ["epochs"] = 10, ["one"] = 1, ["one_float"] = 1.0, ["zero"] = -0.0, ["big"] = 9007199254740993,
            ["max"] = ulong.MaxValue, ["nan"] = double.NaN, ["inf"] = double.PositiveInfinity, ["opt"] = "adam", ["digits"] = "123",
            ["yes"] = true, ["none"] = null, ["empty"] = "", ["list"] = Nested(1, 2.5, "x", null, true),
            ["object"] = new Dictionary<string, object?> { ["a"] = 1, ["b"] = Nested(1) }, ["quote"] = "it's \"so\"",
            ["key with space"] = 1, ["key=odd"] = 2, ["a.b"] = 3, ["wow!"] = 4, ["html"] = "<a>&b", ["it's"] = 5, ["path"] = @"C:\temp",
            ["step"] = 99, ["null_text"] = "null",
        },
        user: "ben", host: "box", command: "train.py --lr=0.1",
        checkpoints: [Checkpoint("a", 7, new Dictionary<string, object?> { ["loss"] = 0.25, ["val.acc"] = 0.9 })]);

    [Theory]
    [InlineData("lr = 0.1")]
    [InlineData("lr=0.1")]
    [InlineData("lr == 0.1")]
    [InlineData("lr==0.1")]
    [InlineData("  lr  =  0.1  ")]
    [InlineData("lr = 1e-1")]
    [InlineData("lr = .1")]
    [InlineData("one = 1.0")]
    [InlineData("one_float = 1")]
    [InlineData("one_float >= 1")]
    [InlineData("one <= 1.0")]
    [InlineData("one < 1.5")]
    [InlineData("one > -5")]
    [InlineData("one >-5")]
    [InlineData("one=+1")]
    [InlineData("zero = 0")]
    [InlineData("zero >= 0")]
    [InlineData("big = 9007199254740993")]
    [InlineData("big != 9007199254740992")]
    [InlineData("big > 9007199254740992.0")]
    [InlineData("max = 18446744073709551615")]
    [InlineData("max > 9223372036854775807")]
    [InlineData("nan = NaN")]
    [InlineData("nan != 1")]
    [InlineData("nan != null")]
    [InlineData("inf = Infinity")]
    [InlineData("inf = +Inf")]
    [InlineData("inf > -inf")]
    [InlineData("inf > 1e308")]
    [InlineData("opt = adam")]
    [InlineData("opt = \"adam\"")]
    [InlineData("opt = 'adam'")]
    [InlineData("opt > aaa")]
    [InlineData("opt < \"b\"")]
    [InlineData("digits = \"123\"")]
    [InlineData("digits != 123")]
    [InlineData("yes = true")]
    [InlineData("yes = True")]
    [InlineData("yes != false")]
    [InlineData("yes != 1")]
    [InlineData("none = null")]
    [InlineData("none = None")]
    [InlineData("none != 5")]
    [InlineData("empty = \"\"")]
    [InlineData("empty = ''")]
    [InlineData("empty != null")]
    [InlineData("null_text = \"null\"")]
    [InlineData("null_text != null")]
    [InlineData("list = [1, 2.5, \"x\", null, true]")]
    [InlineData("list = [1.0,2.5,\"x\",null,true]")]
    [InlineData("list != [1]")]
    [InlineData("object = {\"b\": [1], \"a\": 1.0}")]
    [InlineData("quote = 'it''s \"so\"'")]
    [InlineData("quote = \"it's \"\"so\"\"\"")]
    [InlineData("key with space = 1")]
    [InlineData("key with space=1")]
    [InlineData("\"key=odd\" = 2")]
    [InlineData("'key=odd'=2")]
    [InlineData("params.\"key=odd\" = 2")]
    [InlineData("Params.'key=odd' >= 2")]
    [InlineData("a.b = 3")]
    [InlineData("params.a.b = 3")]
    [InlineData("wow! = 4")]
    [InlineData("wow!!=5")]
    [InlineData("html = <a>&b")]
    [InlineData("it's = 5")]
    [InlineData("path = C:\\temp")]
    [InlineData("path = \"C:\\temp\"")]
    [InlineData("user = ben")]
    [InlineData("host != other")]
    [InlineData("command = train.py --lr=0.1")]
    [InlineData("step = 7")]
    [InlineData("Step > 6.5")]
    [InlineData("params.step = 99")]
    [InlineData("loss < 0.3")]
    [InlineData("metrics.loss < 0.3")]
    [InlineData("val.acc > 0.5")]
    [InlineData("\"val.acc\" > 0.5")]
    [InlineData("metrics.val.acc > 0.5")]
    [InlineData("missing = null")]
    [InlineData("missing != 3")]
    [InlineData("missing != text")]
    [InlineData("loss != null")]
    public void It_matches(string filter) => Assert.True(Filter.Parse(filter).Matches(Everything));

    [Theory]
    [InlineData("lr != 0.1")]
    [InlineData("lr < 0.1")]
    [InlineData("lr > 0.1")]
    [InlineData("big = 9007199254740992")]
    [InlineData("big = 9007199254740992.0")]
    [InlineData("max = 1.8446744073709552e19")]
    [InlineData("nan = 1")]
    [InlineData("nan < 1")]
    [InlineData("nan > 1")]
    [InlineData("nan <= NaN")]
    [InlineData("nan >= NaN")]
    [InlineData("one < NaN")]
    [InlineData("one > NaN")]
    [InlineData("nan = null")]
    [InlineData("opt = Adam")]
    [InlineData("opt > 3")]
    [InlineData("opt < 3")]
    [InlineData("opt = 3")]
    [InlineData("digits = 123")]
    [InlineData("digits > 1")]
    [InlineData("one = true")]
    [InlineData("yes = 1")]
    [InlineData("yes > false")]
    [InlineData("list > [1]")]
    [InlineData("list = [1]")]
    [InlineData("object >= {}")]
    [InlineData("none < 5")]
    [InlineData("none >= null")]
    [InlineData("none != null")]
    [InlineData("empty = null")]
    [InlineData("missing != null")]
    [InlineData("missing = 3")]
    [InlineData("missing < 3")]
    [InlineData("missing >= 3")]
    [InlineData("missing = \"\"")]
    [InlineData("step = 99")]
    [InlineData("user = Ben")]
    public void It_does_not_match_and_does_not_throw(string filter) => Assert.False(Filter.Parse(filter).Matches(Everything));

    [Fact]
    public void Metrics_are_of_the_best_checkpoint()
    {
        var experiment = Experiment(checkpoints: [Checkpoint("a", 0, new { loss = 1 }, "loss"), Checkpoint("b", 1, new { loss = 2 }, "loss")]);
        Assert.True(Filter.Parse("loss = 1").Matches(experiment));
        Assert.True(Filter.Parse("step = 1").Matches(experiment));
    }

    [Fact]
    public void A_recorded_null_metric_hides_a_param_and_is_null()
    {
        var experiment = Experiment(parameters: new { loss = 3 }, checkpoints: [Checkpoint(metrics: new { loss = (object?)null })]);
        Assert.False(Filter.Parse("loss != null").Matches(experiment));
    }

    [Theory]
    [InlineData("status = running", true, false)]
    [InlineData("status = Running", true, false)]
    [InlineData("status != running", false, true)]
    [InlineData("status = stopped", false, true)]
    [InlineData("status = STOPPED", false, true)]
    [InlineData("status != stopped", true, false)]
    [InlineData("status = \"stopped\"", false, true)]
    [InlineData("status = failed", false, false)]
    [InlineData("status = null", false, false)]
    [InlineData("status = 3", false, false)]
    public void Status_compares_by_its_name(string filter, bool running, bool stopped)
    {
        Assert.Equal(running, Filter.Parse(filter).Matches(Experiment(running: true)));
        Assert.Equal(stopped, Filter.Parse(filter).Matches(Experiment()));
    }

    [Fact]
    public void Stopped_is_whatever_is_not_running()
    {
        var failed = new Experiment(null!, new ExperimentMetadata
        {
            Id = "e1", Extension = new ExperimentExtension { Status = ExperimentStatus.Failed },
        }, null);
        Assert.True(Filter.Parse("status = stopped").Matches(failed));
        Assert.True(Filter.Parse("status = failed").Matches(failed));
        Assert.False(Filter.Parse("status = completed").Matches(failed));
    }
}
