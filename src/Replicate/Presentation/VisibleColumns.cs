using Replicate.Metadata;
using Replicate.Queries;

namespace Replicate.Presentation;

/// <summary>Which params and metrics a list of experiments shows beside one another.</summary>
internal static class VisibleColumns
{
    /// <summary>
    /// The params whose values differ (objects and lists left out), or all, in order. An experiment without a param has no
    /// say.
    /// </summary>
    public static IReadOnlyList<string> Params(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var first = new Dictionary<string, object?>();
        var visible = new HashSet<string>();
        foreach (var map in experiments.Select(experiment => experiment.Params))
        {
            for (var i = 0; i < map.Count; i++)
            {
                var (name, value) = (map.Names[i], map.Values[i]);
                if (value is not (ValueMap or ValueList) && !visible.Contains(name)
                    && (all || (!first.TryAdd(name, value) && !Value.AreEqual(first[name], value))))
                {
                    visible.Add(name);
                }
            }
        }

        return [.. visible.Order(Utf8Order.Instance)];
    }

    /// <summary>The primary metrics, or all metrics of the best (else latest) checkpoints, in order.</summary>
    public static IReadOnlyList<string> Metrics(IReadOnlyCollection<Experiment> experiments, bool all)
    {
        var names = all
            ? experiments.SelectMany(experiment => ExperimentField.MetricsOf(experiment).Names)
            : experiments.Where(BestCheckpoint.IsThere).Select(experiment => experiment.PrimaryMetric!.Name);
        return [.. names.Distinct().Order(Utf8Order.Instance)];
    }
}
