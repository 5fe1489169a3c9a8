using System.Diagnostics;
using System.Globalization;
using Replicate.Reliability.Faults;
using Replicate.Reliability.Kills;

namespace Replicate.Reliability.Load;

/// <summary>Thirty-two processes that record and eight that read, on one repository.</summary>
internal static class Writers
{
    private const int WriterCount = 32;
    private const int ReaderCount = 8;

    /// <summary>Runs them for so many seconds as are counted.</summary>
    public static async Task<Row> RunAsync(RunOptions options, Scratch scratch)
    {
        var clock = Stopwatch.StartNew();
        var seconds = options.Count ?? 10;
        var directory = scratch.Directory("project");
        scratch.Write("project/replicate.yaml", "repository: file://repository\n");
        var ledger = new Ledger();
        var failures = new List<string>();
        var reads = 0L;
        var tasks = Enumerable.Range(0, WriterCount + ReaderCount).Select(async number =>
        {
            var isWriter = number < WriterCount;
            string[] arguments = [isWriter ? "child" : "reader", directory, $"{number}", seconds.ToString(CultureInfo.InvariantCulture)];
            using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Replicate.Reliability.dll"), .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (isWriter)
                {
                    KilledChild.Take(line, ledger);
                }
                else
                {
                    Interlocked.Add(ref reads, long.Parse(line, CultureInfo.InvariantCulture));
                }
            }

            await process.WaitForExitAsync();
            var error = await errors;
            if (process.ExitCode != 0)
            {
                lock (failures)
                {
                    failures.Add($"{arguments[0]} {number} ended with exit code {process.ExitCode}: {error}");
                }
            }
        });
        await Task.WhenAll(tasks);
        var listed = await Project.Open(directory).Experiments.ListAsync();
        failures.AddRange(ledger.Compare(listed));
        failures.AddRange(await Ledger.CheckFilesAsync(listed, scratch, new HashSet<string>()));
        return new Row(
            "load: writers", string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability load writers --count {seconds}"),
            $"{WriterCount} writers, {ReaderCount} readers, {seconds} s: {Row.Count(ledger.Count)} calls acknowledged, {Row.Count(reads)} lists", clock.Elapsed, failures);
    }

    /// <summary>The process that reads: lists and checks out until the time is over, and says how often it listed.</summary>
    public static async Task ReadAsync(string directory, TimeSpan time)
    {
        var end = DateTime.UtcNow + time;
        var project = Project.Open(directory);
        using var scratch = new Scratch();
        var lists = 0;
        for (; DateTime.UtcNow < end; lists++)
        {
            var listed = await project.Experiments.ListAsync();
            if (listed.GroupBy(experiment => experiment.Id).Any(same => same.Count() > 1))
            {
                throw new InvalidDataException("An experiment is listed twice.");
            }

            foreach (var experiment in listed.TakeLast(1))
            {
                try
                {
                    await project.Experiments.GetAsync(experiment.Id[..20]);
                }
                catch (ReplicateException e) when (e.Id == "IdNotFound")
                {
                    // Deleted since.
                }
            }
        }

        Console.WriteLine(lists);
    }
}
