using Replicate.Queries;

namespace Replicate;

/// <summary>Asks a repository for the experiments that fit a query.</summary>
public static class QueryExtensions
{
    extension(ExperimentCollection experiments)
    {
        /// <summary>
        /// Lists the experiments that fit a query, in its order. A warning says where it asks for what nothing has, beside those of
        /// <see cref="ExperimentCollection.ListAsync"/>.
        /// </summary>
        /// <param name="query">What is listed, in what order; null for all, oldest first.</param>
        /// <param name="progress">Told how many are read.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The query is wrong, or the repository can't be read.</exception>
        public async Task<IReadOnlyList<Experiment>> ListAsync(
            ExperimentQuery? query, IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
        {
            var filters = (query?.Filter ?? []).Select(Filter.Parse).ToArray();
            var order = SortOrder.Parse(query?.Sort);
            var all = await experiments.ListAsync(progress, cancellationToken);
            QueryCheck.WarnOfTypos(filters, order, all);
            return order.Sort(all.Where(experiment => Fits(query, experiment) && filters.All(filter => filter.Matches(experiment))));
        }

        /// <summary>Lists the sweeps that experiments are runs of, the one that began last at the end.</summary>
        /// <param name="progress">Told how many experiments are read.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The repository can't be read.</exception>
        public async Task<IReadOnlyList<Sweep>> ListSweepsAsync(IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
        {
            var all = await experiments.ListAsync(null, progress, cancellationToken);
            return
            [
                .. all.Where(experiment => experiment.Sweep is not null).GroupBy(experiment => experiment.Sweep!.Name)
                    .Select(runs => new Sweep(runs.Key, [.. runs])).OrderBy(sweep => sweep.Started),
            ];
        }
    }

    private static bool Fits(ExperimentQuery? query, Experiment experiment) => query is null || (
        (query.Since is not { } since || experiment.Metadata.Created.Utc >= since.ToUniversalTime())
        && (query.Status.Count == 0 || query.Status.Contains(experiment.Status))
        && query.Tags.All(experiment.Tags.Contains));
}
