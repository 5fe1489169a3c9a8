using FsCheck;
using FsCheck.Fluent;
using Replicate.Queries;

namespace Replicate.Tests.Queries;

public class QueryPropertyTests
{
    private static readonly string[] Pieces =
    [
        "loss", "created", "status", "step", "metrics.", "params.", "\"", "'", "\"\"", "=", "==", "!=", "!", "<", "<=", ">", " ", "  ", "-desc",
        "-asc", "null", "true", "NaN", "-inf", "1", "-0.0", "1e999", "9999-12-31", "0001-01-01", "2026-11-21", "T", "08:30", ":17.123456789",
        "Z", "+14:00", "-14:00", "[1,", "]", "{\"a\":", "}", "[[", "\0", "\ud800", "☃", ".", "\\",
    ];

    private static readonly Gen<object?> Values = Gen.OneOf(
        Gen.Elements<object?>(
            null, true, false, 0, -0.0, 1, 1.0, -1, 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, long.MaxValue,
            long.MinValue, ulong.MaxValue, 9223372036854775808.0, 9007199254740993, 9007199254740992.0, "", "a", "1", "NaN",
            Sample.Nested(1, 2), Sample.Nested(), new Dictionary<string, object?> { ["a"] = 1 }),
        Gen.Choose(-3, 3).Select(number => (object?)number));

    private static readonly Gen<Experiment> Experiments =
        from kind in Gen.Choose(0, 3)
        from value in Values
        from second in Gen.Choose(0, 2)
        from id in Gen.Choose(0, 3)
        select kind switch
        {
            0 => Sample.Experiment($"e{id}", created: Sample.Start.AddSeconds(second)),
            1 => Sample.Experiment(
                $"e{id}", created: Sample.Start.AddSeconds(second), checkpoints: [Sample.Checkpoint(metrics: new { x = value })]),
            _ => Sample.Experiment($"e{id}", new { x = value }, Sample.Start.AddSeconds(second)),
        };

    [Fact]
    public void Parsing_throws_nothing_but_our_error() => Check(
        Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            try
            {
                Filter.Parse(text).Matches(Sample.Experiment(parameters: new { loss = 1 }));
                SortOrder.Parse(text);
            }
            catch (ReplicateException)
            {
                // Refused is fine; any other exception fails the property.
            }
        });

    [Fact]
    public void A_filter_matches_or_its_negation_does() => Check(
        Experiments.Zip(Gen.Elements("1", "NaN", "null", "a", "true", "[1,2]", "0", "9007199254740993")).ToArbitrary(),
        pair => Assert.NotEqual(
            Filter.Parse($"x = {pair.Item2}").Matches(pair.Item1), Filter.Parse($"x != {pair.Item2}").Matches(pair.Item1)));

    [Theory]
    [InlineData("x")]
    [InlineData("x-desc")]
    [InlineData("created")]
    [InlineData("status-desc")]
    public void A_sort_is_a_total_order(string text)
    {
        var order = SortOrder.Parse(text);
        Check(Experiments.Three().ToArbitrary(), three =>
        {
            var (x, y, z) = three;
            Assert.Equal(0, order.Compare(x, x));
            Assert.Equal(Math.Sign(order.Compare(x, y)), -Math.Sign(order.Compare(y, x)));
            if (order.Compare(x, y) <= 0 && order.Compare(y, z) <= 0)
            {
                Assert.True(order.Compare(x, z) <= 0);
            }

            // The same place in the order means the same experiment as far as the order can see.
            if (order.Compare(x, y) == 0)
            {
                Assert.Equal((x.Id, x.Created), (y.Id, y.Created));
            }
        });
    }

    // The same cases on every run.
    private static void Check<T>(Arbitrary<T> cases, Action<T> property) =>
        Prop.ForAll(cases, property).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1000).WithReplay(20261121, 1));
}
