namespace Replicate.Presentation;

/// <summary>
/// How much a param has to do with a metric over experiments: the share of the metric's ranks that its values explain (the correlation
/// ratio of groups of them, less what so many groups explain by chance), and for a param of numbers Spearman's rank correlation,
/// without its sign, where that tells more. The page of a report does the same, over the experiments that it lists.
/// </summary>
/// <remarks>Loops over arrays: generic code over numbers isn't compiled ahead of time, and compiling it took longer than all of this.</remarks>
internal static class ParamImportance
{
    private const int LeastRuns = 3;
    private const int MostGroups = 6;

    /// <summary>From 0 for nothing to 1 for all; 0 too where fewer than 3 experiments have both.</summary>
    /// <param name="values">The param's value in each experiment that has it and the metric.</param>
    /// <param name="metric">The metric of each of them.</param>
    internal static double Of(IReadOnlyList<object?> values, double[] metric)
    {
        if (metric.Length < LeastRuns)
        {
            return 0;
        }

        var metricRanks = Ranks(metric);
        if (Numbers(values) is not { } numbers)
        {
            return Explained(TextGroups(values), metricRanks);
        }

        var ranks = Ranks(numbers);
        return Math.Max(Explained(NumberGroups(ranks), metricRanks), Math.Abs(Correlation(ranks, metricRanks)));
    }

    /// <summary>The values as numbers; null where one is none.</summary>
    private static double[]? Numbers(IReadOnlyList<object?> values)
    {
        var numbers = new double[values.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!Value.TryGetNumber(values[i], out numbers[i]) || double.IsNaN(numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    /// <summary>The place of each number in their order; equal ones share the middle of theirs, which is whole or a half.</summary>
    private static double[] Ranks(double[] numbers)
    {
        var sorted = (double[])numbers.Clone();
        Array.Sort(sorted);
        var shared = new double[sorted.Length];
        for (int first = 0, last; first < sorted.Length; first = last + 1)
        {
            for (last = first; last + 1 < sorted.Length && sorted[last + 1].Equals(sorted[first]);)
            {
                last++;
            }

            shared.AsSpan(first, last - first + 1).Fill((first + last) / 2d);
        }

        var ranks = new double[numbers.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            ranks[i] = shared[Array.BinarySearch(sorted, numbers[i])];
        }

        return ranks;
    }

    private static double Correlation(double[] x, double[] y)
    {
        var mean = (x.Length - 1) / 2d; // of ranks, whichever are shared
        double both = 0, ofX = 0, ofY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            both += (x[i] - mean) * (y[i] - mean);
            ofX += (x[i] - mean) * (x[i] - mean);
            ofY += (y[i] - mean) * (y[i] - mean);
        }

        return ofX * ofY > 0 ? both / Math.Sqrt(ofX * ofY) : 0;
    }

    /// <summary>A number for each text, from 0.</summary>
    private static int[] TextGroups(IReadOnlyList<object?> values)
    {
        var numbers = new Dictionary<string, int>();
        var groups = new int[values.Count];
        for (var i = 0; i < groups.Length; i++)
        {
            var text = Value.ToText(values[i]);
            numbers.TryAdd(text, numbers.Count);
            groups[i] = numbers[text];
        }

        return groups;
    }

    /// <summary>Each number is a group; of many, each in few runs, neighbours are one: so a middle that is best is seen, too.</summary>
    private static int[] NumberGroups(double[] ranks)
    {
        var groups = new int[ranks.Length];
        var isTaken = new bool[2 * ranks.Length];
        var count = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = (int)(2 * ranks[i]);
            count += isTaken[groups[i]] ? 0 : 1;
            isTaken[groups[i]] = true;
        }

        for (var i = 0; count > MostGroups && i < groups.Length; i++)
        {
            groups[i] = (int)((ranks[i] + 0.5) / ranks.Length * MostGroups);
        }

        return groups;
    }

    /// <summary>The share of the spread of ranks that lies between groups and not within them.</summary>
    private static double Explained(int[] groups, double[] ranks)
    {
        var (counts, sums) = (new int[2 * ranks.Length], new double[2 * ranks.Length]);
        var mean = (ranks.Length - 1) / 2d;
        double total = 0, between = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            counts[groups[i]]++;
            sums[groups[i]] += ranks[i] - mean;
            total += (ranks[i] - mean) * (ranks[i] - mean);
        }

        var count = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            count += counts[i] > 0 ? 1 : 0;
            between += counts[i] > 0 ? sums[i] * sums[i] / counts[i] : 0;
        }

        return count < 2 || count >= ranks.Length || total <= 0 ? 0
            : Math.Sqrt(Math.Max(0, 1 - ((total - between) / (ranks.Length - count) / (total / (ranks.Length - 1)))));
    }
}
