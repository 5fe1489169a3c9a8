namespace Replicate.Runs.Sweeps;

/// <summary>Params to try: from params of which some are lists of values, the combinations that are run.</summary>
public static class Sweep
{
    private const int MaxRuns = 10_000;

    /// <summary>A tag for the runs of one sweep, such as <c>sweep-1f3a5c7</c>.</summary>
    public static string NewTag() => $"sweep-{Guid.NewGuid().ToString("N")[..7]}";

    /// <summary>Every combination of the values, the last param changing fastest; without a list, the params alone.</summary>
    /// <param name="parameters">Params by name; a list is the values to try.</param>
    /// <exception cref="ReplicateException">A list is empty (<c>SweepEmpty</c>), or there are too many combinations (<c>SweepTooLarge</c>).</exception>
    public static IReadOnlyList<ValueMap> Grid(ValueMap parameters)
    {
        var count = CountOf(parameters);
        return count <= MaxRuns
            ? [.. Enumerable.Range(0, (int)count).Select(index => Combination(parameters, index))]
            : throw TooLarge(count);
    }

    /// <summary>Some of the combinations, each once, in a random order that is the same for the same seed.</summary>
    /// <param name="parameters">Params by name; a list is the values to try.</param>
    /// <param name="count">How many, 1 or more; all where there are fewer.</param>
    /// <param name="seed">The seed; null for another order each time.</param>
    /// <exception cref="ReplicateException">A list is empty (<c>SweepEmpty</c>), or the count is wrong (<c>SweepTooLarge</c>).</exception>
    public static IReadOnlyList<ValueMap> Random(ValueMap parameters, int count, int? seed = null)
    {
        if (count is < 1 or > MaxRuns)
        {
            throw TooLarge(count);
        }

        var all = CountOf(parameters);
        var random = seed is { } given ? new Random(given) : new Random();
        var chosen = new HashSet<long>();
        var order = new List<long>();
        if (all <= 2L * count)
        {
            order.AddRange(Shuffled(all, random).Take(count));
        }

        while (order.Count < Math.Min(count, all))
        {
            var index = random.NextInt64(all);
            if (chosen.Add(index))
            {
                order.Add(index);
            }
        }

        return [.. order.Select(index => Combination(parameters, index))];
    }

    /// <summary>
    /// Arguments with params in the places that name them: <c>{learning_rate}</c> becomes <c>0.01</c>. What isn't the name
    /// of a param stays.
    /// </summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> arguments, ValueMap parameters) =>
        [.. arguments.Select(argument => parameters.Aggregate(
            argument, (text, param) => text.Replace($"{{{param.Key}}}", Value.ToText(param.Value), StringComparison.Ordinal)))];

    /// <summary>Runs each combination, several at once; one that fails, or cannot be started, doesn't stop the rest.</summary>
    /// <typeparam name="T">What a run gives.</typeparam>
    /// <param name="combinations">The params of each run.</param>
    /// <param name="throttle">How many run at once; 1 or more.</param>
    /// <param name="run">Runs one.</param>
    /// <param name="cancellationToken">Starts no further run; those that go on get it, too.</param>
    /// <returns>What the runs gave, or why they couldn't be started, in the order of the combinations.</returns>
    public static async Task<IReadOnlyList<(ValueMap Params, T? Result, ReplicateException? Error)>> RunAsync<T>(
        IReadOnlyList<ValueMap> combinations, int throttle, Func<ValueMap, CancellationToken, Task<T>> run,
        CancellationToken cancellationToken = default)
        where T : class
    {
        var results = new (ValueMap Params, T? Result, ReplicateException? Error)[combinations.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, throttle), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, combinations.Count, options, async (index, token) =>
        {
            var parameters = combinations[index];
            try
            {
                results[index] = (parameters, await run(parameters, token), null);
            }
            catch (ReplicateException e)
            {
                results[index] = (parameters, null, e);
            }
        });
        return results;
    }

    private static long[] Shuffled(long count, Random random)
    {
        var indexes = new long[count];
        for (var i = 0; i < indexes.Length; i++)
        {
            indexes[i] = i;
        }

        random.Shuffle(indexes);
        return indexes;
    }

    private static long CountOf(ValueMap parameters)
    {
        var count = 1L;
        foreach (var (name, value) in parameters)
        {
            if (value is ValueList values)
            {
                count = values.Count == 0
                    ? throw new ReplicateException(
                        ErrorKind.InvalidArgument, "SweepEmpty", $"The param '{name}' has no value to try.", "Give one or more.")
                    : Math.Min(count * values.Count, int.MaxValue);
            }
        }

        return count;
    }

    private static ValueMap Combination(ValueMap parameters, long index)
    {
        var values = new object?[parameters.Count];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = parameters.Values[i];
            if (values[i] is ValueList list)
            {
                values[i] = list[(int)(index % list.Count)];
                index /= list.Count;
            }
        }

        return new ValueMap([.. parameters.Names], values);
    }

    private static ReplicateException TooLarge(long count) => new(
        ErrorKind.InvalidArgument, "SweepTooLarge", $"{count} runs are not between 1 and {MaxRuns}.",
        "Try fewer values, or some of the combinations at random.");
}
