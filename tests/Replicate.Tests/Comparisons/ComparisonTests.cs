using Replicate.Comparisons;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Comparisons;

public class ComparisonTests
{
    [Fact]
    public void Only_what_differs_is_listed_by_section_and_name()
    {
        var left = Experiment(
            "a", new { lr = 0.1, same = 1, opt = "adam" }, user: "ben", command: "train", path: ".",
            checkpoints: [Checkpoint("ca", 3, new { loss = 0.5, acc = 1 })]);
        var right = Experiment(
            "b", new { lr = 0.2, same = 1.0, opt = "sgd" }, Start.AddDays(1), user: "ann", host: "box", command: "train", path: "src",
            checkpoints: [Checkpoint("cb", 3, new { loss = 0.25, acc = 1 })]);
        Assert.Equal(
            [
                "Experiment/ID: a, b",
                $"Experiment/Created: {left.Created}, {right.Created}",
                "Experiment/Host: , box",
                "Experiment/Path: ., src",
                "Experiment/User: ben, ann",
                "Params/lr: 0.1, 0.2",
                "Params/opt: adam, sgd",
                "Checkpoint/ID: ca, cb",
                "Metrics/loss: 0.5, 0.25",
            ],
            Between(left, right).Select(Line));
    }

    [Fact]
    public void Values_keep_their_types()
    {
        var differences = Between(
            Experiment("a", new { x = 1 }, checkpoints: [Checkpoint("ca", 3)]),
            Experiment("b", new { x = true }, Start.AddDays(1), checkpoints: [Checkpoint("cb", 4)]));
        Assert.Equal([1L, true], Of(differences, "x").Values);
        Assert.Equal([3L, 4L], Of(differences, "Step").Values);
        Assert.Equal(DateTimeKind.Local, Assert.IsType<DateTime>(differences.First(difference => difference.Name == "Created").Left).Kind);
    }

    [Fact]
    public void Checkpoints_of_one_experiment_differ_by_checkpoint_alone()
    {
        var experiment = Experiment("a", checkpoints: [Checkpoint("c1", 1, new { loss = 2 }), Checkpoint("c2", 2, new { loss = 1 })]);
        var differences = Comparison.Between(
            [new Match(experiment, experiment.Checkpoints[0]), new Match(experiment, experiment.Checkpoints[1])]);
        Assert.Equal(["ID", "Created", "Step", "loss"], differences.Select(difference => difference.Name));
    }

    [Fact]
    public void The_same_thing_does_not_differ() =>
        Assert.Empty(Between(Experiment("a", new { x = double.NaN }), Experiment("a", new { x = double.NaN })));

    [Fact]
    public void A_recorded_null_differs_from_none()
    {
        var difference = Assert.Single(Between(Experiment("a", new { x = (object?)null }), Experiment("a")));
        Assert.Equal([null, null], difference.Values);
        Assert.Equal([true, false], difference.IsSet);
    }

    [Fact]
    public void An_experiment_stands_for_its_best_checkpoint()
    {
        var differences = Between(
            Experiment("a", checkpoints: [Checkpoint("best", 0, new { loss = 1 }, "loss"), Checkpoint("late", 1, new { loss = 2 }, "loss")]),
            Experiment("b", checkpoints: [Checkpoint("early", 0, new { loss = 1 }), Checkpoint("latest", 1, new { loss = 2 })]));
        Assert.Equal(["best", "latest"], differences.Last(difference => difference.Name == "ID").Values);
    }

    [Fact]
    public void A_side_without_checkpoints_has_no_metrics()
    {
        var loss = Of(Between(Experiment("a"), Experiment("b", checkpoints: [Checkpoint(metrics: new { loss = 1 })])), "loss");
        Assert.Null(loss.Left);
        Assert.Equal(1L, loss.Right);
        Assert.Equal([false, true], loss.IsSet);
    }

    [Fact]
    public void More_than_two_sides_compare_at_once()
    {
        var differences = Comparison.Between(
        [
            new Match(Experiment("a", new { x = 1, y = 1 }), null), new Match(Experiment("a", new { x = 1, y = 1 }), null),
            new Match(Experiment("a", new { x = 2, y = 1 }), null),
        ]);
        var difference = Assert.Single(differences);
        Assert.Equal([1L, 1L, 2L], difference.Values);
        Assert.Equal(1L, difference.Right);
    }

    [Fact]
    public void Sections_are_those_that_are_listed() => Assert.All(
        Between(Experiment("a", new { x = 1 }), Experiment("b", checkpoints: [Checkpoint(metrics: new { loss = 1 })])),
        difference => Assert.Contains(difference.Section, Comparison.Sections));

    [Fact]
    public void One_side_alone_is_refused() => Assert.Equal(
        "TooFewToCompare", Assert.Throws<ReplicateException>(() => Comparison.Between([new Match(Experiment(), null)])).Id);

    private static IReadOnlyList<Difference> Between(Experiment left, Experiment right) =>
        Comparison.Between([new Match(left, null), new Match(right, null)]);

    private static Difference Of(IReadOnlyList<Difference> differences, string name) =>
        differences.Single(difference => difference.Name == name);

    private static string Line(Difference difference) =>
        $"{difference.Section}/{difference.Name}: {string.Join(", ", difference.Values.Select(value => value is DateTime ? $"{value}" : Value.ToText(value)))}";
}
