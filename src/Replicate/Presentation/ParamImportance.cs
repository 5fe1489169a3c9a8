namespace Replicate.Presentation;

/// <summary>
/// How much a param has to do with a metric over experiments: the share of the metric's ranks that its values explain (the correlation
/// ratio of groups of them, less what so many groups explain by chance), and for a param of numbers Spearman's rank correlation,
/// without its sign, where that tells more. The page of a report does the same, over the experiments that it lists.
/// </summary>
internal static class ParamImportance
{
    private const int LeastRuns = 3;
    private const int MostGroups = 6;

    /// <summary>From 0 for nothing to 1 for all; 0 too where fewer than 3 experiments have both.</summary>
    /// <param name="runs">The param's value and the metric of each experiment that has both.</param>
    internal static double Of(IReadOnlyList<(object? Value, double Metric)> runs)
    {
        if (runs.Count < LeastRuns)
        {
            return 0;
        }

        var metric = Ranks([.. runs.Select(run => run.Metric)]);
        var numbers = runs.Select(run => Value.TryGetNumber(run.Value, out var number) ? number : double.NaN).ToArray();
        if (Array.Exists(numbers, double.IsNaN))
        {
            return Explained(runs.Select(run => Value.ToText(run.Value)), metric);
        }

        // Of many values, each in few runs, groups of neighbours are told apart: so a middle that is best is seen, too.
        var ranks = Ranks(numbers);
        var groups = numbers.Distinct().Count() <= MostGroups ? ranks : ranks.Select(rank => Math.Floor((rank + 0.5) / ranks.Length * MostGroups));
        return Math.Max(Explained(groups, metric), Math.Abs(Correlation(ranks, metric)));
    }

    /// <summary>The place of each number in their order; equal ones share the middle of theirs.</summary>
    private static double[] Ranks(double[] numbers)
    {
        var order = Enumerable.Range(0, numbers.Length).ToArray();
        Array.Sort([.. numbers], order);
        var ranks = new double[numbers.Length];
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && numbers[order[last + 1]].Equals(numbers[order[first]]))
            {
                last++;
            }

            for (var i = first; i <= last; i++)
            {
                ranks[order[i]] = (first + last) / 2d;
            }

            first = last + 1;
        }

        return ranks;
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var both = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        var spread = Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
        return spread > 0 ? both / spread : 0;
    }

    private static double Explained<T>(IEnumerable<T> keys, double[] ranks)
    {
        var groups = keys.Zip(ranks).GroupBy(run => run.First, run => run.Second).Select(group => group.ToArray()).ToArray();
        var mean = ranks.Average();
        var total = ranks.Sum(rank => (rank - mean) * (rank - mean));
        if (groups.Length < 2 || groups.Length >= ranks.Length || total <= 0)
        {
            return 0;
        }

        var within = groups.Sum(group => group.Average() is var middle ? group.Sum(rank => (rank - middle) * (rank - middle)) : 0);
        return Math.Sqrt(Math.Max(0, 1 - (within / (ranks.Length - groups.Length) / (total / (ranks.Length - 1)))));
    }
}
