using Replicate.Presentation;
using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class VisibleColumnsTests
{
    [Fact]
    public void Params_that_differ_are_shown_in_order() => Assert.Equal(["a", "c"], Params(
        new { c = 1, a = "x", same = 5 }, new { c = 2, a = "y", same = 5.0 }));

    [Fact]
    public void A_param_that_only_some_have_differs() => Assert.Equal(["a", "b"], Params(new { a = 1 }, new { b = 1 }, new { }));

    [Fact]
    public void Null_differs_from_a_value() => Assert.Equal(["a"], Params(new { a = 1 }, new { a = (object?)null }));

    [Fact]
    public void Null_does_not_differ_from_null() => Assert.Empty(Params(new { a = (object?)null }, new { a = (object?)null }));

    [Fact]
    public void Not_a_number_equals_itself() => Assert.Empty(Params(new { a = double.NaN }, new { a = double.NaN }));

    [Fact]
    public void Values_of_different_kinds_differ() =>
        Assert.Equal(["a"], Params(new { a = (object)"three" }, new { a = (object)3 }));

    [Fact]
    public void Objects_and_lists_are_left_out()
    {
        Experiment[] experiments = [Experiment(parameters: new { a = Nested(1) }), Experiment(parameters: new { a = Nested(2), b = new Dictionary<string, object>() })];
        Assert.Empty(VisibleColumns.Params(experiments, all: false));
        Assert.Empty(VisibleColumns.Params(experiments, all: true));
    }

    [Fact]
    public void The_params_that_the_primary_metric_hangs_on_come_first()
    {
        var experiments = Enumerable.Range(0, 12).Select(i => Experiment(
            $"e{i}",
            new { a_seed = i * 7 % 12, b_same = 1, optimizer = i % 3 == 0 ? "sgd" : "adam", rate = Math.Pow(10, -i) },
            checkpoints: [Checkpoint(metrics: new { loss = i * i + (i % 3 == 0 ? 0.5 : 0) }, primary: "loss")])).ToArray();
        Assert.Equal(["rate", "a_seed", "optimizer"], VisibleColumns.ParamsThatMatter(experiments));
    }

    [Fact]
    public void Without_a_metric_those_of_most_values_come_first() => Assert.Equal(
        ["seed", "batch", "fast"],
        VisibleColumns.ParamsThatMatter([.. Enumerable.Range(0, 8).Select(i => Experiment(parameters: new { batch = i % 3, fast = i % 2 == 0, seed = i }))]));

    [Fact]
    public void What_only_a_few_runs_have_says_little_of_all() => Assert.Equal(
        ["rate", "warmup"],
        VisibleColumns.ParamsThatMatter([.. Enumerable.Range(0, 12).Select(i => Experiment(
            $"e{i}",
            i < 4 ? new { rate = i == 5 ? 9 : i, warmup = i } : (object)new { rate = i == 5 ? 9 : i },
            checkpoints: [Checkpoint(metrics: new { loss = i }, primary: "loss")]))]));

    [Fact]
    public void The_best_run_is_that_of_the_goal_and_the_latest_of_equal_ones()
    {
        Experiment[] experiments =
        [
            .. new[] { 3, 5, 5, 2 }.Select((value, i) => Experiment(
                $"e{i}", created: Start.AddHours(i), checkpoints: [Checkpoint(metrics: new { gain = value }, primary: "gain", goal: Goal.Maximize)])),
            Experiment("e9", checkpoints: [Checkpoint(metrics: new { gain = 9 })]),
        ];
        Assert.Equal("e2", BestRun.Of(experiments)!.Id);
        Assert.Null(BestRun.Of(experiments[..1], least: 2));
        Assert.Null(BestRun.Of(experiments[4..]));
    }

    [Fact]
    public void The_primary_metrics_are_shown()
    {
        Experiment[] experiments =
        [
            Experiment(checkpoints: [Checkpoint(metrics: new { loss = 1, other = 1 }, primary: "loss")]),
            Experiment(checkpoints: [Checkpoint(metrics: new { acc = 1 }, primary: "acc")]),
            Experiment(checkpoints: [Checkpoint(metrics: new { nan = double.NaN }, primary: "nan")]),
            Experiment(checkpoints: [Checkpoint(metrics: new { free = 1 })]),
        ];
        Assert.Equal(["acc", "loss"], VisibleColumns.Metrics(experiments, all: false));
        Assert.Equal(["acc", "free", "loss", "nan", "other"], VisibleColumns.Metrics(experiments, all: true));
    }

    [Fact]
    public void The_best_checkpoint_may_name_no_primary_metric()
    {
        Experiment[] experiments =
            [Experiment(checkpoints: [Checkpoint("a", metrics: new { loss = 2 }, primary: "loss"), Checkpoint("b", metrics: new { loss = 1 })])];
        Assert.Equal(["loss"], VisibleColumns.Metrics(experiments, all: false));
    }

    private static IReadOnlyList<string> Params(params object[] parameters) =>
        VisibleColumns.Params([.. parameters.Select(map => Experiment(parameters: map))], all: false);
}
