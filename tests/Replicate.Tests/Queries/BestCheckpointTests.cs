using FsCheck;
using FsCheck.Fluent;
using Replicate.Metadata;
using Replicate.Tests.Support;
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
        using (Log.SendTo(warnings))
        {
            Assert.Equal("a", experiment.Best()!.Id);
            Assert.Equal("a", experiment.Best()!.Id);
        }

        var warning = Assert.Single(warnings.All);
        Assert.Contains("abcdef1", warning, StringComparison.Ordinal);
        Assert.Contains("loss (minimize)", warning, StringComparison.Ordinal);
        Assert.Contains("accuracy (maximize)", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_best_after_one_more_is_what_is_best_of_all() => Prop.ForAll(
        Added.ListOf().ToArbitrary(),
        added =>
        {
            var list = CheckpointList.Empty;
            foreach (var (checkpoint, isAsked) in added)
            {
                list = list.Add(checkpoint);
                if (isAsked)
                {
                    Assert.Equal(BestCheckpoint.Find(new CheckpointList([.. list]), out _), list.Best = Find(list));
                }
            }
        }).Holds();

    [Fact]
    public void One_more_does_not_make_anybody_look_at_the_others_again()
    {
        var list = new CheckpointList([Of("a", 2)]);
        list.Best = Find(list);

        foreach (var (loss, best) in new (object?, int)[] { (3, 0), (2, 2), (double.NaN, 2), ("text", 2), (null, 2), (1, 6) })
        {
            list = list.Add(Of("b", loss));
            Assert.Equal(best, list.Best);
        }
    }

    [Fact]
    public void Another_primary_metric_that_comes_later_warns_once_however_many_come()
    {
        var list = new CheckpointList([Of("a", 2)]);
        var warnings = new Warnings();
        using (Log.SendTo(warnings))
        {
            for (var i = 0; i < 4; i++)
            {
                var metadata = new ExperimentMetadata { Id = "e", Created = Timestamp.From(Start), Checkpoints = list };
                Assert.Equal("a", new Experiment(null!, metadata, null).Best()!.Id);
                list = list.Add(Checkpoint("b", 0, new { loss = 3, accuracy = i }, "accuracy", Goal.Maximize));
            }
        }

        Assert.Single(warnings.All);
    }

    private static int Find(CheckpointList list) =>
        list.Best == CheckpointList.UnknownBest ? BestCheckpoint.Find(list, out _) : list.Best;

    private static readonly Gen<(Checkpoint Checkpoint, bool IsAsked)> Added =
        from loss in Gen.Elements<object?>(
            null, true, "1", 0, -0.0, 1, 1.0, 2, double.NaN, double.PositiveInfinity, double.NegativeInfinity, long.MaxValue, ulong.MaxValue,
            9007199254740993, 9007199254740992.0)
        from accuracy in Gen.Choose(0, 2)
        from kind in Gen.Choose(0, 9)
        from minute in Gen.Elements(1, 1, 1, 1, 1, 1, 0)
        from isAsked in Gen.Elements(true, true, false)
        select (kind switch
        {
            0 => Checkpoint(step: minute, metrics: new { accuracy }, primary: "accuracy", goal: Goal.Maximize),
            1 => Checkpoint(step: minute, metrics: new { loss, accuracy }, primary: "loss", goal: Goal.Maximize),
            2 or 3 => Checkpoint(step: minute, metrics: new { accuracy }),
            4 or 5 => Checkpoint(step: minute, metrics: new { loss, accuracy }),
            _ => Checkpoint(step: minute, metrics: new { loss, accuracy }, primary: "loss"),
        }, isAsked);

    private static string? Best(params Checkpoint[] checkpoints) => Experiment(checkpoints: checkpoints).Best()?.Id;

    private static Checkpoint Of(string id, object? loss, Goal goal = Goal.Minimize) => Checkpoint(id, 0, new { loss }, "loss", goal);
}
