using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class ExperimentFieldTests
{
    private static readonly Experiment Everything = Experiment(
        "e1", new Dictionary<string, object?>
        {
            ["step"] = "a param", ["lr"] = 0.1, ["loss"] = "shadowed", ["val.acc"] = 3, ["metrics.odd"] = 4, ["nothing"] = null,
        },
        user: "ben", host: "box", command: "train.py",
        checkpoints: [Checkpoint("a", 1, new { loss = 0.5, only_here = 1 }, "loss"), Checkpoint("b", 2, new { loss = 0.7 }, "loss")]);

    [Theory]
    [InlineData("step", 2L)]
    [InlineData("Step", 2L)]
    [InlineData("params.step", "a param")]
    [InlineData("user", "ben")]
    [InlineData("host", "box")]
    [InlineData("command", "train.py")]
    [InlineData("status", "Stopped")]
    [InlineData("lr", 0.1)]
    [InlineData("params.lr", 0.1)]
    [InlineData("loss", 0.5)]
    [InlineData("metrics.loss", 0.5)]
    [InlineData("params.loss", "shadowed")]
    [InlineData("only_here", 1L)]
    [InlineData("val.acc", 3L)]
    [InlineData("params.val.acc", 3L)]
    [InlineData("metrics.odd", 4L)]
    [InlineData("nothing", null)]
    public void A_name_is_found(string name, object? expected)
    {
        Assert.True(ExperimentField.Named(name).TryGet(Everything, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("LR")]
    [InlineData("metrics.lr")]
    [InlineData("params.only_here")]
    [InlineData("metrics.")]
    [InlineData("")]
    public void A_missing_name_is_not_null_but_missing(string name) =>
        Assert.False(ExperimentField.Named(name).TryGet(Everything, out _));

    [Fact]
    public void Started_is_created()
    {
        Assert.True(ExperimentField.Named("started").TryGet(Everything, out var started));
        Assert.Equal(Everything.Metadata.Created, started);
    }

    [Fact]
    public void Step_is_missing_without_checkpoints() => Assert.False(ExperimentField.Named("step").TryGet(Experiment(), out _));

    [Fact]
    public void Metrics_are_those_of_the_latest_checkpoint_where_none_is_best()
    {
        var experiment = Experiment(checkpoints: [Checkpoint("a", 1, new { loss = 1 }), Checkpoint("b", 2, new { loss = 2 })]);
        Assert.Equal(2L, ExperimentField.MetricsOf(experiment)["loss"]);
        Assert.Empty(ExperimentField.MetricsOf(Experiment()).Names);
    }
}
