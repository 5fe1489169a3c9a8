using System.Diagnostics;
using System.Globalization;
using System.Text;
using Replicate.Adapters;
using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>Times lists of a bucket on machines that never saw it, and what a stop adds for them, and counts the requests.</summary>
internal sealed class CatalogTimes
{
    private const int Changes = 100;
    private const int Runs = 3;
    private const int AtOnce = 16;

    // Reading more files than these takes minutes.
    private const int MostTwice = 10_000;

    private readonly FreshMachine _machine;
    private readonly string _row;
    private readonly string _url;
    private readonly int _count;
    private readonly IObjectStore _store;

    private CatalogTimes(FreshMachine machine, string row, string url, int count) =>
        (_machine, _row, _url, _count, _store) = (machine, row, url, count, ObjectStores.Open(url));

    /// <summary>Prints the rows of some servers for some numbers of experiments.</summary>
    /// <param name="options">Numbers, by default 1,000 and 10,000, and names of servers, by default all.</param>
    public static async Task PrintAsync(string[] options)
    {
        int[] given = [.. options.Where(option => char.IsAsciiDigit(option[0])).Select(option => int.Parse(option, CultureInfo.InvariantCulture))];
        int[] counts = given is [] ? [1_000, 10_000] : given;
        var servers = new[] { ("Ceph", (Func<LoopbackServer>)LoopbackServer.StartCeph), ("Azurite", LoopbackServer.StartAzurite) };
        Console.WriteLine("| server | experiments | list | time | requests | behind it | `replicate ls -q` | memory |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (name, start) in servers.Where(server => options.Length == given.Length || options.Contains(server.Item1)))
        {
            using var server = start();
            using var machine = new FreshMachine();
            foreach (var count in counts)
            {
                await new CatalogTimes(machine, $"| {name} | {count:N0}", $"{server.Scheme}benchmark/root{count}", count).MeasureAsync();
            }
        }
    }

    private async Task MeasureAsync()
    {
        using (var generated = new GeneratedRepository(_count, checkpoints: 10))
        {
            var root = StoreUrl.ToDirectory(generated.Url)!;
            await InParallelAsync(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories), async (file, token) =>
                await _store.PutAsync(Path.GetRelativePath(root, file), ObjectContent.FromFile(file), cancellationToken: token));
        }

        await _machine.ForgetAsync(_store);
        await ListAsync("no catalog");
        if (_count <= MostTwice)
        {
            await _machine.ForgetAsync(_store);
            ListInProcess("no catalog");
        }

        for (var i = 0; i < Runs; i++)
        {
            _machine.Forget();
            await ListAsync("fresh machine");
        }

        _machine.Forget();
        ListInProcess("fresh machine");
        var keys = await _store.ListAsync("metadata/experiments/").Take(Changes).Select(info => info.Key).ToListAsync();
        await InParallelAsync(keys, async (key, token) =>
        {
            var text = Encoding.UTF8.GetString((await _store.ReadAsync(key, token))!.Content.Span);
            await _store.PutAsync(key, ObjectContent.FromBytes(Encoding.UTF8.GetBytes(text.Replace("\"ben\"", "\"eva\"", StringComparison.Ordinal))), cancellationToken: token);
        });
        _machine.Forget();
        var changed = await ListAsync($"fresh machine, after {Changes} changes");
        if (changed.Count(experiment => experiment.User == "eva") != keys.Count)
        {
            throw new InvalidOperationException("A list says what was so before.");
        }

        await StopAsync();
    }

    private async Task<IReadOnlyList<Experiment>> ListAsync(string list)
    {
        using var requests = new CountedRequests();
        var project = new Project(_url, _machine.Directory);
        var watch = Stopwatch.StartNew();
        var experiments = await project.Experiments.ListAsync();
        var (time, asked) = (watch.Elapsed.TotalSeconds, requests.Take());
        await project.Workspace.Lifetime.Catalogs.EndAsync();
        Print(list, time, asked, requests.Take());
        return experiments.Count == _count ? experiments : throw new InvalidOperationException($"{experiments.Count} experiments are listed.");
    }

    private void ListInProcess(string list)
    {
        var run = _machine.Run("ls -q", _url);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_row} | {list} | | | | {run.Seconds:F2} s | {run.Memory >> 20} MiB |"));
    }

    private async Task StopAsync()
    {
        var project = new Project(_url, _machine.Directory);
        using var requests = new CountedRequests();
        for (var i = 0; i < Runs; i++)
        {
            var experiment = await project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None });
            await experiment.SyncAsync();
            requests.Take();
            var watch = Stopwatch.StartNew();
            await experiment.StopAsync();
            var (time, asked) = (watch.Elapsed.TotalSeconds, requests.Take());
            await project.Workspace.Lifetime.Catalogs.EndAsync();
            Print("one stop", time, asked, requests.Take());
        }
    }

    private void Print(string what, double seconds, int requests, int behind) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_row} | {what} | {seconds:F2} s | {requests:N0} | {behind} | | |"));

    private static Task InParallelAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, work);
}
