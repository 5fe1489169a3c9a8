using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class IdLookupTests
{
    private static readonly Experiment[] All =
    [
        Experiment("ab12cd34ef", command: "train.py\n--lr=1", checkpoints: [Checkpoint("ab12cd34aa", 3), Checkpoint("ffee")]),
        Experiment("ab99", checkpoints: [Checkpoint("ab9", 5)]),
    ];

    [Theory]
    [InlineData("ab12cd34ef")]
    [InlineData("ab12cd34e")]
    [InlineData("AB12CD34E")]
    [InlineData("  ab12cd34e ")]
    public void An_experiment_is_found_by_id_or_prefix(string id)
    {
        var match = IdLookup.Find(id, All);
        Assert.Same(All[0], match.Experiment);
        Assert.Null(match.Checkpoint);
    }

    [Theory]
    [InlineData("f")]
    [InlineData("FFEE")]
    public void A_checkpoint_is_found_with_its_experiment(string id)
    {
        var match = IdLookup.Find(id, All);
        Assert.Same(All[0], match.Experiment);
        Assert.Equal("ffee", match.Id);
    }

    [Fact]
    public void A_short_id_that_others_begin_with_takes_nothing_over()
    {
        var error = Assert.Throws<ReplicateException>(() => IdLookup.Find("AB9", All));
        Assert.Equal("IdAmbiguous", error.Id);
        Assert.Contains("checkpoint ab9 (step 5 of experiment ab99)", error.Message, StringComparison.Ordinal);
        Assert.Contains("picked from a list", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("ab99", IdLookup.Find("ab99", All).Id);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(63)]
    public void An_experiment_whose_whole_id_is_the_beginning_of_mine_is_not_found_in_its_place(int length)
    {
        var mine = new string('a', 64);
        Experiment[] both = [Experiment(mine), Experiment(mine[..length])];
        Assert.Equal("IdAmbiguous", Assert.Throws<ReplicateException>(() => IdLookup.FindExperiment(mine[..length], both)).Id);
        Assert.Equal(mine, IdLookup.FindExperiment(mine, both).Id);
    }

    [Fact]
    public void A_full_id_stays_mine_where_a_longer_one_begins_with_it()
    {
        var mine = new string('a', 64);
        Assert.Equal(mine, IdLookup.FindExperiment(mine, [Experiment(mine + "b"), Experiment(mine)]).Id);
    }

    [Fact]
    public void Checkpoints_do_not_count_among_experiments_alone()
    {
        Assert.Same(All[1], IdLookup.FindExperiment("ab9", All));
        Assert.Equal("IdNotFound", Assert.Throws<ReplicateException>(() => IdLookup.FindExperiment("ffee", All)).Id);
    }

    [Fact]
    public void An_ambiguous_prefix_lists_what_it_could_mean_and_tells_it_apart()
    {
        var error = Assert.Throws<ReplicateException>(() => IdLookup.Find("ab", All));
        Assert.Equal("IdAmbiguous", error.Id);
        Assert.Equal(ErrorKind.Ambiguous, error.Kind);
        Assert.Contains("4 ids begin with 'ab'", error.Message, StringComparison.Ordinal);
        Assert.Contains("experiment ab12cd34e (", error.Message, StringComparison.Ordinal);
        Assert.Contains("train.py\\n--lr=1", error.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint ab12cd34a (step 3 of experiment ab12cd3)", error.Message, StringComparison.Ordinal);
        Assert.Contains("experiment ab99 (", error.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint ab9 (step 5 of experiment ab99)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_ten_are_listed()
    {
        var many = Enumerable.Range(0, 25).Select(i => Experiment($"abc{i:D4}")).ToArray();
        var error = Assert.Throws<ReplicateException>(() => IdLookup.FindExperiment("abc", many));
        Assert.Equal(10, error.Message.Split("experiment abc").Length - 1);
        Assert.Contains("and 15 more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_full_id_twice_is_ambiguous()
    {
        Experiment[] twice = [Experiment("abc", checkpoints: [Checkpoint("abc")])];
        Assert.Equal("IdAmbiguous", Assert.Throws<ReplicateException>(() => IdLookup.Find("abc", twice)).Id);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("ab12cd34effff")]
    [InlineData("*")]
    public void An_unknown_id_is_not_found(string id)
    {
        var error = Assert.Throws<ReplicateException>(() => IdLookup.Find(id, All));
        Assert.Equal("IdNotFound", error.Id);
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        Assert.Contains($"'{id}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_id_is_an_error(string id) =>
        Assert.Equal("IdMissing", Assert.Throws<ReplicateException>(() => IdLookup.Find(id, All)).Id);
}
