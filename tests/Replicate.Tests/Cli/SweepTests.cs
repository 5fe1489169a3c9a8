using System.Diagnostics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>A sweep whose process is killed.</summary>
public class SweepTests
{
    private const int Points = 12;
    private const int DoneBefore = 5;

    [Fact]
    public async Task A_sweep_that_was_killed_after_5_of_12_runs_goes_on_with_7()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();
        string[] arguments =
        [
            "run", "-R", "file://.replicate", "--grid", "--sweep", "search", "-m", "loss", "-p", $"n=[{string.Join(',', Enumerable.Range(1, Points))}]", "--",
            "sh", "-c", "echo loss: {n}; test -e go || test {n} -le 5 || exec sleep 60",
        ];
        var start = new ProcessStartInfo(CommandResult.Program, arguments)
        {
            WorkingDirectory = project.Directory.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using (var process = Process.Start(start)!)
        {
            while ((await project.ListAsync("n = 6", "status = running")).Count == 0)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }

            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // Half a minute later its heartbeat is one of a dead process.
        var heartbeat = Assert.Single(Directory.GetFiles(Path.Combine(project.RepositoryPath, "metadata", "heartbeats")));
        await File.WriteAllTextAsync(
            heartbeat, (await File.ReadAllTextAsync(heartbeat, TestContext.Current.CancellationToken)).Replace($"{DateTime.UtcNow.Year}-", "2020-", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(project.Directory.Combine("go"), "", TestContext.Current.CancellationToken);
        var again = await CommandResult.OfProgramAsync(project.Directory.Path, arguments);

        Assert.Equal(0, again.ExitCode);
        Assert.Contains($"Sweep 'search': {Points - DoneBefore} of {Points - DoneBefore} runs completed, {DoneBefore} were done before.", again.Error, StringComparison.Ordinal);
        var completed = await project.ListAsync("status = completed");
        Assert.Equal(Enumerable.Range(1, Points).Select(n => (long)n), completed.Select(run => (long)run.Params["n"]!).Order());
        Assert.Equal(6L, Assert.Single(await project.ListAsync("status = lost")).Params["n"]);
    }
}
