using System.Diagnostics;
using System.Globalization;
using System.Text;
using Replicate.Adapters;
using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>Times listing a repository in a bucket of Ceph's S3 gateway on loopback, and counts the requests.</summary>
internal static class RemoteTimes
{
    private const int Changes = 10;
    private const int AtOnce = 16;
    private const int Runs = 5;

    /// <summary>What the original's last release asks for its first list of 1,000 experiments, as measured for this project.</summary>
    private const int RequestsOfOriginal = 2_003;

    /// <summary>Prints a row per list.</summary>
    public static async Task PrintAsync()
    {
        using var server = LoopbackServer.StartCeph();
        using var machine = new FreshMachine();
        Console.WriteLine("| experiments of 10 checkpoints | list | time | requests |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var experiments in new[] { 1_000, 10_000 })
        {
            await MeasureAsync(machine, $"{server.Scheme}benchmark/root{experiments}", experiments);
        }
    }

    private static async Task MeasureAsync(FreshMachine machine, string repository, int experiments)
    {
        var store = ObjectStores.Open(repository);
        using (var generated = new GeneratedRepository(experiments, checkpoints: 10))
        {
            var root = StoreUrl.ToDirectory(generated.Url)!;
            await InParallelAsync(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), async (file, token) =>
                await store.PutAsync(Path.GetRelativePath(root, file), ObjectContent.FromFile(file), cancellationToken: token));
        }

        machine.Forget();
        await ListAsync("first", machine, repository, experiments);
        await ListAsync("second", machine, repository, experiments);
        var keys = await store.ListAsync("metadata/experiments/").Select(info => info.Key).ToListAsync();
        await InParallelAsync(keys.Take(Changes), async (key, token) =>
        {
            var text = Encoding.UTF8.GetString((await store.ReadAsync(key, token))!.Content.Span);
            await store.PutAsync(key, ObjectContent.FromBytes(Encoding.UTF8.GetBytes(text.Replace("\"ben\"", "\"eva\"", StringComparison.Ordinal))), cancellationToken: token);
        });
        var changed = await ListAsync($"after {Changes} changes", machine, repository, experiments);
        if (changed.Count != experiments || changed.Count(experiment => experiment.User == "eva") != Changes)
        {
            throw new InvalidOperationException($"Of {experiments} experiments {changed.Count} are listed.");
        }

        await ListInProcessesAsync(machine, repository, experiments, store, keys);
    }

    /// <summary>Lists with the command, in turns with as many reads of the same objects as the original makes requests.</summary>
    private static async Task ListInProcessesAsync(
        FreshMachine machine, string repository, int experiments, IObjectStore store, List<string> keys)
    {
        var (first, second, reads) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Runs; i++)
        {
            await machine.ForgetAsync(store);
            first.Add(machine.Run("ls", repository).Seconds);
            second.Add(machine.Run("ls", repository).Seconds);
            var watch = Stopwatch.StartNew();
            await InParallelAsync(Enumerable.Range(0, RequestsOfOriginal), async (i, token) => await store.ReadAsync(keys[i % keys.Count], token));
            reads.Add(watch.Elapsed.TotalSeconds);
        }

        Console.WriteLine(Row(experiments, "`replicate ls`, first", Median(first), ""));
        Console.WriteLine(Row(experiments, "`replicate ls`, second", Median(second), ""));
        Console.WriteLine(Row(experiments, "reads alone", Median(reads), $"{RequestsOfOriginal:N0}"));
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<IReadOnlyList<Experiment>> ListAsync(string name, FreshMachine machine, string repository, int count)
    {
        using var requests = new CountedRequests();
        var project = new Project(repository, machine.Directory);
        var watch = Stopwatch.StartNew();
        var experiments = await project.Experiments.ListAsync();
        Console.WriteLine(Row(count, name, watch.Elapsed.TotalSeconds, $"{requests.Take():N0}"));
        await project.Workspace.Lifetime.Catalogs.EndAsync();
        return experiments;
    }

    private static string Row(int experiments, string list, double seconds, string requests) =>
        string.Create(CultureInfo.InvariantCulture, $"| {experiments:N0} | {list} | {seconds:F2} s | {requests} |");

    private static Task InParallelAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, work);
}
