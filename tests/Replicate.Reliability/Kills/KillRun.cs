using System.Diagnostics;
using System.Globalization;
using Replicate.Reliability.Faults;

namespace Replicate.Reliability.Kills;

/// <summary>Processes that are killed without warning while they record, and what is left.</summary>
public static class KillRun
{
    private const int Together = 4;
    private const int GenerationsOfRepository = 6;
    private const int LongestLife = 1_200;

    private static readonly string[] Places = ["disk", "gcs", "azure", "s3", "command", "log", "operations"];

    /// <summary>Runs them.</summary>
    /// <param name="options">The places and operations by name; the count is that of kills in each.</param>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        foreach (var name in options.Names.Count > 0 ? options.Names : Places)
        {
            using var scratch = new Scratch();
            if (name == "command")
            {
                yield return await CommandKills.RunAsync(options, scratch);
                continue;
            }

            if (name == "log")
            {
                yield return await LogKills.RunAsync(options, scratch, CommandKills.Command);
                continue;
            }

            if (name == "operations" || OperationKills.Operations.Contains(name))
            {
                await foreach (var row in OperationKills.RunAsync(name == "operations" ? OperationKills.Operations : [name], options, scratch))
                {
                    yield return row;
                }

                continue;
            }

            using var place = await Place.OpenAsync(name, scratch);
            if (place is null)
            {
                Console.Error.WriteLine($"Left out: the server of '{name}' is not installed: './build.sh test --all' does that.");
                continue;
            }

            yield return await RunAsync(place, options, scratch, Together);
        }
    }

    /// <summary>Kills processes that record into one place.</summary>
    /// <param name="place">Where.</param>
    /// <param name="options">How many, and the seed of the moments.</param>
    /// <param name="scratch">A directory for it.</param>
    /// <param name="together">How many processes record at the same time.</param>
    public static async Task<Row> RunAsync(Place place, RunOptions options, Scratch scratch, int together)
    {
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var (kills, acknowledged) = (0, 0);
        var wanted = options.Count ?? 20;
        for (var repository = 0; kills < wanted && DateTime.UtcNow < options.End; repository++)
        {
            var ledger = new Ledger();
            var whole = new HashSet<string>();
            var directory = scratch.Directory($"project-{repository}");
            scratch.Write($"project-{repository}/replicate.yaml", $"repository: {place.UrlOf($"kills-{repository}")}\n");
            for (var generation = 0; generation < GenerationsOfRepository && kills < wanted && DateTime.UtcNow < options.End; generation++)
            {
                var first = kills;
                var count = (int)Math.Min(together, wanted - kills);
                await Task.WhenAll(Enumerable.Range(0, count).Select(child => KillOneAsync(
                    directory, child, Dice.Of(options.Seed, place.Name, first + child), ledger, place.Variables)));
                kills += count;
                failures.AddRange((await VerifyAsync(directory, place.UrlOf($"kills-{repository}"), ledger, scratch, whole))
                    .Select(failure => $"{place.Name}, seed {options.Seed}, after {kills} kills: {failure}"));
            }

            acknowledged += ledger.Count;
            Scratch.Remove(directory);
        }

        return new Row(
            $"kills: {place.Name}",
            string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability kills {place.Name} --seed {options.Seed} --count {wanted}"),
            $"{Row.Count(kills)} kills, {Row.Count(acknowledged)} calls acknowledged", clock.Elapsed, failures);
    }

    private static async Task KillOneAsync(
        string directory, int number, Dice dice, Ledger ledger, IReadOnlyList<(string Name, string Value)> variables)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Replicate.Reliability.dll");
        var start = new ProcessStartInfo("dotnet", [program, "child", directory, $"{number}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_TieredPGO"] = "0" },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var reading = ReadAsync(process.StandardOutput, ledger);

        // Mostly while it works, now and then while it starts.
        if (!dice.OneIn(8))
        {
            await Task.WhenAny(reading.First, Task.Delay(TimeSpan.FromSeconds(20)));
        }

        await Task.Delay(dice.Below(LongestLife));
        process.Kill();
        await process.WaitForExitAsync();
        await reading.End;
    }

    private static (Task First, Task End) ReadAsync(StreamReader output, Ledger ledger)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (first.Task, ReadAllAsync());

        async Task ReadAllAsync()
        {
            while (await output.ReadLineAsync() is { } line)
            {
                KilledChild.Take(line, ledger);
                first.TrySetResult();
            }

            first.TrySetResult();
        }
    }

    /// <summary>What another process finds: first whoever uses the same checkout, who sends what waits, then another machine.</summary>
    private static async Task<List<string>> VerifyAsync(string directory, string url, Ledger ledger, Scratch scratch, HashSet<string> whole)
    {
        var failures = new List<string>();
        try
        {
            var same = Project.Open(directory);
            failures.AddRange(ledger.Compare(await same.Experiments.ListAsync()).Select(failure => $"before sending: {failure}"));
            await same.SyncAsync();
            var listed = await new Project(url, scratch.Directory("other")).Experiments.ListAsync();
            failures.AddRange(ledger.Compare(listed));
            failures.AddRange(await Ledger.CheckFilesAsync(listed, scratch, whole));
        }
        catch (ReplicateException e)
        {
            failures.Add(e.ToString());
        }

        return failures;
    }
}
