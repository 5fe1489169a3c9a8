using Replicate.Comparisons;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.Tests.Queries;

public class FixtureQueryTests
{
    [Fact]
    public void The_best_checkpoints_are_those_of_the_original()
    {
        Assert.Equal(
            ["ffc8452 7c222da", "bd26e15 ", "67311f8 ", "dea2176 75c343a", "657fee7 ", "f3b49c1 ", "3bb2aad ", "ced3f07 "],
            Sample.Fixture("keepsake-edge").Select(experiment => $"{experiment.ShortId} {experiment.Best()?.ShortId}"));
        Assert.Equal(
            ["0cb9836 33c5df3", "bcbf2e5 463ce25"],
            Sample.Fixture("keepsake-iris").Select(experiment => $"{experiment.ShortId} {experiment.Best()?.ShortId}"));
    }

    [Fact]
    public void The_visible_columns_are_those_of_the_original_and_what_only_some_have()
    {
        var edge = Sample.Fixture("keepsake-edge");

        // The original cannot compare 3 with "three" and leaves such params out, and those that not all have.
        Assert.Equal(["which", "layers", "opt"], VisibleColumns.ParamsThatMatter(edge).Take(3));
        Assert.Equal(VisibleColumns.Params(edge, all: true), VisibleColumns.Params(edge, all: false));
        Assert.Equal(["loss"], VisibleColumns.Metrics(edge, all: false));
        Assert.Equal(
            [
                "big53", "empty", "f", "f_1e21", "f_big", "f_int", "f_small", "fa", "html", "i", "inf", "key with space", "key=odd",
                "layers", "max64", "nan", "neg", "ninf", "nl", "none", "opt", "s", "s_None", "s_nan", "s_null", "s_num", "s_true",
                "t", "u2028", "uni", "which",
            ],
            VisibleColumns.Params(edge, all: true));
        Assert.Equal(["a", "loss", "note"], VisibleColumns.Metrics(edge, all: true));

        var iris = Sample.Fixture("keepsake-iris");
        Assert.Equal(["learning_rate"], VisibleColumns.Params(iris, all: false));
        Assert.Equal(["loss"], VisibleColumns.Metrics(iris, all: false));
        Assert.Equal(["learning_rate", "num_epochs"], VisibleColumns.Params(iris, all: true));
        Assert.Equal(["accuracy", "loss"], VisibleColumns.Metrics(iris, all: true));
    }

    [Theory]
    [InlineData("f_int = 1.0", "ffc8452")]
    [InlineData("layers > 2", "3bb2aad")]
    [InlineData("layers != 3", "ffc8452 bd26e15 67311f8 dea2176 657fee7 f3b49c1 ced3f07")]
    [InlineData("opt = 5", "ced3f07")]
    [InlineData("\"key=odd\" = 2", "ffc8452")]
    [InlineData("key with space = 1", "ffc8452")]
    [InlineData("nan = NaN", "ffc8452")]
    [InlineData("loss != null", "ffc8452 dea2176")]
    [InlineData("a = [1, 2]", "f3b49c1")]
    [InlineData("step >= 7", "dea2176 f3b49c1")]
    [InlineData("status = stopped", "ffc8452 bd26e15 67311f8 dea2176 657fee7 f3b49c1 3bb2aad ced3f07")]
    [InlineData("created < 2026-11-21T08:30:54.57Z", "ffc8452")]
    public void Filters_work_where_the_original_failed(string filter, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Sample.Fixture("keepsake-edge").Where(Filter.Parse(filter).Matches).Select(experiment => experiment.ShortId)));

    [Fact]
    public void A_sort_over_several_types_does_not_crash() => Assert.Equal(
        "3bb2aad ced3f07 ffc8452 bd26e15 67311f8 dea2176 657fee7 f3b49c1",
        string.Join(' ', Sample.Fixture("keepsake-edge").Order(SortOrder.Parse("layers")).Select(experiment => experiment.ShortId)));

    [Fact]
    public void The_differences_of_two_runs_are_those_of_the_original()
    {
        var iris = Sample.Fixture("keepsake-iris");
        var differences = Comparison.Between([IdLookup.Find("0cb9836", iris), IdLookup.Find("bcbf2e5", iris)]);
        Assert.Equal(
            [
                "Experiment/ID", "Experiment/Command", "Experiment/Created", "Params/learning_rate",
                "Checkpoint/ID", "Checkpoint/Created", "Metrics/loss",
            ],
            differences.Select(difference => $"{difference.Section}/{difference.Name}"));
        Assert.Equal([0.01, 0.2], differences[3].Values);
        Assert.Equal([0.8919705313964558, 3.0538875171920172], differences[^1].Values);
    }

    [Fact]
    public void An_experiment_without_checkpoints_can_be_compared()
    {
        var edge = Sample.Fixture("keepsake-edge");
        var differences = Comparison.Between([IdLookup.Find("ffc8452", edge), IdLookup.Find("bd26e15", edge)]);
        Assert.Contains(differences, difference =>
            difference is { Section: "Params", Name: "none", Left: null, Right: null } && difference.IsSet.SequenceEqual([true, false]));
        Assert.Contains(differences, difference => difference is { Section: "Metrics", Name: "loss", Left: 0.25, Right: null });
    }
}
