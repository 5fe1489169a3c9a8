using Replicate.Metadata;

namespace Replicate.Queries;

/// <summary>Which of several experiments is the best.</summary>
internal static class BestRun
{
    /// <summary>The primary metric that most of the experiments have a best checkpoint by; null where none has one.</summary>
    public static PrimaryMetric? MetricOf(IEnumerable<Experiment> experiments) => experiments
        .Where(BestCheckpoint.IsThere).GroupBy(experiment => experiment.PrimaryMetric!)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;

    /// <summary>The experiment whose best checkpoint is the best of all by that metric, the latest of equal ones.</summary>
    /// <param name="experiments">The experiments.</param>
    /// <param name="least">How many there must be that can be compared.</param>
    /// <returns>Null where fewer can.</returns>
    public static Experiment? Of(IReadOnlyCollection<Experiment> experiments, int least = 1)
    {
        if (MetricOf(experiments) is not { } metric)
        {
            return null;
        }

        Experiment[] compared = [.. experiments.Where(experiment => IsBy(metric, experiment))];
        return compared.Length < least ? null : compared
            .OrderBy(experiment => NumberOf(experiment, metric) * (metric.Goal == Goal.Minimize ? 1 : -1))
            .ThenByDescending(experiment => experiment.Metadata.Created).FirstOrDefault();
    }

    /// <summary>Whether an experiment has a best checkpoint by a metric.</summary>
    public static bool IsBy(PrimaryMetric metric, Experiment experiment) =>
        experiment.PrimaryMetric == metric && BestCheckpoint.IsThere(experiment);

    /// <summary>What the best checkpoint of an experiment, which has one, has of the metric.</summary>
    public static double NumberOf(Experiment experiment, PrimaryMetric metric) =>
        Value.TryGetNumber(BestCheckpoint.Of(experiment)!.Metrics[metric.Name], out var number) ? number : double.NaN;
}
