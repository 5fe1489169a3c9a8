using System.Diagnostics;
using System.Globalization;
using Replicate.Reliability.Faults;

namespace Replicate.Reliability.Kills;

/// <summary>Kills of each operation in each place, with files of no bytes, 100 KB, and now and then 300 MB.</summary>
public static class OperationKills
{
    /// <summary>How many files a version has that is checked out.</summary>
    public const int FilesOfVersion = 10;

    private const int Together = 4;
    private const int LongestLife = 1_200;
    private const int LongestLifeOfLarge = 6_000;
    private const int LargeOneIn = 100;

    private static readonly string[] PlaceNames = ["disk", "gcs", "azure", "s3"];

    /// <summary>The operations.</summary>
    public static IReadOnlyList<string> Operations { get; } = ["create", "add", "stop", "set", "copy", "sync", "remove", "repair", "restore"];

    /// <summary>Runs some operations.</summary>
    /// <param name="operations">Which.</param>
    /// <param name="options">The seed, and how many kills of each operation, over all places.</param>
    /// <param name="scratch">A directory for it.</param>
    /// <param name="placeNames">The places; null for all whose servers are installed.</param>
    public static async IAsyncEnumerable<Row> RunAsync(
        IReadOnlyList<string> operations, RunOptions options, Scratch scratch, IReadOnlyList<string>? placeNames = null)
    {
        var places = new List<Place>();
        try
        {
            foreach (var name in placeNames ?? PlaceNames)
            {
                if (await Place.OpenAsync(name, scratch) is { } place)
                {
                    places.Add(place);
                }
                else
                {
                    Console.Error.WriteLine($"Left out: the server of '{name}' is not installed: './build.sh test --all' does that.");
                }
            }

            foreach (var operation in operations)
            {
                yield return await RunAsync(operation, places, options, scratch);
            }
        }
        finally
        {
            places.ForEach(place => place.Dispose());
        }
    }

    private static async Task<Row> RunAsync(string operation, List<Place> places, RunOptions options, Scratch scratch)
    {
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var wanted = options.Count ?? 12;
        var (kills, acknowledged) = (0, 0);
        var (byPlace, large) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        for (var group = 0; kills < wanted && DateTime.UtcNow < options.End; group++)
        {
            var place = places[group % places.Count];
            var (name, first) = ($"{operation}-{options.Seed}-{group}", kills);
            var url = place.UrlOf(name);
            var directory = scratch.Directory(name);
            scratch.Write($"{name}/replicate.yaml", $"repository: {url}\n");
            var count = (int)Math.Min(Together, wanted - kills);
            var said = new Said();
            var sizes = Enumerable.Range(0, count).Select(child => SizedFile.Choose(DiceOf(child), LargeOneIn)).ToArray();
            await Task.WhenAll(sizes.Select((size, child) => KillOneAsync(
                new KilledWork(operation, directory, place.UrlOf($"{name}-copies"), size), DiceOf(child), said, place.Variables)));
            kills += count;
            large += sizes.Count(size => size > 100_000);
            acknowledged += said.Count;
            byPlace[place.Name] = byPlace.GetValueOrDefault(place.Name) + count;
            var look = new OperationLook(directory, url, place.UrlOf($"{name}-copies"), said, scratch);
            failures.AddRange((await look.FailuresAsync()).Select(failure => $"{operation} at {place.Name}, seed {options.Seed}, kills {first} to {kills}: {failure}"));
            await look.ClearAsync();

            Dice DiceOf(int child) => Dice.Of(options.Seed, operation, first + child);
        }

        var where = string.Join(", ", byPlace.Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Key} {place.Value}")));
        return new Row(
            $"kills: {operation}",
            string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability kills {operation} --seed {options.Seed} --count {wanted}"),
            $"{Row.Count(kills)} kills ({where}; {large} with files of 300 MB), {Row.Count(acknowledged)} calls acknowledged", clock.Elapsed, failures);
    }

    private static async Task KillOneAsync(
        KilledWork work, Dice dice, Said said, IReadOnlyList<(string Name, string Value)> variables)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Replicate.Reliability.dll");
        var start = new ProcessStartInfo("dotnet", [program, "kill-child", .. work.ToArguments()])
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
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = ReadAsync(process.StandardOutput, said, first);

        // Mostly while it works, now and then while it starts.
        if (!dice.OneIn(8))
        {
            await Task.WhenAny(first.Task, Task.Delay(TimeSpan.FromSeconds(30)));
        }

        await Task.Delay(dice.Below(work.Size > 100_000 ? LongestLifeOfLarge : LongestLife));
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    private static async Task ReadAsync(StreamReader output, Said said, TaskCompletionSource first)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            said.Take(line);
            first.TrySetResult();
        }

        first.TrySetResult();
    }
}
