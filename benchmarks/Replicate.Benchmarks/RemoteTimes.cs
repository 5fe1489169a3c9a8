using System.Diagnostics;
using System.Globalization;

namespace Replicate.Benchmarks;

/// <summary>Times listing a repository in a bucket of Ceph's S3 gateway on loopback, and counts the requests.</summary>
internal static class RemoteTimes
{
    private const int Changes = 10;
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
            await MeasureAsync(machine, new FilledBucket($"{server.Scheme}benchmark/root{experiments}", experiments));
        }
    }

    private static async Task MeasureAsync(FreshMachine machine, FilledBucket bucket)
    {
        await bucket.FillAsync();
        machine.Forget();
        await ListAsync("first", machine, bucket);
        await ListAsync("second", machine, bucket);
        var keys = await bucket.KeysAsync();
        await bucket.ChangeAsync(keys.Take(Changes));
        await ListAsync($"after {Changes} changes", machine, bucket, Changes);
        await ListInProcessesAsync(machine, bucket, keys);
    }

    /// <summary>Lists with the command, in turns with as many reads of the same objects as the original makes requests.</summary>
    private static async Task ListInProcessesAsync(FreshMachine machine, FilledBucket bucket, IReadOnlyList<string> keys)
    {
        var (first, second, reads) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Runs; i++)
        {
            await machine.ForgetAsync(bucket.Store);
            first.Add(machine.Run("ls", bucket.Url).Seconds);
            second.Add(machine.Run("ls", bucket.Url).Seconds);
            var watch = Stopwatch.StartNew();
            await FilledBucket.InParallelAsync(Enumerable.Range(0, RequestsOfOriginal), async (i, token) => await bucket.Store.ReadAsync(keys[i % keys.Count], token));
            reads.Add(watch.Elapsed.TotalSeconds);
        }

        Console.WriteLine(Row(bucket.Count, "`replicate ls`, first", Median(first), ""));
        Console.WriteLine(Row(bucket.Count, "`replicate ls`, second", Median(second), ""));
        Console.WriteLine(Row(bucket.Count, "reads alone", Median(reads), $"{RequestsOfOriginal:N0}"));
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task ListAsync(string name, FreshMachine machine, FilledBucket bucket, int changed = 0)
    {
        using var requests = new CountedRequests();
        var project = new Project(bucket.Url, machine.Directory);
        var watch = Stopwatch.StartNew();
        var experiments = await project.Experiments.ListAsync();
        Console.WriteLine(Row(bucket.Count, name, watch.Elapsed.TotalSeconds, $"{requests.Take():N0}"));
        await project.Workspace.Lifetime.Catalogs.EndAsync();
        bucket.Check(experiments, changed);
    }

    private static string Row(int experiments, string list, double seconds, string requests) =>
        string.Create(CultureInfo.InvariantCulture, $"| {experiments:N0} | {list} | {seconds:F2} s | {requests} |");
}
