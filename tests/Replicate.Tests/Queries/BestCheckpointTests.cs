using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class BestCheckpointTests
{
    [Fact]
    public void The_lowest_wins_when_the_goal_is_to_minimize() =>
        Assert.Equal("b", Best(Of("a", 2), Of("b", 1), Of("c", 3)));

    [Fact]
    public void The_highest_wins_when_the_goal_is_to_maximize() =>
        Assert.Equal("c", Best(Of("a", 2, goal: Goal.Maximize), Of("b", 1, goal: Goal.Maximize), Of("c", 3, goal: Goal.Maximize)));

    [Fact]
    public void Ties_go_to_the_latest() => Assert.Equal("c", Best(Of("a", 1), Of("b", 2), Of("c", 1.0)));

    [Fact]
    public void Not_a_number_never_wins_wherever_it_stands() =>
        Assert.Equal("b", Best(Of("a", double.NaN), Of("b", 5), Of("c", double.NaN)));

    [Theory]
    [InlineData("text")]
    [InlineData(true)]
    [InlineData(null)]
    [InlineData(double.NaN)]
    public void What_is_no_number_never_wins(object? value) => Assert.Null(Best(Of("a", value)));

    [Fact]
    public void Infinity_is_a_number() =>
        Assert.Equal("b", Best(Of("a", 5), Of("b", double.NegativeInfinity)));

    [Fact]
    public void Large_integers_compare_exactly() =>
        Assert.Equal("b", Best(Of("a", 9007199254740993), Of("b", 9007199254740992.0), Of("c", 9007199254740993)));

    [Fact]
    public void Without_a_primary_metric_there_is_no_best() => Assert.Null(Best(Checkpoint("a", metrics: new { loss = 1 })));

    [Fact]
    public void Without_checkpoints_there_is_no_best() => Assert.Null(Best());

    [Fact]
    public void A_checkpoint_that_names_no_primary_metric_can_be_best() =>
        Assert.Equal("b", Best(Of("a", 2), Checkpoint("b", 1, new { loss = 1 })));

    [Fact]
    public void A_checkpoint_before_the_first_that_names_one_can_be_best() =>
        Assert.Equal("a", Best(Checkpoint("a", metrics: new { loss = 1 }), Of("b", 2)));

    [Fact]
    public void A_checkpoint_that_lacks_the_metric_is_passed_over() =>
        Assert.Equal("a", Best(Of("a", 2), Checkpoint("b", 1, new { other = 1 }, "loss")));

    [Fact]
    public void The_first_that_names_one_decides_and_another_warns_once()
    {
        var experiment = Experiment("abcdef12", checkpoints:
            [Of("a", 1), Checkpoint("b", 1, new { loss = 2, accuracy = 1 }, "accuracy", Goal.Maximize), Of("c", 3, goal: Goal.Maximize)]);
        var warnings = new Warnings();
        using (Notices.SendTo(warnings))
        {
            Assert.Equal("a", experiment.Best()!.Id);
            Assert.Equal("a", experiment.Best()!.Id);
        }

        var warning = Assert.Single(warnings.All);
        Assert.Contains("abcdef1", warning, StringComparison.Ordinal);
        Assert.Contains("loss (minimize)", warning, StringComparison.Ordinal);
        Assert.Contains("accuracy (maximize)", warning, StringComparison.Ordinal);
    }

    private static string? Best(params Checkpoint[] checkpoints) => Experiment(checkpoints: checkpoints).Best()?.Id;

    private static Checkpoint Of(string id, object? loss, Goal goal = Goal.Minimize) => Checkpoint(id, 0, new { loss }, "loss", goal);
}
