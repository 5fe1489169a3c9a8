using Replicate.Runs.Sweeps;

namespace Replicate.Tests.Runs.Sweeps;

public class EarlyStoppingTests
{
    private const int Steps = 81;

    [Fact]
    public void Successive_halving_spends_a_part_of_the_steps_and_finds_the_best()
    {
        var sweeps = Enumerable.Range(0, 20).Select(seed => Sweep(EarlyStopping.Halving, seed, runs: 40)).ToArray();

        Assert.InRange(sweeps.Average(sweep => sweep.Spent), 0, 0.4);
        Assert.All(sweeps, sweep => Assert.InRange(sweep.Found, sweep.Best, sweep.Best * 1.02));
    }

    [Fact]
    public void The_median_rule_stops_about_half_of_the_runs_and_never_the_best()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (spent, found, best) = Sweep(EarlyStopping.Median, seed, runs: 40);

            Assert.InRange(spent, 0.2, 0.8);
            Assert.InRange(found, best, best * 1.02);
        }
    }

    [Theory]
    [InlineData(EarlyStopping.Median)]
    [InlineData(EarlyStopping.Halving)]
    public void What_is_maximized_is_stopped_where_it_is_low(EarlyStopping rule)
    {
        var judge = new EarlyStoppingJudge(rule, Goal.Maximize);
        for (var run = 1; run <= 6; run++)
        {
            judge.AddEarlier(run, [0.5, 0.6, 0.7], isCompleted: true);
        }

        Assert.Equal([false, false, false], new[] { 0.5, 0.8, 0.9 }.Select(value => judge.IsHopeless(7, value)));
        Assert.Equal([false, false, true], new[] { 0.5, 0.5, 0.6 }.Select(value => judge.IsHopeless(8, value)));
    }

    [Fact]
    public void Nothing_is_stopped_before_there_is_something_to_compare_with()
    {
        var judge = new EarlyStoppingJudge(EarlyStopping.Median, Goal.Minimize);

        for (var run = 1; run <= 5; run++)
        {
            Assert.DoesNotContain(true, Enumerable.Range(1, 10).Select(step => judge.IsHopeless(run, run * step)));
            judge.Complete(run);
        }

        Assert.Equal([false, false, true], Enumerable.Range(1, 3).Select(_ => judge.IsHopeless(6, 1_000)));
        Assert.Equal([false, false, true], Enumerable.Range(1, 3).Select(_ => judge.IsHopeless(7, double.NaN)));
    }

    /// <summary>Runs that fall toward a loss of their own, some sooner than others, with noise.</summary>
    /// <returns>The part of all steps that was spent, the best loss that was reached, and the best that all steps would have reached.</returns>
    private static (double Spent, double Found, double Best) Sweep(EarlyStopping rule, int seed, int runs)
    {
        var random = new Random(seed);
        var judge = new EarlyStoppingJudge(rule, Goal.Minimize);
        var (spent, found, best) = (0, double.PositiveInfinity, double.PositiveInfinity);
        for (var run = 1; run <= runs; run++)
        {
            var (floor, pace) = (0.2 + random.NextDouble(), 6 + (6 * random.NextDouble()));
            var losses = Enumerable.Range(1, Steps).Select(step => floor + Math.Exp(-step / pace) + (0.002 * random.NextDouble())).ToArray();
            best = Math.Min(best, losses.Min());
            var last = Array.FindIndex(losses, loss => judge.IsHopeless(run, loss));
            spent += last < 0 ? Steps : last + 1;
            found = Math.Min(found, losses[..(last < 0 ? Steps : last + 1)].Min());
            if (last < 0)
            {
                judge.Complete(run);
            }
        }

        return ((double)spent / (runs * Steps), found, best);
    }
}
