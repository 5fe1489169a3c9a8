using static System.FormattableString;

namespace Replicate.Benchmarks;

/// <summary>Times <see cref="ProcessRows"/> from start to end, as users do: in turns, ours and then each that is beside it.</summary>
internal static class ProcessTimes
{
    private const string Usage = """
        Say process [--beside <the original's command>] [--python <the directory of its library>] [--command <replicate, if not that in out/cli>]
                    [--only <text of a row>] [--samples <directory to keep>]
        """;

    /// <summary>At most so many turns, and of what takes long as many as fit into so many seconds, if that is enough for a median.</summary>
    private const int Turns = 11;
    private const double Seconds = 30;

    /// <summary>Prints a line for each that is beside a row, with medians and the median of the ratios of the turns.</summary>
    public static void Print(string[] options)
    {
        var given = options.Chunk(2).ToDictionary(option => option[0], option => option.ElementAtOrDefault(1) ?? "");
        if (given.Keys.Except(["--beside", "--python", "--command", "--only", "--samples"]).Any() || given.ContainsValue(""))
        {
            throw new ArgumentException(Usage);
        }

        var kept = given.GetValueOrDefault("--samples");
        var samples = kept is null ? Directory.CreateTempSubdirectory("replicate-bench-") : Directory.CreateDirectory(kept);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Path.GetDirectoryName(Path.GetFullPath(given.GetValueOrDefault("--command", Checkout.Replicate))) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            ["XDG_CACHE_HOME"] = Path.Combine(samples.FullName, "cache"),
            ["module"] = Checkout.Module,
            ["original"] = given.TryGetValue("--beside", out var command) ? Path.GetFullPath(command) : "no-original",
            ["save"] = given.TryGetValue("--python", out var library) ? $"env PYTHONPATH={Path.GetFullPath(library)} python3 save.py" : "no-original",
        };
        try
        {
            Console.WriteLine("| work | ours (processor) | memory | beside | its time (processor) | its memory | ratio | aim |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            foreach (var row in ProcessRows.All.Where(row => row.Work.Contains(given.GetValueOrDefault("--only", ""), StringComparison.OrdinalIgnoreCase)))
            {
                try
                {
                    Print(row, samples.FullName, environment);
                }
                catch (InvalidOperationException failure)
                {
                    Console.WriteLine($"| {row.Work} | failed | | | | | | |");
                    Console.Error.WriteLine(failure.Message);
                }
            }
        }
        finally
        {
            if (kept is null)
            {
                samples.Delete(recursive: true);
            }
        }
    }

    private static void Print(ProcessRow row, string samples, Dictionary<string, string> environment)
    {
        var directory = row.Sample.In(samples);
        var times = Measure([row.Ours, .. row.Beside.Select(peer => peer.Line)]);
        if (times is not [{ } ours, .. var others])
        {
            Console.WriteLine($"| {row.Work} | left out: a program that it needs is not here | | | | | | |");
            return;
        }

        var cells = $"| {row.Work} | {Text(ours)}";
        foreach (var (peer, its) in row.Beside.Zip(others).Where(beside => beside.Second is not null))
        {
            var ratios = ours.Zip(its!, (mine, theirs) => peer.IsPart ? mine.Seconds - theirs.Seconds : mine.Seconds / theirs.Seconds).Order().ToArray();
            var unit = peer.IsPart ? " s more" : "";
            Console.WriteLine(Invariant($"{cells} | {peer.Name} | {Text(its!)} | {Median(ratios):F3}{unit} ({ratios[0]:F3}-{ratios[^1]:F3}) | {peer.Aim} |"));
            cells = "| | |";
        }

        if (row.Beside.Zip(others).Where(beside => beside.Second is null).Select(beside => beside.First.Name).ToArray() is var missing
            && (missing.Length > 0 || row.Beside.Count == 0))
        {
            Console.WriteLine($"{cells} | {(missing.Length > 0 ? "not here: " + string.Join(", ", missing) : "nothing: absolute")} | | | | {row.Aim} |");
        }

        ProcessRun[]?[] Measure(string[] lines)
        {
            if (row.Setup != "" && Run(row.Setup) is null)
            {
                return [null];
            }

            // The first run of each brings files into the system's cache, and tells what is not on this machine.
            var first = lines.Select(Timed).ToArray();
            var turns = Math.Clamp((int)(Seconds / first.Sum(run => run?.Seconds ?? 0)), lines.Length == 1 ? 1 : 3, Turns) | 1;
            var all = Enumerable.Range(0, turns).Select(_ => lines.Zip(first, (line, run) => run is null ? null : Timed(line)).ToArray()).ToArray();
            return [.. lines.Select((_, i) => first[i] is null ? null : all.Select(turn => turn[i]!).ToArray())];
        }

        ProcessRun? Timed(string line)
        {
            if (row.Before != "")
            {
                _ = Run(row.Before);
            }

            return Run(line);
        }

        ProcessRun? Run(string line) => WholeProcess.Measure(line, directory, environment);
    }

    private static string Text(ProcessRun[] runs) =>
        Invariant($"{Median(runs.Select(run => run.Seconds)):F3} s ({Median(runs.Select(run => run.Processor)):F2} s) | {runs.Max(run => run.Memory) >> 20} MiB");

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
