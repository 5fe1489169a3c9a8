namespace Replicate.Runs.Sweeps;

/// <summary>How the points of a sweep are chosen.</summary>
internal enum SweepSearch
{
    /// <summary>Every combination of the values.</summary>
    Grid,

    /// <summary>At random, each combination at most once.</summary>
    Random,

    /// <summary>At random, but each param spread evenly over its values or range (a Latin hypercube).</summary>
    LatinHypercube,
}

/// <summary>The points of a sweep: from params of which some are lists of values or ranges, the params of each run.</summary>
internal sealed class SweepPoints
{
    private const int MaxRuns = 10_000;

    private readonly ValueMap _parameters;
    private readonly SweepDimension[] _dimensions;

    private SweepPoints(ValueMap parameters)
    {
        _parameters = parameters;
        _dimensions = [.. parameters.Select(param => SweepDimension.Of(param.Key, param.Value))];
    }

    /// <summary>Chooses points.</summary>
    /// <param name="parameters">Params by name, see <see cref="SweepDimension.Of"/>.</param>
    /// <param name="search">How.</param>
    /// <param name="count">How many, 1 or more, where the search isn't a grid; there may be fewer.</param>
    /// <param name="seed">The same seed gives the same points.</param>
    /// <exception cref="ReplicateException">
    /// See <see cref="SweepDimension.Of"/>; a grid has a range (<c>SweepNotEnumerable</c>), or the number is wrong (<c>SweepTooLarge</c>).
    /// </exception>
    internal static IReadOnlyList<ValueMap> Of(ValueMap parameters, SweepSearch search, int count, int seed)
    {
        var points = new SweepPoints(parameters);
        return search switch
        {
            SweepSearch.Grid => points.Grid(),
            _ when count is < 1 or > MaxRuns => throw TooLarge(count),
            SweepSearch.Random => points.Random(count, new Random(seed)),
            _ => points.LatinHypercube(count, new Random(seed)),
        };
    }

    /// <summary>
    /// Arguments with params in the places that name them: <c>{learning_rate}</c> becomes <c>0.01</c>. What isn't the name
    /// of a param stays.
    /// </summary>
    internal static IReadOnlyList<string> Fill(IReadOnlyList<string> arguments, ValueMap parameters) =>
        [.. arguments.Select(argument => parameters.Aggregate(
            argument, (text, param) => text.Replace($"{{{param.Key}}}", Value.ToText(param.Value), StringComparison.Ordinal)))];

    /// <summary>How many combinations there are; null where a range has no steps.</summary>
    private long? Combinations()
    {
        var count = 1L;
        foreach (var dimension in _dimensions)
        {
            if (dimension.Count is not { } values)
            {
                return null;
            }

            count = Math.Min(count * Math.Min(values, int.MaxValue), int.MaxValue);
        }

        return count;
    }

    private IReadOnlyList<ValueMap> Grid()
    {
        var count = Combinations() ?? throw new ReplicateException(
            ErrorKind.InvalidArgument, "SweepNotEnumerable",
            $"The range of the param '{_parameters.Names[Array.FindIndex(_dimensions, dimension => dimension.Count is null)]}' has no end of values.",
            "Give it a step, or choose some points at random.");
        return count <= MaxRuns ? [.. Enumerable.Range(0, (int)count).Select(index => Combination(index))] : throw TooLarge(count);
    }

    private List<ValueMap> Random(int count, Random random)
    {
        if (Combinations() is not { } all)
        {
            return [.. Enumerable.Range(0, count).Select(_ => Point(_ => random.NextDouble()))];
        }

        if (all <= 2L * count)
        {
            var indexes = Enumerable.Range(0, (int)all).ToArray();
            random.Shuffle(indexes);
            return [.. indexes.Take(count).Select(index => Combination(index))];
        }

        var chosen = new HashSet<long>();
        var points = new List<ValueMap>();
        while (points.Count < count)
        {
            var index = random.NextInt64(all);
            if (chosen.Add(index))
            {
                points.Add(Combination(index));
            }
        }

        return points;
    }

    /// <summary>Each dimension is cut into as many parts as there are points, and each part has one.</summary>
    private IReadOnlyList<ValueMap> LatinHypercube(int count, Random random)
    {
        var orders = Array.ConvertAll(_dimensions, _ =>
        {
            var order = Enumerable.Range(0, count).ToArray();
            random.Shuffle(order);
            return order;
        });
        return [.. Enumerable.Range(0, count).Select(i => Point(dimension => (orders[dimension][i] + random.NextDouble()) / count))];
    }

    private ValueMap Point(Func<int, double> partOf) =>
        new([.. _parameters.Names], [.. _dimensions.Select((dimension, i) => dimension.At(Math.Min(partOf(i), 1 - 1e-12)))]);

    /// <summary>The last param changes fastest.</summary>
    private ValueMap Combination(long index)
    {
        var values = new object?[_dimensions.Length];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var count = _dimensions[i].Count!.Value;
            values[i] = _dimensions[i].At(index % count);
            index /= count;
        }

        return new ValueMap([.. _parameters.Names], values);
    }

    private static ReplicateException TooLarge(long count) => new(
        ErrorKind.InvalidArgument, "SweepTooLarge", $"{count} runs are not between 1 and {MaxRuns}.",
        "Try fewer values, or some of the combinations at random.");
}
