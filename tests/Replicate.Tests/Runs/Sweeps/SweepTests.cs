using System.Collections;
using Replicate.Runs.Sweeps;

namespace Replicate.Tests.Runs.Sweeps;

public class SweepTests
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
        Sweep.Grid(Params).Select(combination => combination.ToString()));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Random_combinations_are_different_ones_and_the_same_for_a_seed(int count)
    {
        var first = Sweep.Random(Params, count, seed: 1);

        Assert.Equal(Math.Min(count, 6), first.Distinct().Count());
        Assert.Equal(first, Sweep.Random(Params, count, seed: 1));
        Assert.All(first, combination => Assert.Contains(combination, Sweep.Grid(Params)));
    }

    [Fact]
    public void What_cannot_be_swept_is_refused()
    {
        var many = Value.MapFrom(Enumerable.Range(0, 9).ToDictionary(i => $"p{i}", _ => Enumerable.Range(0, 100).ToArray()));

        Assert.Equal("SweepTooLarge", Assert.Throws<ReplicateException>(() => Sweep.Grid(many)).Id);
        Assert.Equal("SweepEmpty", Assert.Throws<ReplicateException>(() => Sweep.Grid(Value.MapFrom(new Hashtable { ["a"] = Array.Empty<int>() }))).Id);
        Assert.Equal(10, Sweep.Random(many, 10).Distinct().Count());
    }

    [Fact]
    public void Arguments_are_filled_with_params() => Assert.Equal(
        ["--lr=0.1", "{other}", "x-3"],
        Sweep.Fill(["--lr={lr}", "{other}", "{name}-{layers}"], Value.MapFrom(new Hashtable { ["lr"] = 0.1, ["name"] = "x", ["layers"] = 3 })));

    [Fact]
    public async Task One_that_cannot_be_started_does_not_stop_the_rest()
    {
        var results = await Sweep.RunAsync(
            Sweep.Grid(Params), throttle: 2,
            (parameters, _) => parameters["layers"] is 2L
                ? throw new ReplicateException(ErrorKind.NotFound, "ProgramNotFound", "None.", "None.")
                : Task.FromResult(parameters.ToString()),
            TestContext.Current.CancellationToken);

        Assert.Equal(4, results.Count(result => result.Result is not null));
        Assert.Equal(2, results.Count(result => result.Error?.Id == "ProgramNotFound"));
        Assert.Equal(Sweep.Grid(Params), results.Select(result => result.Params));
    }
}
