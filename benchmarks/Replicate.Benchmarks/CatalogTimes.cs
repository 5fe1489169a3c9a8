using System.Diagnostics;
using System.Globalization;

namespace Replicate.Benchmarks;

/// <summary>Times lists of a bucket on machines that never saw it, and what a stop adds for them, and counts the requests.</summary>
internal sealed class CatalogTimes
{
    private const int Changes = 100;
    private const int Runs = 3;

    // Reading more files than these takes minutes.
    private const int MostTwice = 10_000;

    private readonly FreshMachine _machine;
    private readonly FilledBucket _bucket;
    private readonly string _row;

    private CatalogTimes(FreshMachine machine, FilledBucket bucket, string row) => (_machine, _bucket, _row) = (machine, bucket, row);

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
                var bucket = new FilledBucket($"{server.Scheme}benchmark/root{count}", count);
                await new CatalogTimes(machine, bucket, $"| {name} | {count:N0}").MeasureAsync();
            }
        }
    }

    private async Task MeasureAsync()
    {
        await _bucket.FillAsync();
        await _machine.ForgetAsync(_bucket.Store);
        await ListAsync("no catalog");
        if (_bucket.Count <= MostTwice)
        {
            await _machine.ForgetAsync(_bucket.Store);
            ListInProcess("no catalog");
        }

        for (var i = 0; i < Runs; i++)
        {
            _machine.Forget();
            await ListAsync("fresh machine");
        }

        _machine.Forget();
        ListInProcess("fresh machine");
        await _bucket.ChangeAsync((await _bucket.KeysAsync()).Take(Changes));
        _machine.Forget();
        await ListAsync($"fresh machine, after {Changes} changes", Changes);
        await StopAsync();
    }

    private async Task ListAsync(string list, int changed = 0)
    {
        using var requests = new CountedRequests();
        var project = new Project(_bucket.Url, _machine.Directory);
        var watch = Stopwatch.StartNew();
        var experiments = await project.Experiments.ListAsync();
        var (time, asked) = (watch.Elapsed.TotalSeconds, requests.Take());
        await project.Workspace.Lifetime.Catalogs.EndAsync();
        Print(list, time, asked, requests.Take());
        _bucket.Check(experiments, changed);
    }

    private void ListInProcess(string list)
    {
        var run = _machine.Run("ls -q", _bucket.Url);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_row} | {list} | | | | {run.Seconds:F2} s | {run.Memory >> 20} MiB |"));
    }

    private async Task StopAsync()
    {
        var project = new Project(_bucket.Url, _machine.Directory);
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
}
