using System.Diagnostics;
using System.Globalization;
using Replicate.Reliability.Fuzzing;

namespace Replicate.Reliability.Kills;

/// <summary>Kills of <c>replicate run</c> while a program trains: what the program was told of is there, and all that is listed is whole.</summary>
public static class CommandKills
{
    private const int Together = 4;
    private const int LongestLife = 1_500;

    // The program runs as long as somebody reads what it says.
    private const string Program =
        """
        echo "$REPLICATE_EXPERIMENT" >> ../acknowledged
        i=0
        while [ $i -lt 1000 ]; do i=$((i+1)); printf 'weights %s' $i > model.pth; echo "epoch $i, loss: 0.$i" || exit; sleep 0.03; done
        """;

    /// <summary>The program that is killed: the one that was built to be run, else the one that was compiled.</summary>
    internal static string? Command => new[]
    {
        Path.Combine(Corpus.Root, "out", "cli", "replicate"),
        Path.Combine(Corpus.Root, "src", "Replicate.Cli", "bin", "Release", "net10.0", "replicate"),
        Path.Combine(Corpus.Root, "src", "Replicate.Cli", "bin", "Debug", "net10.0", "replicate"),
    }.FirstOrDefault(File.Exists);

    /// <summary>Runs them.</summary>
    public static async Task<Row> RunAsync(RunOptions options, Scratch scratch)
    {
        var clock = Stopwatch.StartNew();
        var failures = new List<string>();
        var (kills, acknowledged, checkpoints) = (0, 0, 0);
        var wanted = Command is null || OperatingSystem.IsWindows() ? 0 : options.Count ?? 20;
        while (kills < wanted && DateTime.UtcNow < options.End)
        {
            var name = $"command-{kills}";
            var directory = scratch.Directory(name, "project");
            File.WriteAllText(Path.Combine(directory, "train.py"), "code");
            var first = kills;
            var count = (int)Math.Min(Together, wanted - kills);
            await Task.WhenAll(Enumerable.Range(0, count).Select(child => KillOneAsync(directory, Dice.Of(options.Seed, "command", first + child))));
            kills += count;
            var told = File.Exists(scratch.At(name, "acknowledged")) ? File.ReadAllLines(scratch.At(name, "acknowledged")) : [];
            var listed = await new Project("file://.replicate", directory).Experiments.ListAsync();
            acknowledged += told.Length;
            checkpoints += listed.Sum(experiment => experiment.Checkpoints.Count);
            failures.AddRange(told.Where(id => listed.Count(experiment => experiment.Id == id) != 1)
                .Select(id => $"command, seed {options.Seed}, after {kills} kills: {id} is not listed once"));
            foreach (var experiment in listed)
            {
                failures.AddRange((await CheckAsync(experiment, scratch)).Select(failure => $"command, seed {options.Seed}, after {kills} kills: {failure}"));
            }
        }

        return new Row(
            "kills: command",
            string.Create(CultureInfo.InvariantCulture, $"./build.sh reliability kills command --seed {options.Seed} --count {wanted}"),
            $"{Row.Count(kills)} kills of `replicate run`, {Row.Count(acknowledged)} programs told of their experiment, {Row.Count(checkpoints)} checkpoints", clock.Elapsed, failures);
    }

    private static async Task KillOneAsync(string directory, Dice dice)
    {
        string[] arguments = ["run", "-D", directory, "--path", "train.py", "--checkpoint-path", "model.pth", "--", "sh", "-c", Program];
        using var process = Process.Start(new ProcessStartInfo(Command!, arguments)
        {
            WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        var first = new TaskCompletionSource();
        process.OutputDataReceived += (_, _) => first.TrySetResult();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // Mostly while the program trains, now and then while it is being started.
        if (!dice.OneIn(8))
        {
            await Task.WhenAny(first.Task, Task.Delay(TimeSpan.FromSeconds(20)));
        }

        await Task.Delay(dice.Below(LongestLife));
        process.Kill();

        // Its streams end with the program that it ran, which writes a last time.
        await process.WaitForExitAsync();
    }

    private static async Task<List<string>> CheckAsync(Experiment experiment, Scratch scratch)
    {
        var failures = new List<string>();
        foreach (var checkpoint in new Checkpoint?[] { null }.Concat(experiment.Checkpoints))
        {
            var target = scratch.At($"out-{Guid.NewGuid():n}");
            try
            {
                var result = await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = target });
                if (File.ReadAllText(Path.Combine(target, "train.py")) != "code"
                    || (checkpoint?.Path.Length > 0 && !File.ReadAllText(Path.Combine(target, "model.pth")).StartsWith("weights", StringComparison.Ordinal)))
                {
                    failures.Add($"{checkpoint?.Id ?? experiment.Id} has another content");
                }
            }
            catch (Exception e) when (e is ReplicateException or IOException)
            {
                failures.Add($"{checkpoint?.Id ?? experiment.Id} is listed, but {e.Message}");
            }
            finally
            {
                Scratch.Remove(target);
            }
        }

        return failures;
    }
}
