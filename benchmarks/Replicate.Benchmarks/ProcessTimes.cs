using System.Diagnostics;
using System.Globalization;

namespace Replicate.Benchmarks;

/// <summary>Times the <c>replicate</c> command from its start to its end, as its users do.</summary>
internal static class ProcessTimes
{
    private const int Runs = 11;

    private static readonly string[][] Commands = [["ls"], ["ls", "--json"], ["ls", "-q"]];

    /// <summary>Prints a row per repository and command: median time and the highest memory seen.</summary>
    public static void Print()
    {
        var replicate = Path.Combine(FindRoot(), "out", "cli", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");
        Console.WriteLine("| experiments of 10 checkpoints | command | median | memory |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var experiments in new[] { 1_000, 10_000 })
        {
            using var repository = new GeneratedRepository(experiments, checkpoints: 10);
            foreach (var command in Commands)
            {
                Measure(replicate, [.. command, "-R", repository.Url]);
                var runs = Enumerable.Range(0, Runs).Select(_ => Measure(replicate, [.. command, "-R", repository.Url])).ToList();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {experiments:N0} | {string.Join(' ', command)} | {runs.Select(run => run.Time.TotalSeconds).Order().ElementAt(Runs / 2):F3} s | {runs.Max(run => run.Memory) >> 20} MiB |"));
            }
        }
    }

    private static (TimeSpan Time, long Memory) Measure(string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var memory = 0L;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(2)))
        {
            memory = Math.Max(memory, HighestMemory(process));
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? (watch.Elapsed, memory)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }

    private static long HighestMemory(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return 0;
        }
    }

    /// <summary>The directory of the checkout that this runs from.</summary>
    internal static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("This does not run from inside a checkout.");
        }

        return directory;
    }
}
