using System.Diagnostics;
using Replicate.Reports;
using Replicate.Storage;

namespace Replicate.Benchmarks;

/// <summary>
/// Times the page of a report in Chromium: opening it, sorting it, and dragging a brush. Needs Chromium and the packages of
/// <c>tests/package.json</c>.
/// </summary>
internal static class ReportTimes
{
    /// <summary>Writes a report of 1,000 experiments of 100 checkpoints, and prints a row for each of what is timed.</summary>
    public static async Task PrintAsync()
    {
        const int Experiments = 1000;
        const int Checkpoints = 100;
        using var repository = new GeneratedRepository(Experiments, Checkpoints);
        var page = Path.Combine(StoreUrl.ToDirectory(repository.Url)!, "report.html");
        var experiments = await new Project(repository.Url).Experiments.ListAsync();
        var watch = Stopwatch.StartNew();
        await new Report(new ReportOptions { IncludesCode = false }).WriteAsync(experiments, page);
        Console.WriteLine($"| {Experiments:N0} experiments of {Checkpoints} checkpoints | until it is seen | work of the thread |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine($"| written, {new FileInfo(page).Length / 1e6:F1} MB | {watch.Elapsed.TotalMilliseconds:F0} ms | |");
        using var node = Process.Start(new ProcessStartInfo("node", ["page-times.mjs", page, "/usr/bin/chromium"])
        {
            WorkingDirectory = Checkout.At("tests", "browser"),
        })!;
        await node.WaitForExitAsync();
    }
}
