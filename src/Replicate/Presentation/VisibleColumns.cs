using Replicate.Metadata;
using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>Which params and metrics a list of experiments shows beside one another: the same in module, command, plots and report.</summary>
internal static class VisibleColumns
{
    // What more would hardly change, and takes time.
    private const int MostWeighed = 1_000;

    /// <summary>
    /// The params whose values differ (objects and lists left out), or all, in order. A param that only some experiments have
    /// differs, too.
    /// </summary>
    public static IReadOnlyList<string> Params(IReadOnlyCollection<Experiment> experiments, bool all) =>
        [.. Seen(experiments).Where(param => all || param.Value.Differs || param.Value.Count < experiments.Count)
            .Select(param => param.Key).Order(Utf8Order.Instance)];

    /// <summary>
    /// The params that differ, or all of a single experiment: those first that have most to do with the primary metric (see
    /// <see cref="ParamImportance"/>), then those of most values.
    /// </summary>
    public static IReadOnlyList<string> ParamsThatMatter(IReadOnlyCollection<Experiment> experiments)
    {
        var names = Params(experiments, all: experiments.Count == 1);
        if (names.Count < 2 || experiments.Count < 2)
        {
            return names;
        }

        var weighed = experiments.Count <= MostWeighed ? experiments : [.. experiments.TakeLast(MostWeighed)];
        var metric = BestRun.MetricOf(weighed);
        (ValueMap Params, double Metric)[] runs = metric is null ? []
            : [.. weighed.Where(experiment => BestRun.IsBy(metric, experiment)).Select(experiment => (experiment.Params, BestRun.NumberOf(experiment, metric)))];
        return [.. names.Select(name => (
                Name: name,
                Importance: Importance(runs, name, weighed.Count),
                Values: weighed.Select(experiment => Value.ToText(experiment.Params[name])).Distinct().Count()))
            .OrderByDescending(param => param.Importance).ThenByDescending(param => param.Values).Select(param => param.Name)];
    }

    /// <summary>The primary metrics, or all metrics of the best (else latest) checkpoints, in order.</summary>
    public static IReadOnlyList<string> Metrics(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var names = all
            ? experiments.SelectMany(experiment => ExperimentField.MetricsOf(experiment).Names)
            : experiments.Where(BestCheckpoint.IsThere).Select(experiment => experiment.PrimaryMetric!.Name);
        return [.. names.Distinct().Order(Utf8Order.Instance)];
    }

    // What few runs have tells little of all.
    private static double Importance(IEnumerable<(ValueMap Params, double Metric)> runs, string param, int count)
    {
        (object? Value, double Metric)[] pairs = [.. runs.Where(run => run.Params.ContainsKey(param)).Select(run => (run.Params[param], run.Metric))];
        return Math.Round(ParamImportance.Of(pairs) * pairs.Length / count, 3);
    }

    /// <summary>The params that are no objects or lists: of how many experiments they are, and whether their values differ.</summary>
    private static Dictionary<string, (object? First, int Count, bool Differs)> Seen(IEnumerable<Experiment> experiments)
    {
        var seen = new Dictionary<string, (object? First, int Count, bool Differs)>();
        foreach (var map in experiments.Select(experiment => experiment.Params))
        {
            for (var i = 0; i < map.Count; i++)
            {
                var (name, value) = (map.Names[i], map.Values[i]);
                if (value is not (ValueMap or ValueList))
                {
                    seen[name] = seen.TryGetValue(name, out var before)
                        ? (before.First, before.Count + 1, before.Differs || !Value.AreEqual(before.First, value))
                        : (value, 1, false);
                }
            }
        }

        return seen;
    }
}
