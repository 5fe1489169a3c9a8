using System.Globalization;
using Replicate.Reliability.Faults;

namespace Replicate.Reliability.Kills;

/// <summary>
/// The process that is killed: it records into the repository of a project, and says what was acknowledged after
/// the call returned. A line counts only with the point at its end.
/// </summary>
internal static class KilledChild
{
    public static async Task RunAsync(string directory, int number, TimeSpan time)
    {
        var project = Project.Open(directory);
        var own = Path.Combine(directory, $"child-{number}-{Environment.ProcessId}");
        Directory.CreateDirectory(own);
        var dice = new Dice((ulong)Environment.ProcessId);
        var end = DateTime.UtcNow + time;
        for (var n = (Environment.ProcessId * 100_000L) + 1; DateTime.UtcNow < end; n++)
        {
            await File.WriteAllTextAsync(Path.Combine(own, "train.py"), Ledger.CodeOf(n));
            var experiment = await project.Experiments.CreateAsync(new ExperimentOptions
            {
                Path = Path.Combine(own, "train.py"), Params = new Dictionary<string, object> { ["n"] = n },
                Heartbeat = dice.OneIn(2) ? HeartbeatMode.Beat : HeartbeatMode.None,
            });
            Say("created", experiment.Id);
            for (var steps = dice.Below(5); steps > 0; steps--)
            {
                n++;
                await File.WriteAllTextAsync(Path.Combine(own, "model.pth"), Ledger.WeightsOf(n));
                var checkpoint = await experiment.CheckpointAsync(new CheckpointOptions
                {
                    Metrics = new Dictionary<string, object> { ["n"] = n }, Path = dice.OneIn(3) ? null : Path.Combine(own, "model.pth"),
                });
                Say("added", experiment.Id, checkpoint.Id);
            }

            switch (dice.Below(4))
            {
                case 0:
                    Say("deleting", experiment.Id);
                    await experiment.DeleteAsync();
                    Say("deleted", experiment.Id);
                    break;
                case 1:
                    break;
                default:
                    await experiment.StopAsync();
                    Say("stopped", experiment.Id);
                    break;
            }
        }
    }

    /// <summary>Writes down what a child said.</summary>
    public static void Take(string line, Ledger ledger)
    {
        switch (line.Split(' '))
        {
            case ["created", var id, "."]:
                ledger.Created(id);
                break;
            case ["added", var experiment, var id, "."]:
                ledger.Added(experiment, id);
                break;
            case ["stopped", var id, "."]:
                ledger.Stopped(id);
                break;
            case ["deleting", var id, "."]:
                ledger.Deleting(id);
                break;
            case ["deleted", var id, "."]:
                ledger.Deleted(id);
                break;
        }
    }

    private static void Say(params string[] words)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', words)} ."));
        Console.Out.Flush();
    }
}
