using System.Numerics;

namespace Replicate.Runs.Sweeps;

/// <summary>By which rule the runs of a sweep are stopped that do worse than others by the primary metric.</summary>
public enum EarlyStopping
{
    /// <summary>None is.</summary>
    None,

    /// <summary>
    /// The median rule: a run is stopped at a step where the best that it has reached is worse than the median of what the completed runs had there.
    /// </summary>
    Median,

    /// <summary>
    /// Successive halving: after 3, 6, 12, 24, … steps a run goes on only where it is among the better half of those that have come so far.
    /// </summary>
    Halving,
}

/// <summary>Tells which runs of a sweep have no hope. Safe from several threads.</summary>
/// <param name="rule">The rule.</param>
/// <param name="goal">Whether less or more is better.</param>
/// <remarks>
/// The rules are those of Optuna's MedianPruner and of asynchronous successive halving (Li and others, 2018), by which no run waits
/// for another. Steps are counted as they are recorded.
/// </remarks>
internal sealed class EarlyStoppingJudge(EarlyStopping rule, Goal goal)
{
    // What a few steps or runs tell is chance.
    private const int LeastSteps = 3;
    private const int LeastRuns = 5;
    private const int Halves = 2;

    private readonly object _lock = new();
    private readonly Dictionary<int, List<double>> _values = [];
    private readonly HashSet<int> _completed = [];

    /// <summary>Takes the metric of a run's next step.</summary>
    /// <param name="run">The number of the run.</param>
    /// <param name="value">The metric.</param>
    /// <returns>Whether the run is to be stopped.</returns>
    internal bool IsHopeless(int run, double value)
    {
        lock (_lock)
        {
            var values = Add(run, value);
            return rule switch
            {
                _ when values.Count < LeastSteps => false,
                EarlyStopping.Median => IsBelowMedian(values),
                EarlyStopping.Halving => IsRung(values.Count) && !IsAmongBest(values),
                _ => false,
            };
        }
    }

    /// <summary>Takes what an earlier run of the sweep has recorded.</summary>
    internal void AddEarlier(int run, IEnumerable<double> values, bool isCompleted)
    {
        lock (_lock)
        {
            foreach (var value in values)
            {
                Add(run, value);
            }

            if (isCompleted)
            {
                _completed.Add(run);
            }
        }
    }

    /// <summary>Takes note that a run has come to its own end.</summary>
    internal void Complete(int run)
    {
        lock (_lock)
        {
            _completed.Add(run);
        }
    }

    private List<double> Add(int run, double value)
    {
        if (!_values.TryGetValue(run, out var values))
        {
            _values.Add(run, values = []);
        }

        values.Add(double.IsNaN(value) ? double.PositiveInfinity : goal == Goal.Minimize ? value : -value);
        return values;
    }

    private bool IsBelowMedian(List<double> values)
    {
        var step = values.Count - 1;
        var others = _completed.Select(run => _values.GetValueOrDefault(run)).OfType<List<double>>()
            .Where(other => other.Count > step).Select(other => other[step]).Order().ToArray();
        return others.Length >= LeastRuns && values.Min() > (others[(others.Length - 1) / 2] + others[others.Length / 2]) / 2;
    }

    private static bool IsRung(int steps) => steps % LeastSteps == 0 && BitOperations.IsPow2(steps / LeastSteps);

    private bool IsAmongBest(List<double> values)
    {
        var steps = values.Count;
        var best = values.Min();
        var others = _values.Values.Where(other => other.Count >= steps).ToArray();
        var better = others.Count(other => other.Take(steps).Min() < best);
        return others.Length < LeastRuns || better < others.Length / Halves;
    }
}
