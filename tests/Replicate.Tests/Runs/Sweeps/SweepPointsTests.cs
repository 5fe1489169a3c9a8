using System.Collections;
using Replicate.Runs.Sweeps;

namespace Replicate.Tests.Runs.Sweeps;

public class SweepPointsTests
{
    private static readonly ValueMap Params = Value.MapFrom(new Hashtable
    {
        ["lr"] = new[] { 0.1, 0.01 }, ["layers"] = new object[] { 1, 2, 3 }, ["name"] = "x",
    });

    [Fact]
    public void A_grid_is_every_combination() => Assert.Equal(
        [
            "layers=1, lr=0.1, name=x", "layers=1, lr=0.01, name=x", "layers=2, lr=0.1, name=x",
            "layers=2, lr=0.01, name=x", "layers=3, lr=0.1, name=x", "layers=3, lr=0.01, name=x",
        ],
        Texts(Params, SweepSearch.Grid));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Random_combinations_are_different_ones_and_the_same_for_a_seed(int count)
    {
        var first = SweepPoints.Of(Params, SweepSearch.Random, count, seed: 1);

        Assert.Equal(Math.Min(count, 6), first.Distinct().Count());
        Assert.Equal(first, SweepPoints.Of(Params, SweepSearch.Random, count, seed: 1));
        Assert.All(first, combination => Assert.Contains(combination, SweepPoints.Of(Params, SweepSearch.Grid, 1, 1)));
    }

    [Theory]
    [InlineData("""{"min":1,"max":3}""", "a=1 a=2 a=3")]
    [InlineData("""{"min":0,"max":1,"step":0.25}""", "a=0.0 a=0.25 a=0.5 a=0.75 a=1.0")]
    [InlineData("""{"min":10,"max":30,"step":10}""", "a=10 a=20 a=30")]
    [InlineData("""{"min":1,"max":2,"unit":"s"}""", """a={"max":2,"min":1,"unit":"s"}""")]
    public void A_grid_takes_the_steps_of_a_range(string range, string points) =>
        Assert.Equal(points.Replace(".0", "", StringComparison.Ordinal), string.Join(' ', Texts(Param("a", range), SweepSearch.Grid)).Replace(".0", "", StringComparison.Ordinal));

    [Fact]
    public void A_logarithmic_range_has_as_many_small_numbers_as_large_ones()
    {
        var rates = SweepPoints.Of(Param("lr", """{"min":0.0001,"max":1,"scale":"log"}"""), SweepSearch.LatinHypercube, 400, seed: 3)
            .Select(point => (double)point["lr"]!).ToArray();

        Assert.All(rates, rate => Assert.InRange(rate, 0.0001, 1));
        Assert.Equal([100, 100, 100, 100], Enumerable.Range(0, 4).Select(i => rates.Count(rate => (int)Math.Floor(Math.Log10(rate) + 4 + 1e-9) == i)).Select(count => (count + 2) / 5 * 5));
        Assert.All(rates, rate => Assert.InRange(rate.ToString(System.Globalization.CultureInfo.InvariantCulture).Length, 1, 10));
    }

    [Fact]
    public void A_latin_hypercube_spreads_each_param_evenly()
    {
        var points = SweepPoints.Of(
            Value.MapFrom(new Hashtable { ["x"] = Param("x", """{"min":0.0,"max":12}""")["x"], ["layers"] = new object[] { 1, 2, 3 } }),
            SweepSearch.LatinHypercube, 12, seed: 5);

        Assert.Equal(Enumerable.Range(0, 12), points.Select(point => (int)(double)point["x"]!).Order());
        Assert.Equal([4, 4, 4], points.GroupBy(point => point["layers"]).Select(group => group.Count()));
    }

    [Theory]
    [InlineData("""[]""", "SweepEmpty")]
    [InlineData("""{"min":3,"max":1}""", "SweepRangeInvalid")]
    [InlineData("""{"min":0,"max":1,"scale":"log"}""", "SweepRangeInvalid")]
    [InlineData("""{"min":1,"max":2,"scale":"cubic"}""", "SweepRangeInvalid")]
    [InlineData("""{"min":1,"max":2,"step":0}""", "SweepRangeInvalid")]
    [InlineData("""{"min":"a","max":2}""", "SweepRangeInvalid")]
    [InlineData("""{"min":1.0,"max":2}""", "SweepNotEnumerable")]
    [InlineData("""{"min":1,"max":20000}""", "SweepTooLarge")]
    public void What_cannot_be_swept_is_refused(string value, string id) =>
        Assert.Equal(id, Assert.Throws<ReplicateException>(() => Texts(Param("a", value), SweepSearch.Grid)).Id);

    [Fact]
    public void Few_are_chosen_of_more_combinations_than_can_be_run()
    {
        var many = Value.MapFrom(Enumerable.Range(0, 9).ToDictionary(i => $"p{i}", _ => Enumerable.Range(0, 100).ToArray()));

        Assert.Equal("SweepTooLarge", Assert.Throws<ReplicateException>(() => Texts(many, SweepSearch.Grid)).Id);
        Assert.Equal(10, SweepPoints.Of(many, SweepSearch.Random, 10, seed: 2).Distinct().Count());
    }

    [Fact]
    public void Arguments_are_filled_with_params() => Assert.Equal(
        ["--lr=0.1", "{other}", "x-3"],
        SweepPoints.Fill(["--lr={lr}", "{other}", "{name}-{layers}"], Value.MapFrom(new Hashtable { ["lr"] = 0.1, ["name"] = "x", ["layers"] = 3 })));

    private static IEnumerable<string> Texts(ValueMap parameters, SweepSearch search) =>
        SweepPoints.Of(parameters, search, count: 1, seed: 1).Select(combination => combination.ToString());

    private static ValueMap Param(string name, string json) => Value.MapFrom(Replicate.Runs.Params.ParamText.ParsePair($"{name}={json}") is var (key, value)
        ? new Dictionary<string, object?> { [key] = value } : null!);
}
