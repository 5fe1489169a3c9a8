using Replicate.Metadata;

namespace Replicate.Queries;

/// <summary>Which of several experiments is the best.</summary>
internal static class BestRun
{
    /// <summary>The primary metric that most of the experiments have a best checkpoint by; null where none has one.</summary>
    public static PrimaryMetric? MetricOf(IEnumerable<Experiment> experiments)
    {
        var counts = new Dictionary<PrimaryMetric, int>();
        foreach (var metric in experiments.Where(BestCheckpoint.IsThere).Select(experiment => experiment.PrimaryMetric!))
        {
            counts[metric] = counts.GetValueOrDefault(metric) + 1;
        }

        return counts.Keys.Order(Comparer<PrimaryMetric>.Create((x, y) =>
            counts[x] != counts[y] ? counts[y].CompareTo(counts[x]) : string.CompareOrdinal(x.Name, y.Name))).FirstOrDefault();
    }

    /// <summary>The experiment whose best checkpoint is the best of all by that metric, the latest of equal ones.</summary>
    /// <param name="experiments">The experiments.</param>
    /// <param name="least">How many there must be that can be compared.</param>
    /// <returns>Null where fewer can.</returns>
    public static Experiment? Of(IReadOnlyCollection<Experiment> experiments, int least = 1) =>
        MetricOf(experiments) is { } metric ? By(metric, experiments, least) : null;

    /// <summary>The experiment whose best checkpoint is the best of all by a metric, as <see cref="Of"/>.</summary>
    public static Experiment? By(PrimaryMetric metric, IEnumerable<Experiment> experiments, int least)
    {
        Experiment? best = null;
        var (bestNumber, compared) = (double.NaN, 0);
        foreach (var experiment in experiments.Where(experiment => IsBy(metric, experiment)))
        {
            var number = NumberOf(experiment, metric);
            var order = number.CompareTo(bestNumber) * (metric.Goal == Goal.Minimize ? 1 : -1);
            if (best is null || order < 0 || (order == 0 && experiment.Metadata.Created > best.Metadata.Created))
            {
                (best, bestNumber) = (experiment, number);
            }

            compared++;
        }

        return compared < least ? null : best;
    }

    /// <summary>Whether an experiment has a best checkpoint by a metric.</summary>
    public static bool IsBy(PrimaryMetric metric, Experiment experiment) =>
        experiment.PrimaryMetric == metric && BestCheckpoint.IsThere(experiment);

    /// <summary>What the best checkpoint of an experiment, which has one, has of the metric.</summary>
    public static double NumberOf(Experiment experiment, PrimaryMetric metric) =>
        Value.TryGetNumber(BestCheckpoint.Of(experiment)!.Metrics[metric.Name], out var number) ? number : double.NaN;
}
