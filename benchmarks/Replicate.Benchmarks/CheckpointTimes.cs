using System.Diagnostics;
using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace Replicate.Benchmarks;

/// <summary>Times adding checkpoints to an experiment on the disk: many without files, one with a large file, and in a running shell.</summary>
internal static class CheckpointTimes
{
    private const int Window = 20;
    private const int WarmUps = 3;
    private const int TextLength = 100_000_000;

    /// <summary>Prints the tables.</summary>
    public static async Task PrintAsync()
    {
        Console.WriteLine("| metadata-only checkpoints of one experiment | time | stop | the 10th | the last |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var count in new[] { 100, 1_000, 10_000 })
        {
            await AddManyAsync(count);
        }

        Console.WriteLine();
        Console.WriteLine("| a checkpoint of 100 MB text | `cp` | until it returns | until it is archived |");
        Console.WriteLine("|---|---|---|---|");
        await SaveLargeAsync();
        Console.WriteLine();
        Console.WriteLine("| in a running `pwsh` | median |");
        Console.WriteLine("|---|---|");
        PrintShell();
    }

    private static async Task AddManyAsync(int count)
    {
        using var place = new Place();
        var experiment = await place.Project.Experiments.CreateAsync(new ExperimentOptions());
        var times = new double[count];
        var whole = Stopwatch.StartNew();
        for (var step = 0; step < count; step++)
        {
            var watch = Stopwatch.StartNew();
            await experiment.CheckpointAsync(new CheckpointOptions
            {
                Metrics = new Dictionary<string, object> { ["loss"] = 1.0 / (step + 1), ["accuracy"] = 0.5 },
                PrimaryMetric = new PrimaryMetric("loss", Goal.Minimize),
            });
            times[step] = watch.Elapsed.TotalMilliseconds;
        }

        var added = whole.Elapsed;
        await experiment.StopAsync();

        // Single ones are too short for the clock of a busy machine.
        var tenth = Median(times.Skip(10).Take(Window));
        var last = Median(times.TakeLast(Window));
        Row(Invariant($"{count:N0}"), Invariant($"{added.TotalSeconds:F3} s"), Invariant($"{(whole.Elapsed - added).TotalSeconds:F3} s"), Invariant($"{tenth:F3} ms"), Invariant($"{last:F3} ms"));
    }

    private static async Task SaveLargeAsync()
    {
        using var place = new Place();
        var text = Path.Combine(place.Directory, "data.txt");
        WriteText(text);
        var (copied, returned, archived) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < 5; run++)
        {
            var copy = text + ".copy";
            copied.Add(MeasureCopy(text, copy));
            File.Delete(copy);
            var experiment = await place.Project.Experiments.CreateAsync(new ExperimentOptions());
            var watch = Stopwatch.StartNew();
            await experiment.CheckpointAsync(new CheckpointOptions { Path = "data.txt" });
            returned.Add(watch.Elapsed.TotalMilliseconds);
            await experiment.SyncAsync();
            archived.Add(watch.Elapsed.TotalMilliseconds);
            await experiment.StopAsync();
            await experiment.DeleteAsync();
        }

        Row("", Invariant($"{Median(copied):F0} ms"), Invariant($"{Median(returned):F0} ms ({Median(returned) / Median(copied):F2} x)"), Invariant($"{Median(archived):F0} ms"));
    }

    private static double MeasureCopy(string source, string target)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start("cp", [source, target]);
        process.WaitForExit();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static void PrintShell()
    {
        using var place = new Place();
        var script = $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{Checkout.Module}}'
            Set-Location '{{place.Directory}}'
            foreach ($i in 1..{{WarmUps + Window}}) {
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $experiment = New-ReplicateExperiment -Params @{ rate = 0.1 }
                $new = $watch.Elapsed.TotalMilliseconds
                $experiment | Add-ReplicateCheckpoint -Metrics @{ loss = 0.5 }
                $watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture) + ' ' + $new.ToString([cultureinfo]::InvariantCulture)
                $experiment | Stop-ReplicateExperiment
            }
            """;
        using var shell = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-Command", script]) { RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException("The script in pwsh failed.");
        }

        var times = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(WarmUps)
            .Select(line => line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Row("an experiment and a metadata-only checkpoint", Invariant($"{Median(times.Select(time => time[0])):F1} ms"));
        Row("of it the experiment", Invariant($"{Median(times.Select(time => time[1])):F1} ms"));
    }

    private static void WriteText(string path)
    {
        var random = new Random(1);
        using var writer = new StreamWriter(path, append: false, Encoding.ASCII);
        for (var written = 0; written < TextLength;)
        {
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{random.Next(100_000)},{random.NextDouble():F6},{random.NextDouble():F4},setosa,{random.Next(10)}\n");
            writer.Write(line);
            written += line.Length;
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>A project with a repository in a temporary directory.</summary>
    private sealed class Place : IDisposable
    {
        private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("replicate-bench-");

        public string Directory => _directory.FullName;

        public Project Project => new("file://.replicate", Directory);

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
