using Replicate.Queries;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Queries;

public class SortOrderTests
{
    // In the order of creation.
    internal static readonly Experiment[] All =
    [
        .. new (string Id, object? X)[]
        {
            ("null", null), ("b", "b"), ("two", 2), ("true", true), ("nan", double.NaN), ("half", 0.5), ("a", "a"),
            ("list", Nested(1)), ("big", 9007199254740993), ("nearly", 9007199254740992.0),
        }.Select((item, index) => Experiment(item.Id, new { x = item.X }, Start.AddSeconds(index))),
        Experiment("none", created: Start.AddSeconds(-1)),
    ];

    [Fact]
    public void Numbers_come_first_then_text_then_the_rest_then_what_is_missing() =>
        Assert.Equal("half two nearly big nan a b list true none null", Sorted("x"));

    [Fact]
    public void Descending_turns_around_within_each_kind_alone() =>
        Assert.Equal("big nearly two half nan b a true list none null", Sorted("x-desc"));

    [Fact]
    public void It_compares_as_it_sorts()
    {
        var order = SortOrder.Parse("x-desc");
        Assert.Equal(order.Sort(All), All.Order(order));
        Assert.True(order.Compare(null, All[0]) > 0);
        Assert.Equal(0, order.Compare(null, null));
    }

    [Theory]
    [InlineData("x-asc")]
    [InlineData("x-ASC")]
    [InlineData(" params.x ")]
    [InlineData("\"x\"")]
    [InlineData("\"x\"-asc")]
    [InlineData("params.'x'")]
    public void The_same_order_is_written_in_many_ways(string text) => Assert.Equal(Sorted("x"), Sorted(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("created")]
    [InlineData("started-asc")]
    public void The_default_is_by_creation(string? text) =>
        Assert.Equal("none null b two true nan half a list big nearly", Sorted(text));

    [Fact]
    public void Newest_first() => Assert.Equal("nearly big list a half nan true two b null none", Sorted("created-desc"));

    [Theory]
    [InlineData("x")]
    [InlineData("x-desc")]
    public void Ties_are_decided_by_creation_then_by_id(string order)
    {
        Experiment[] tied =
        [
            Experiment("c", new { x = 1 }, Start.AddSeconds(1)), Experiment("b", new { x = 1.0 }), Experiment("a", new { x = 1 }),
        ];
        Assert.Equal("a b c", string.Join(' ', tied.Order(SortOrder.Parse(order)).Select(experiment => experiment.Id)));
    }

    [Fact]
    public void A_name_that_ends_like_a_direction_is_quoted()
    {
        Experiment[] experiments =
        [
            Experiment("a", new Dictionary<string, object?> { ["x-desc"] = 2 }, Start),
            Experiment("b", new Dictionary<string, object?> { ["x-desc"] = 1 }, Start.AddSeconds(1)),
        ];
        Assert.Equal("b", experiments.Order(SortOrder.Parse("\"x-desc\"")).First().Id);
        Assert.Equal("b", experiments.Order(SortOrder.Parse("x-desc-asc")).First().Id);
        Assert.Equal("a", experiments.Order(SortOrder.Parse("'x-desc'-desc")).First().Id);
    }

    [Fact]
    public void Without_a_best_checkpoint_a_metric_is_the_latest()
    {
        Experiment[] experiments =
        [
            Experiment("a", checkpoints: [Checkpoint("a1", 0, new { loss = 1 }), Checkpoint("a2", 1, new { loss = 5 })]),
            Experiment("b", checkpoints: [Checkpoint("b1", 0, new { loss = 3 })]),
        ];
        Assert.Equal("b", experiments.Order(SortOrder.Parse("loss")).First().Id);
    }

    [Theory]
    [InlineData("-desc", "the name is missing")]
    [InlineData("\"\"", "the name is missing")]
    [InlineData("\"x", "the closing \" is missing")]
    [InlineData("\"x\" down", "'down' after the quoted name is neither -desc nor -asc")]
    public void An_order_without_a_name_is_refused(string text, string reason)
    {
        var error = Assert.Throws<ReplicateException>(() => SortOrder.Parse(text));
        Assert.Equal("InvalidSort", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static string Sorted(string? order) =>
        string.Join(' ', SortOrder.Parse(order).Sort(All.Reverse()).Select(experiment => experiment.Id));
}
