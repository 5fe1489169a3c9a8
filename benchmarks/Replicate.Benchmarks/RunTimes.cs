using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using static System.FormattableString;

namespace Replicate.Benchmarks;

/// <summary>
/// Times training programs that are run as experiments, through the command and in a script block, in turns with what does
/// nothing with their output. The program is <see cref="TrainingProgram"/>.
/// </summary>
internal static partial class RunTimes
{
    /// <summary>The file that the program writes in each step.</summary>
    internal const string SavedFile = "model.bin";

    private const int Turns = 5;

    private static readonly string Replicate = $"'{Checkout.Replicate}' run";

    /// <summary>Prints a row per kind of program: medians, the median ratio of the turns, and their range.</summary>
    /// <param name="onlyFiles">Only the program that writes files.</param>
    public static void Print(bool onlyFiles)
    {
        Console.WriteLine("| a million lines | beside | ours | ratio |");
        Console.WriteLine("|---|---|---|---|");
        if (!onlyFiles)
        {
            Compare("metrics in each, 1,000 steps, `replicate run`", directory => TimeLines(directory, TrainingProgram.FewSteps));
            Compare("the same, in a script block", directory => TimeBlock(directory, TrainingProgram.FewSteps));
            Compare("metrics in each 1,000th, the rest text, `replicate run`", directory => TimeLines(directory, TrainingProgram.Text));
            Compare("each line a step: a million checkpoints, `replicate run`", directory => TimeLines(directory, TrainingProgram.ManySteps));
        }

        Compare("1,000 steps of 5 ms with a file of 1 MB each, saved with each step", TimeFiles);
    }

    /// <summary>Prints what keeping the log costs a program that writes 100 MB, and one that writes a million lines each by itself.</summary>
    public static void PrintLog()
    {
        Console.WriteLine("| `replicate run` | `--max-log 0` | with its log | ratio |");
        Console.WriteLine("|---|---|---|---|");
        Compare("100 MB of output at full speed, metrics in each tenth line", directory => TimeLog(directory, TrainingProgram.Long));
        Compare("a million lines, each written by itself, metrics in each", directory => TimeLog(directory, TrainingProgram.FewSteps));
    }

    private static void Compare(string work, Func<string, (double Beside, double Ours)> measure)
    {
        var turns = new List<(double Beside, double Ours)>();
        var all = Directory.CreateTempSubdirectory("replicate-bench-");
        try
        {
            // Deleted at the end: who creates files after thousands were deleted waits for the file system to find room.
            for (var turn = 0; turn < Turns; turn++)
            {
                turns.Add(measure(all.CreateSubdirectory($"{turn}").FullName));
            }
        }
        finally
        {
            all.Delete(recursive: true);
        }

        var ratios = turns.Select(turn => turn.Ours / turn.Beside).Order().ToList();
        Console.WriteLine(Invariant(
            $"| {work} | {Median(turns.Select(turn => turn.Beside)):F2} s | {Median(turns.Select(turn => turn.Ours)):F2} s | {Median(ratios):F2} ({ratios[0]:F2}-{ratios[^1]:F2}) |"));
    }

    private static (double Beside, double Ours) TimeLines(string directory, string kind) => (
        Run(directory, $"{Program(kind)} | cat > /dev/null"),
        Run(directory, $"{Replicate} -- {Program(kind)} > /dev/null 2> errors"));

    private static (double Beside, double Ours) TimeLog(string directory, string kind) => (
        Run(directory, $"{Replicate} -R file://without --max-log 0 -- {Program(kind)} > /dev/null 2> errors"),
        Run(directory, $"{Replicate} -R file://with -- {Program(kind)} > /dev/null 2> errors"));

    private static (double Beside, double Ours) TimeFiles(string directory)
    {
        var alone = Run(directory, $"{Program(TrainingProgram.Files)} > /dev/null");
        var ours = Run(directory, $"{Replicate} -c {SavedFile} -- {Program(TrainingProgram.Files)} > /dev/null 2> errors");
        var errors = File.ReadAllText(Path.Combine(directory, "errors"));
        var lost = SingleLost().Count(errors) + (MoreLost().Match(errors) is { Success: true } more ? int.Parse(more.Groups[1].Value, CultureInfo.InvariantCulture) : 0);
        if (lost > 0)
        {
            Console.Error.WriteLine(Invariant($"{lost} checkpoints have metrics only: the machine was too busy to copy their files in time."));
        }

        return (alone, ours);
    }

    private static (double Beside, double Ours) TimeBlock(string directory, string kind)
    {
        File.WriteAllText(
            Path.Combine(directory, "script.ps1"),
            $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{Checkout.Module}}'
            $beside = Measure-Command { & {{Program(kind)}} | ForEach-Object { } }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            Invoke-ReplicateExperiment { & {{Program(kind)}} }
            $beside.TotalMilliseconds, $watch.Elapsed.TotalMilliseconds | ForEach-Object { [long]$_ } | Set-Content times
            """);
        Run(directory, "pwsh -NoProfile -File script.ps1 > /dev/null");
        var times = File.ReadAllLines(Path.Combine(directory, "times"));
        return (Seconds(times[0]), Seconds(times[1]));

        static double Seconds(string milliseconds) => double.Parse(milliseconds, CultureInfo.InvariantCulture) / 1000;
    }

    private static string Program(string kind) => $"'{Environment.ProcessPath}' train {kind}";

    private static double Run(string directory, string command)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = directory })!;
        process.WaitForExit();
        return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"'{command}' failed.");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);

    [GeneratedRegex("Step [0-9]+ was recorded without")]
    private static partial Regex SingleLost();

    [GeneratedRegex("([0-9]+) more checkpoints? lacks? files")]
    private static partial Regex MoreLost();
}
