namespace Replicate.Queries;

/// <summary>
/// Warns of a query that asks for what nothing has: a typo would otherwise read as an answer, and a check of quality pass that
/// looked at nothing.
/// </summary>
internal static class QueryCheck
{
    /// <summary>Warns of names that no experiment has as a param or a metric and that are no field, and of statuses that there are not.</summary>
    /// <param name="filters">The conditions.</param>
    /// <param name="order">The order.</param>
    /// <param name="experiments">All experiments of the repository; where there are none, nothing is known, and nothing said.</param>
    internal static void WarnOfTypos(IReadOnlyList<Filter> filters, SortOrder order, IReadOnlyList<Experiment> experiments)
    {
        if (experiments.Count == 0)
        {
            return;
        }

        var unknown = filters.Select(filter => filter.Field).Append(order.Field)
            .DistinctBy(field => field.Name)
            .Where(field => !experiments.Any(experiment => field.TryGet(experiment, out _)) && !experiments.Any(field.IsKnownTo));
        foreach (var field in unknown)
        {
            var candidates = field.HasPrefix
                ? QueryNames.Metrics(experiments).Select(name => ExperimentField.MetricsPrefix + name)
                    .Concat(QueryNames.Params(experiments).Select(name => ExperimentField.ParamsPrefix + name))
                : QueryNames.Of([.. experiments]).Select(name => name.Text);
            Log.Warn($"No experiment has a param or metric '{field.Name}'.{NearestName.Question(field.Name, candidates)}");
        }

        foreach (var status in filters.Select(filter => filter.UnknownStatus).OfType<string>().Distinct())
        {
            var statuses = Enum.GetNames<ExperimentStatus>().Select(name => name.ToLowerInvariant()).ToArray();
            Log.Warn($"There is no status '{status}': it is one of {string.Join(", ", statuses)}.{NearestName.Question(status.ToLowerInvariant(), statuses)}");
        }
    }
}
