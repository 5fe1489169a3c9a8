using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public class LogsTests
{
    private const string Script = "echo 'epoch 1, loss: 0.5'; sleep 0.2; echo oops >&2; sleep 0.2; printf '1/2\\r2/2\\n\\033[31mend\\033[0m'";

    [Fact]
    public async Task What_a_run_wrote_is_printed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();
        var run = await CommandResult.OfProgramAsync(project.Directory.Path, ["run", "--", "sh", "-c", Script]);
        Assert.Equal("epoch 1, loss: 0.5\n1/2\r2/2\n\u001b[31mend\u001b[0m", run.Output);
        var id = Assert.Single(await project.ListAsync()).ShortId;

        Assert.Equal("epoch 1, loss: 0.5\noops\n2/2\nend\n", await LogsAsync(id));
        Assert.Equal("2/2\nend\n", await LogsAsync(id, "--tail", "2"));
        Assert.Equal("oops\n", await LogsAsync(id, "--error"));
        Assert.Equal("end\n", await LogsAsync(id, "--follow", "-n", "1"));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} end\n$", await LogsAsync(id, "--times", "-n", "1"));

        Task<string> LogsAsync(params string[] arguments) => OutputAsync(project, ["logs", .. arguments]);
    }

    [Fact]
    public async Task A_log_that_is_too_long_says_what_it_lacks_and_none_may_be_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();
        const string Counting = "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo line $i; done";
        await CommandResult.OfProgramAsync(project.Directory.Path, ["run", "--max-log", "0.02", "--", "sh", "-c", Counting]);

        var lines = (await OutputAsync(project, ["logs", Assert.Single(await project.ListAsync()).Id])).Split('\n');
        Assert.Equal(("line 1", "line 2000"), (lines[0], lines[^2]));
        Assert.Contains(" are not kept here: the log would be longer than 20 kB.", Assert.Single(lines, line => line.Contains("lines (", StringComparison.Ordinal)), StringComparison.Ordinal);

        await CommandResult.OfProgramAsync(project.Directory.Path, ["run", "-t", "without", "--max-log", "0", "--", "sh", "-c", Counting]);
        Assert.Equal("", await OutputAsync(project, ["logs", Assert.Single(await project.ListAsync("tags = without")).Id]));
    }

    private static async Task<string> OutputAsync(TestProject project, string[] arguments)
    {
        var result = await CommandResult.OfAsync(project.Directory.Path, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result.Output.ReplaceLineEndings("\n");
    }
}
