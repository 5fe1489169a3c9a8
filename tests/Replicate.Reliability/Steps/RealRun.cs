using System.Diagnostics;
using Replicate.Runs;
using Replicate.Runs.Programs;

namespace Replicate.Reliability.Steps;

/// <summary>
/// Real training programs, which keep a copy of what they save at each step: each checkpoint's file is that of its step to the byte, or
/// named as missing.
/// </summary>
public static class RealRun
{
    /// <summary>What it is called.</summary>
    public const string Name = "real";

    private const int Epochs = 8;
    private const int Runs = 20;

    private static readonly string Programs = Path.Combine(AppContext.BaseDirectory, "Steps", "programs");

    private static readonly (string What, string Path, Func<string, string, string[]> Command)[] Kinds =
    [
        ("scikit-learn", "model.pkl", (order, copies) => ["/usr/bin/python3", Path.Combine(Programs, "digits.py"), order, copies]),
        ("PyTorch", "mnist.pt", (order, copies) => ["/usr/bin/python3", Path.Combine(Programs, "torch_digits.py"), order, copies]),
        ("awk", "weights.txt", (order, copies) => ["awk", "-v", $"order={order}", "-v", $"copies={copies}", "-f", Path.Combine(Programs, "descent.awk")]),
    ];

    /// <summary>Runs each program in both orders.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(long? count)
    {
        foreach (var (what, path, command) in Kinds)
        {
            foreach (var order in new[] { "before", "after" })
            {
                yield return await RunAsync(what, path, order, command, (int)(count ?? Runs));
            }
        }
    }

    private static async Task<Row> RunAsync(string what, string path, string order, Func<string, string, string[]> command, int runs)
    {
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var (steps, kept, named) = (0, 0, 0);
        for (var run = 0; run < runs; run++)
        {
            using var scratch = new Scratch(inMemory: false);
            var copies = scratch.Directory("copies");
            var directory = scratch.Directory("project");
            var line = command(order, copies);
            var result = await TrainingRun.RunProgramAsync(
                new Project("file://.replicate", directory), new Replicate.Runs.RunOptions { CheckpointPath = path },
                new ProgramOptions { FileName = line[0], Arguments = line[1..], WorkingDirectory = directory });
            var checkpoints = result.Experiment.Checkpoints;
            if (result.ExitCode != 0 || checkpoints.Count != Epochs)
            {
                failures.Add($"run {run}: ended with {result.ExitCode} and {checkpoints.Count} checkpoints");
            }

            foreach (var checkpoint in checkpoints)
            {
                steps++;
                kept += checkpoint.HasFiles ? 1 : 0;
                named += checkpoint.MissingFiles.Count > 0 ? 1 : 0;
                if (await WrongAsync(checkpoint, path, copies) is { } wrong)
                {
                    failures.Add($"run {run}, step {checkpoint.Step}: {wrong}");
                }
            }
        }

        return new Row(
            $"steps: {Name}", $"./build.sh reliability steps {Name} --count {runs}",
            $"{what}, {(order == "before" ? "saved, then printed" : "printed, then saved")}, {runs} runs: {Row.Count(steps)} steps, "
            + $"{Row.Count(kept)} whole, {Row.Count(named)} named as missing",
            clock.Elapsed, failures);
    }

    private static async Task<string?> WrongAsync(Checkpoint checkpoint, string path, string copies)
    {
        if (!checkpoint.HasFiles)
        {
            return checkpoint.MissingFiles.Count == 0 ? "lost without a word" : null;
        }

        await using var file = await checkpoint.Experiment.OpenFileAsync(checkpoint, path);
        using var content = new MemoryStream();
        await file.CopyToAsync(content);
        var copy = await File.ReadAllBytesAsync(Path.Combine(copies, $"{checkpoint.Step}"));
        return content.ToArray().AsSpan().SequenceEqual(copy) ? null : "not what was saved then";
    }
}
