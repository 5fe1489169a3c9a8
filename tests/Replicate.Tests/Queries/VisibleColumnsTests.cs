using Replicate.Presentation;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class VisibleColumnsTests
{
    [Fact]
    public void Params_that_differ_are_shown_in_order() => Assert.Equal(["a", "c"], Params(
        new { c = 1, a = "x", same = 5 }, new { c = 2, a = "y", same = 5.0 }));

    [Fact]
    public void A_param_that_only_some_have_is_not_shown() => Assert.Empty(Params(new { a = 1 }, new { b = 1 }, new { }));

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
