using System.Collections;
using System.Globalization;
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
