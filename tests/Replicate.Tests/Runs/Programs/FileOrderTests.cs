using System.Globalization;
using Replicate.Runs;
using Replicate.Runs.Metrics;
using Replicate.Tests.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

/// <summary>Programs whose metrics are read from a file: which weights are of which of its rows.</summary>
public class FileOrderTests
{
    private const int Steps = 4;

    public static TheoryData<string, bool, int> Programs => new(
        from kind in new[] { "csv", "jsonl", "json", "events" }
        from savesFirst in new[] { true, false }
        from every in new[] { 1, 2 }
        select (kind, savesFirst, every));

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_row_has_the_file_that_was_saved_before_or_after_it(string kind, bool savesFirst, int every)
    {
        await GrowingPauses.TryAsync(async pause =>
        {
            using var project = new TestProject();
            await using var run = await TrainingRun.StartAsync(
                project.Project, new RunOptions { Sources = [SourceOf(kind)], CheckpointPath = "model", WorkingDirectory = project.Directory.Path },
                cancellationToken: TestContext.Current.CancellationToken);
            for (var step = 1; step <= Steps; step++)
            {
                await Task.Delay(TimeSpan.FromSeconds(double.Parse(pause, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
                if (!savesFirst)
                {
                    Log(project.Directory, kind, step);
                }

                if (step % every == 0)
                {
                    project.Directory.Write("model", $"{step}");
                }

                if (savesFirst)
                {
                    Log(project.Directory, kind, step);
                }
            }

            var result = await run.EndAsync(ExperimentStatus.Completed, 0);

            Assert.Equal(Enumerable.Range(1, Steps).Select(step => $"{step} | loss={LossOf(step)}"), result.Experiment.Lines());
            var kept = result.Experiment.Checkpoints.Where(checkpoint => checkpoint.HasFiles).ToList();
            foreach (var checkpoint in kept)
            {
                await using var file = await checkpoint.Experiment.OpenFileAsync(checkpoint, "model", TestContext.Current.CancellationToken);
                using var reader = new StreamReader(file);
                Assert.Equal($"{checkpoint.Step}", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            }

            return kept.Count == Steps / every;
        });
    }

    private static MetricSource SourceOf(string kind) => kind switch
    {
        "csv" => MetricSource.CsvFile("log.csv"),
        "events" => MetricSource.TensorBoard("logs"),
        _ => MetricSource.JsonFile($"log.{kind}"),
    };

    private static float LossOf(int step) => 1f / (1 << step);

    private static void Log(TemporaryDirectory directory, string kind, int step)
    {
        var loss = LossOf(step).ToString(CultureInfo.InvariantCulture);
        switch (kind)
        {
            case "csv":
                File.AppendAllText(directory.Combine("log.csv"), (step == 1 ? "epoch,loss\n" : "") + $"{step},{loss}\n");
                break;
            case "jsonl":
                File.AppendAllText(directory.Combine("log.jsonl"), $"{{\"step\": {step}, \"loss\": {loss}}}\n");
                break;
            case "json":
                // As a Trainer writes its state, the whole history each time.
                var rows = Enumerable.Range(1, step).Select(row => FormattableString.Invariant($"{{\"step\": {row}, \"loss\": {LossOf(row)}}}"));
                File.WriteAllText(directory.Combine("log.json"), $"{{\"log_history\": [{string.Join(", ", rows)}]}}");
                break;
            default:
                Directory.CreateDirectory(directory.Combine("logs"));
                using (var file = new FileStream(directory.Combine("logs", "events.out.tfevents.1"), FileMode.Append))
                {
                    file.Write(EventBytes.Record(EventBytes.Event((byte)step, EventBytes.Simple("loss", LossOf(step)))));
                }

                break;
        }
    }
}
