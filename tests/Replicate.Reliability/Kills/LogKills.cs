using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Replicate.Reliability.Kills;

/// <summary>Kills of <c>replicate run</c> while a program writes: what it passed on a second before is in the log, in order and once.</summary>
public static class LogKills
{
    private const int Together = 4;
    private const int ShortestLife = 1_200;
    private const int LongestLife = 3_000;

    /// <summary>How much of the output may be lost.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(1);

    // It ends with whoever reads what it says.
    private const string Program =
        """
        i=0
        while [ $i -lt 100000 ]; do i=$((i+1)); echo "line $i" || exit; [ $((i % 5)) = 0 ] && { echo "oops $i" >&2 || exit; }; [ $((i % 50)) = 0 ] && sleep 0.01; done
        """;

    /// <summary>Runs them.</summary>
    /// <param name="options">How many, and the seed of the moments.</param>
    /// <param name="scratch">A directory for it.</param>
    /// <param name="command">The program that is killed.</param>
    public static async Task<Row> RunAsync(RunOptions options, Scratch scratch, string? command)
    {
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var (kills, due, kept) = (0, 0L, 0L);
        var wanted = command is null || OperatingSystem.IsWindows() ? 0 : options.Count ?? 200;
        while (kills < wanted && DateTime.UtcNow < options.End)
        {
            var first = kills;
            var count = (int)Math.Min(Together, wanted - kills);
            await Task.WhenAll(Enumerable.Range(0, count).Select(async child =>
            {
                var directory = scratch.Directory($"log-{first + child}");
                var passed = await KillOneAsync(command!, directory, Dice.Of(options.Seed, "log", first + child));
                var (failure, lines) = await CheckAsync(directory, passed);
                lock (failures)
                {
                    due += passed.Output + passed.Errors;
                    kept += lines;
                    failures.AddRange(failure is null ? [] : [$"log, seed {options.Seed}, kill {first + child}: {failure}"]);
                }

                Scratch.Remove(directory);
            }));
            kills += count;
        }

        return new Row(
            "kills: log", string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability kills log --seed {options.Seed} --count {wanted}"),
            $"{Row.Count(kills)} kills of `replicate run`, {Row.Count(due)} lines passed on a second before, {Row.Count(kept)} lines kept", clock.Elapsed, failures);
    }

    /// <returns>How many lines of each stream were passed on a second before the end.</returns>
    private static async Task<(int Output, int Errors)> KillOneAsync(string command, string directory, Dice dice)
    {
        using var process = Process.Start(new ProcessStartInfo(command, ["run", "-R", "file://.replicate", "-D", directory, "--", "sh", "-c", Program])
        {
            WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        var first = new TaskCompletionSource();
        var (output, errors) = (new ConcurrentQueue<long>(), new ConcurrentQueue<long>());
        process.OutputDataReceived += (_, line) =>
        {
            output.Enqueue(line.Data is null ? long.MaxValue : Stopwatch.GetTimestamp());
            first.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => errors.Enqueue(line.Data?.StartsWith("oops", StringComparison.Ordinal) == true ? Stopwatch.GetTimestamp() : long.MaxValue);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(first.Task, Task.Delay(TimeSpan.FromSeconds(20)));
        await Task.Delay(ShortestLife + dice.Below(LongestLife - ShortestLife));
        var due = Stopwatch.GetTimestamp() - (long)(Last.TotalSeconds * Stopwatch.Frequency);
        process.Kill();
        await process.WaitForExitAsync();
        return (output.Count(moment => moment <= due), errors.Count(moment => moment <= due));
    }

    private static async Task<(string? Failure, long Lines)> CheckAsync(string directory, (int Output, int Errors) passed)
    {
        var experiment = (await new Project("file://.replicate", directory).Experiments.ListAsync()).SingleOrDefault();
        if (experiment is null)
        {
            return ("the experiment is not listed", 0);
        }

        var lines = await experiment.ReadLogAsync().ToListAsync();
        string[] output = [.. lines.Where(line => line.Stream == LogStream.Output && !line.IsOpen).Select(line => line.Text)];
        string[] errors = [.. lines.Where(line => line.Stream == LogStream.Error && !line.IsOpen).Select(line => line.Text)];
        return (
            !output.SequenceEqual(Enumerable.Range(1, output.Length).Select(i => $"line {i}")) ? "the output is not what was printed"
            : !errors.SequenceEqual(Enumerable.Range(1, errors.Length).Select(i => $"oops {5 * i}")) ? "the error output is not what was printed"
            : output.Length < passed.Output ? $"{output.Length} lines are kept, and {passed.Output} were passed on a second before"
            : errors.Length < passed.Errors ? $"{errors.Length} lines of the error output are kept, and {passed.Errors} were passed on a second before"
            : null, lines.Count);
    }
}
