using System.Globalization;

namespace Replicate.Runs.Sweeps;

/// <summary>What is said of a sweep while it runs.</summary>
internal static class SweepText
{
    /// <summary>What a line of a run's output begins with where several run at once, as in <c>[ 3/12] </c>.</summary>
    internal static string PrefixOf(RunningSweep sweep, SweepPoint point)
    {
        var count = sweep.Count.ToString(CultureInfo.InvariantCulture);
        return $"[{point.Number.ToString(CultureInfo.InvariantCulture).PadLeft(count.Length)}/{count}] ";
    }

    /// <summary>How far it came, and how to go on where something is left.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="runs">The runs that were started now.</param>
    internal static string Of(RunningSweep sweep, IReadOnlyCollection<SweepRun> runs)
    {
        var good = runs.Count(run => run.Result is { Status: ExperimentStatus.Completed or ExperimentStatus.StoppedEarly });
        var before = sweep.Done == 0 ? "" : $"{(runs.Count > 0 ? ", " : "")}{sweep.Done} were done before";
        var now = runs.Count == 0 && before.Length > 0 ? "" : $"{good} of {Amounts.Of(runs.Count, "run")} completed";
        return $"Sweep '{sweep.Name}': {now}{before}."
            + (sweep.WhyEnded is { } why ? $" It ended before its end: {why}. Run it again by that name to go on." : "");
    }
}
