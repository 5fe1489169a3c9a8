using System.Diagnostics;
using Replicate.Runs;
using Replicate.Runs.Programs;

namespace Replicate.Reliability.Steps;

/// <summary>
/// Programs that print and save in all orders, run as experiments: each checkpoint's files are of its step and whole, or named as
/// missing.
/// </summary>
public static class StepsRun
{
    private const long Small = 64 << 10;
    private const long Large = 2_000_000_000 / 8 * 8;

    private static readonly (string Name, string What, int Steps, int AtOnce, Func<bool, int, TrainingChild> Program)[] Kinds =
    [
        ("fast", "a file of 64 KB, 5 ms", 2500, 1, (first, steps) => new(first, 1, Small, steps, 5, "all", false)),
        ("flood", "a file of 64 KB, no time between", 1000, 1, (first, steps) => new(first, 1, Small, steps, 0, "all", false)),
        ("best", "some steps, a file of 64 KB, 5 ms", 1000, 1, (first, steps) => new(first, 1, Small, steps, 5, "some", false)),
        ("fifth", "each fifth step, a file of 64 KB, 5 ms", 500, 1, (first, steps) => new(first, 1, Small, steps, 5, "fifth", false)),
        ("rename", "a file of 64 KB put in place of the last, 5 ms", 500, 1, (first, steps) => new(first, 1, Small, steps, 5, "all", true)),
        ("sweep", "two at once, a file of 64 KB, 5 ms", 500, 2, (first, steps) => new(first, 1, Small, steps, 5, "all", false)),
        ("shards", "3 files of 1 MB, 100 ms", 100, 1, (first, steps) => new(first, 3, 1 << 20, steps, 100, "all", false)),
        ("many", "2,000 files of 1 KB, 1 s", 10, 1, (first, steps) => new(first, 2000, 1 << 10, steps, 1000, "all", false)),
        ("large", "a file of 2 GB, 20 s", 2, 1, (first, steps) => new(first, 1, Large, steps, 20_000, "all", false)),
    ];

    /// <summary>Runs the kinds that are named, or all, each in both orders.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        foreach (var (name, what, steps, atOnce, program) in Kinds)
        {
            if (options.Names.Count == 0 ? name != "large" : options.Names.Contains(name))
            {
                foreach (var savesFirst in new[] { true, false })
                {
                    yield return await RunAsync(name, what, atOnce, program(savesFirst, (int)(options.Count ?? steps)));
                }
            }
        }

        if (options.Names.Count == 0 || options.Names.Contains(RealRun.Name))
        {
            await foreach (var row in RealRun.RunAsync(options.Names.Count == 0 ? null : options.Count))
            {
                yield return row;
            }
        }
    }

    private static async Task<Row> RunAsync(string name, string what, int atOnce, TrainingChild program)
    {
        using var scratch = new Scratch(inMemory: false);
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var (saved, kept, lost) = (0, 0, 0);
        var results = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(number => RunProgramAsync(scratch, number, program)));
        foreach (var result in results)
        {
            var checkpoints = result.Experiment.Checkpoints;
            if (checkpoints.Count != program.Steps)
            {
                failures.Add($"{checkpoints.Count} checkpoints of {program.Steps} steps");
            }

            foreach (var checkpoint in checkpoints)
            {
                var isSaved = program.IsSaved(checkpoint.Step);
                saved += isSaved ? 1 : 0;
                kept += checkpoint.HasFiles ? 1 : 0;
                lost += checkpoint.MissingFiles.Count > 0 ? 1 : 0;
                if (isSaved && !checkpoint.HasFiles && checkpoint.MissingFiles.Count == 0)
                {
                    failures.Add($"step {checkpoint.Step}: lost without a word");
                }

                await CheckAsync(checkpoint, program, isSaved, failures);
            }
        }

        return new Row(
            $"steps: {name}", $"./build.sh reliability steps {name} --count {program.Steps}",
            $"{what}, {(program.SavesFirst ? "saved, then printed" : "printed, then saved")}: {Row.Count(results.Sum(result => result.Experiment.Checkpoints.Count))} steps, "
            + $"{Row.Count(saved)} saved, {Row.Count(kept)} whole, {Row.Count(lost)} named as missing",
            clock.Elapsed, failures);
    }

    private static async Task CheckAsync(Checkpoint checkpoint, TrainingChild program, bool isSaved, List<string> failures)
    {
        if (!checkpoint.HasFiles)
        {
            return;
        }

        var files = await checkpoint.Experiment.ListFilesAsync(checkpoint);
        if (!isSaved || files.Count != program.Files)
        {
            failures.Add($"step {checkpoint.Step}: {files.Count} files, {(isSaved ? program.Files : 0)} saved");
        }

        foreach (var file in files)
        {
            await using var content = await checkpoint.Experiment.OpenFileAsync(checkpoint, file.Path);
            if (program.Check(content, checkpoint.Step) is { } wrong)
            {
                failures.Add($"step {checkpoint.Step}: '{file.Path}' has {wrong}");
            }
        }
    }

    private static Task<RunResult> RunProgramAsync(Scratch scratch, int number, TrainingChild program)
    {
        var directory = scratch.Directory($"project{number}");
        return TrainingRun.RunProgramAsync(
            new Project("file://.replicate", directory), new Replicate.Runs.RunOptions { CheckpointPath = program.Path },
            new ProgramOptions { FileName = Environment.ProcessPath!, Arguments = program.Arguments, WorkingDirectory = directory });
    }
}
