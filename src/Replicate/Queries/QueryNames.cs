namespace Replicate.Queries;

/// <summary>A name that a filter or an order may begin with.</summary>
/// <param name="Text">The name, with <c>metrics.</c> or <c>params.</c> where it alone would mean another thing.</param>
/// <param name="Kind"><c>metric</c>, <c>param</c> or <c>field</c>.</param>
internal sealed record QueryName(string Text, string Kind);

/// <summary>The names that experiments know.</summary>
internal static class QueryNames
{
    /// <summary>All metrics, in order.</summary>
    public static IReadOnlyList<string> Metrics(IEnumerable<Experiment> experiments) => InOrder(
        experiments.SelectMany(experiment => experiment.Checkpoints.Metrics.Names));

    /// <summary>All params, in order.</summary>
    public static IReadOnlyList<string> Params(IEnumerable<Experiment> experiments) =>
        InOrder(experiments.SelectMany(experiment => experiment.Params.Names));

    /// <summary>Everything that a filter or an order can name: metrics, params, and what every experiment has.</summary>
    public static IReadOnlyList<QueryName> Of(IReadOnlyCollection<Experiment> experiments)
    {
        var metrics = Metrics(experiments);
        return
        [
            .. metrics.Select(name => new QueryName(IsField(name) ? ExperimentField.MetricsPrefix + name : name, "metric")),
            .. Params(experiments).Select(name => new QueryName(
                IsField(name) || metrics.Contains(name) ? ExperimentField.ParamsPrefix + name : name, "param")),
            .. ExperimentField.FixedNames.Select(name => new QueryName(name, "field")),
        ];
    }

    private static bool IsField(string name) => ExperimentField.FixedNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string[] InOrder(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];
}
