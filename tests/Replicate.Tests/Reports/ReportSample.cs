using System.Collections;
using System.Globalization;
using Replicate.Metadata;
using Replicate.Reports;
using Replicate.Tests.Queries;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reports;

/// <summary>Reports for tests.</summary>
internal static class ReportSample
{
    /// <summary>Experiments with ids of the usual length, without a repository, always the same.</summary>
    internal static Experiment[] Generated(int runs, int checkpoints, int metrics = 3)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, runs).Select(r => Sample.Experiment(
            Id(random),
            new Hashtable { ["rate"] = Math.Pow(10, -1 - (r % 4)), ["layers"] = 1 + (r % 7), ["optimizer"] = r % 2 == 0 ? "adam" : "sgd" },
            Sample.Start.AddMinutes(r), user: "ben", host: $"box{r % 3}", command: $"train.py --run={r}",
            checkpoints: [.. Enumerable.Range(0, checkpoints).Select(c => Sample.Checkpoint(
                Id(random), c, Metrics(random, metrics, c), "loss"))]))];
    }

    /// <summary>
    /// Four runs, <c>aaaaaaa</c> to <c>ddddddd</c>, each worse than the one before it and its learning rate a tenth of it; two
    /// optimizers; the last is lost. Listed oldest, and worst, first.
    /// </summary>
    internal static Experiment[] Known() =>
    [
        Of('d', 0.0001, "sgd", 4, isLost: true, 4, 3.5, 3, 1),
        Of('c', 0.001, "adam", 3, isLost: false, 3, 2.5, 2, 0.8),
        Of('b', 0.01, "sgd", 2, isLost: false, 3, 2, 1, 0.6),
        Of('a', 0.1, "adam", 1, isLost: false, 2, 1, 0.8, 0.4),
    ];

    private static Experiment Of(char id, double rate, string optimizer, int layers, bool isLost, params double[] losses)
    {
        var created = Sample.Start.AddHours(('d' - id) * 2);
        var experiment = Sample.Experiment(
            new string(id, 64), new { learning_rate = rate, optimizer, layers }, created, user: id == 'a' ? "lea" : "ben", command: string.Create(CultureInfo.InvariantCulture, $"train.py --lr={rate}"),
            checkpoints: [.. losses.Select((loss, step) => Sample.Checkpoint(
                $"{id}{step}" + new string('0', 62), step, new { loss, accuracy = 1 - (loss / 10) }, "loss", created: created.AddMinutes(step + 1)))]);
        return isLost ? new Experiment(null!, experiment.Metadata, new Heartbeat(experiment.Id, Timestamp.From(created.AddMinutes(5)), null)) : experiment;
    }

    internal static async Task<string> WriteAsync(
        TemporaryDirectory directory, IReadOnlyList<Experiment> experiments, ReportOptions? options = null, string name = "report.html")
    {
        var path = directory.Combine(name);
        await new Report(options ?? new ReportOptions()).WriteAsync(
            experiments, path, cancellationToken: TestContext.Current.CancellationToken);
        return path;
    }

    private static Hashtable Metrics(Random random, int count, int step)
    {
        var metrics = new Hashtable();
        for (var m = 0; m < count; m++)
        {
            metrics[m == 0 ? "loss" : string.Create(CultureInfo.InvariantCulture, $"metric{m}")] = random.NextDouble() + (1.0 / (step + 1));
        }

        return metrics;
    }

    private static string Id(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
