namespace Replicate.Reliability.Fuzzing;

/// <summary>All targets.</summary>
public static class Fuzzer
{
    private static readonly Func<FuzzTarget>[] Targets =
    [
        JsonTarget.Metadata, JsonTarget.Heartbeat, JsonTarget.Specification, () => new YamlTarget(), () => new IgnoreTarget(),
        () => new QueryTarget(), () => new TarballTarget(), () => new RepositoryTarget(), () => new CacheTarget(), () => new SpoolTarget(),
    ];

    /// <summary>The target of that name, to be prepared.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static FuzzTarget Target(string name)
    {
        foreach (var make in Targets)
        {
            var target = make();
            if (target.Name == name)
            {
                return target;
            }

            target.Dispose();
        }

        throw new ArgumentException($"There is no target '{name}'.", nameof(name));
    }

    /// <summary>Runs the targets that are named, or all, each with its share of the inputs.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        var findings = Path.Combine(Corpus.Root, "out", "reliability", "findings");
        await foreach (var row in RunAsync(options, findings, measuresMemory: true))
        {
            yield return row;
        }
    }

    /// <summary>The same, for a caller that knows where findings go and whether it is alone in the process.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options, string? findings, bool measuresMemory)
    {
        foreach (var make in Targets)
        {
            using var target = make();
            if (options.Names.Count > 0 && !options.Names.Contains(target.Name))
            {
                continue;
            }

            await target.PrepareAsync(options.Seed);
            var count = options.Names.Count == 0 ? (options.Count ?? 100_000) * target.Share / 1000 : options.Count ?? 10_000;
            yield return await new FuzzRun(target, options.Seed, findings, measuresMemory).RunAsync(options.From, Math.Max(1, count), options.End);
        }
    }
}
