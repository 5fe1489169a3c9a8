using System.Diagnostics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>Outputs of the command that are closed, full, or read by nobody: the training goes on, and is recorded whole.</summary>
public class LostOutputTests
{
    private const string Training = "for i in 1 2 3; do echo step $i loss: 0.$i; echo note $i >&2; sleep 0.1; done";
    private const string Steps = "1 | loss=0.1, 2 | loss=0.2, 3 | loss=0.3";

    [Theory]
    [InlineData(">&-")]
    [InlineData(">/dev/full")]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData(">&- 2>&-")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData(">/dev/full 2>&1")]
    [InlineData("| true")]
    [InlineData("2>&1 | true")]
    public async Task The_training_goes_on_and_ends_as_it_ended(string outputs)
    {
        using var project = new TestProject();

        var result = await ShellAsync(project, $"set -o pipefail; \"$0\" run -R file://.replicate -- sh -c '{Training}; exit 4' {outputs}");

        Assert.Equal(4, result);
        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal((ExperimentStatus.Failed, 4, "note 1\nnote 2\nnote 3"), (experiment.Status, experiment.ExitCode, experiment.ErrorOutput));
        Assert.Equal(Steps, string.Join(", ", experiment.Checkpoints.Select(checkpoint => $"{checkpoint.Step} | {checkpoint.Metrics}")));
    }

    [Theory]
    [InlineData(">&- 2>lost")]
    [InlineData(">/dev/full 2>lost")]
    [InlineData("2>lost | true")]
    public async Task A_warning_says_what_of_the_output_was_lost(string outputs)
    {
        using var project = new TestProject();

        await ShellAsync(project, $"\"$0\" run -R file://.replicate -- sh -c 'sleep 0.3; {Training}' {outputs}; sync");

        await Task.Delay(100, TestContext.Current.CancellationToken);
        var told = await File.ReadAllTextAsync(project.Directory.Combine("lost"), TestContext.Current.CancellationToken);
        Assert.Contains("Warning: The output of the program cannot be passed on: ", told, StringComparison.Ordinal);
        Assert.Contains("Warning: 51 bytes of the output of the program were lost.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CI_job_whose_log_is_closed_and_whose_files_are_missing_has_the_exit_code_of_the_program()
    {
        using var project = new TestProject();

        var result = await ShellAsync(
            project,
            "GITHUB_ACTIONS=true GITHUB_OUTPUT=/nonexistent/o GITHUB_STEP_SUMMARY=/nonexistent/s "
            + $"\"$0\" run -R file://.replicate -- sh -c '{Training}' >&- 2>lost");

        Assert.Equal(0, result);
        var told = await File.ReadAllTextAsync(project.Directory.Combine("lost"), TestContext.Current.CancellationToken);
        Assert.Contains("The results of the run could not be set as outputs of the step", told, StringComparison.Ordinal);
        Assert.Contains("The summary of the run could not be attached", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_that_cannot_be_written_is_an_error_and_one_that_nobody_reads_on_is_none()
    {
        using var project = new TestProject();
        await project.CreateAsync();

        Assert.Equal(1, await ShellAsync(project, "\"$0\" ls -R file://.replicate >/dev/full 2>/dev/null"));
        Assert.Equal(1, await ShellAsync(project, "\"$0\" ls -R file://.replicate >&- 2>/dev/null"));
        Assert.Equal(0, await ShellAsync(project, "set -o pipefail; \"$0\" ls -R file://.replicate | true"));
    }

    private static async Task<int> ShellAsync(TestProject project, string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a shell of Unix, and a device that is full.");
        var start = new ProcessStartInfo("bash", ["-c", script, CommandResult.Program]) { WorkingDirectory = project.Directory.Path };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
