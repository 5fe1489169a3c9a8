using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Replicate.Reliability.Faults;

/// <summary>Scenarios of each kind until so many operations went wrong, for each store.</summary>
public static class FaultRun
{
    private static readonly string[] Stores = ["disk", "spool", "gcs", "azure", "s3"];

    /// <summary>Runs them.</summary>
    /// <param name="options">The stores by name; the count is that of faults of each kind.</param>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        foreach (var name in options.Names.Count > 0 ? options.Names : Stores)
        {
            using var scratch = new Scratch();
            using var place = await Place.OpenAsync(name, scratch);
            if (place is null)
            {
                Console.Error.WriteLine($"Left out: the server of '{name}' is not installed: './build.sh test --all' does that.");
                continue;
            }

            yield return await RunAsync(place, options, scratch);
        }
    }

    /// <summary>Runs those of one store.</summary>
    /// <param name="place">The store.</param>
    /// <param name="options">See above.</param>
    /// <param name="scratch">The directory of the place.</param>
    /// <param name="only">The one kind of fault; null for all.</param>
    public static async Task<Row> RunAsync(Place place, RunOptions options, Scratch scratch, FaultKind? only = null)
    {
        var clock = Stopwatch.StartNew();
        var failures = new ConcurrentQueue<string>();
        var counts = new ConcurrentDictionary<FaultKind, int>();
        var (scenarios, acknowledged) = (0, 0);
        var wanted = options.Count ?? 20;

        // A remote run mostly waits; each kind goes on by itself.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = place.Name == "disk" ? 2 : 5 };
        await Parallel.ForEachAsync(only is { } one ? [one] : Enum.GetValues<FaultKind>(), parallel, async (kind, _) =>
        {
            for (var number = options.From; counts.GetValueOrDefault(kind) < wanted && DateTime.UtcNow < options.End; number++)
            {
                using var own = new Scratch();
                var scenario = new Scenario(place, kind, options.Seed, number, own);
                foreach (var failure in await scenario.RunAsync())
                {
                    failures.Enqueue(failure);
                }

                counts.AddOrUpdate(kind, scenario.Faults, (_, count) => count + scenario.Faults);
                Interlocked.Increment(ref scenarios);
                Interlocked.Add(ref acknowledged, scenario.Acknowledged);
            }
        });
        var kinds = string.Join(", ", counts.OrderBy(item => item.Key).Select(item => $"{Row.Count(item.Value)} {item.Key}"));
        return new Row(
            $"faults: {place.Name}",
            string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability faults {place.Name} --seed {options.Seed} --count {wanted}"),
            $"{Row.Count(scenarios)} scenarios, {kinds}; {Row.Count(acknowledged)} calls acknowledged", clock.Elapsed, failures);
    }
}
