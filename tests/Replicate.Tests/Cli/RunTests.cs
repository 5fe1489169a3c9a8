using System.Diagnostics;
using System.Runtime.InteropServices;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public class RunTests
{
    private static string[] Run(params string[] arguments) => ["run", .. arguments];

    [Fact]
    public async Task The_output_is_the_programs_and_so_is_the_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();

        var result = await CommandResult.OfProgramAsync(
            project.Directory.Path,
            Run("-p", "lr=0.1", "-m", "loss", "-t", "first", "--note", "A try", "--params-from-arguments",
                "--", "sh", "-c", "echo \"step 1 loss: 0.5\"; echo oops >&2; exit 5", "x", "--epochs=3"));

        Assert.Equal((5, "step 1 loss: 0.5\n"), (result.ExitCode, result.Output));
        Assert.StartsWith("oops\nExperiment ", result.Error, StringComparison.Ordinal);
        Assert.Contains("failed with exit code 5, 1 checkpoint, best", result.Error, StringComparison.Ordinal);
        var experiment = Assert.Single(await project.ListAsync("tags = first", "note = \"A try\"", "lr = 0.1", "epochs = 3"));
        Assert.Equal((ExperimentStatus.Failed, "oops"), (experiment.Status, experiment.ErrorOutput));
    }

    [Theory]
    [InlineData("NoCompression", 0)]
    [InlineData("smallestsize", 0)]
    [InlineData("best", 2)]
    [InlineData("7", 2)]
    public async Task The_level_of_compression_is_one_of_four(string level, int exitCode)
    {
        using var project = new TestProject();
        project.Directory.Write("data", new string('x', 100_000));

        var result = await CommandResult.OfAsync(
            project.Directory.Path, Run("--compression-level", level, "--path", "data", "--", CommandResult.Program, "--version"));

        Assert.Equal(exitCode, result.ExitCode);
        var archives = project.RepositoryFiles().Where(file => file.EndsWith(".tar.gz", StringComparison.Ordinal)).ToArray();
        if (exitCode == 0)
        {
            var length = new FileInfo(Path.Combine(project.RepositoryPath, Assert.Single(archives))).Length;
            Assert.Equal(level == "NoCompression", length > 100_000);
        }
        else
        {
            Assert.Contains(level, result.Error, StringComparison.Ordinal);
            Assert.Empty(archives);
        }
    }

    [Theory]
    [InlineData(127, "no-such-program")]
    [InlineData(126, "./file")]
    [InlineData(125, null, "--every", "0")]
    [InlineData(125, null, "--only-better")]
    public async Task A_failure_before_the_start_has_an_exit_code_of_its_own(int expected, string? program, params string[] options)
    {
        using var project = new TestProject();
        project.Directory.Write("file", "");

        var result = await CommandResult.OfAsync(project.Directory.Path, [.. Run(options), "--", program ?? CommandResult.Program]);

        Assert.Equal(expected, result.ExitCode);
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task A_sweep_runs_every_combination_and_run_again_what_is_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(
            project.Directory.Path,
            Run("--grid", "--sweep", "search", "-m", "loss", "-p", "lr=[0.1, 0.01]", "-p", "n=[1, 2]", "--throttle", "2", "--", "sh", "-c", "echo loss: {lr}; test {n} = 1"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("2 of 4 runs completed", result.Error, StringComparison.Ordinal);
        var experiments = await project.ListAsync();
        Assert.Equal(4, experiments.Count);
        Assert.Single(experiments.Select(experiment => experiment.Sweep!.Name).Distinct());
        Assert.All(experiments, experiment => Assert.Equal(experiment.Params["lr"], experiment.Latest()!.Metrics["loss"]));
        Assert.Equal(2, experiments.Count(experiment => experiment.Status == ExperimentStatus.Failed));

        var again = await CommandResult.OfAsync(
            project.Directory.Path, Run("--grid", "--sweep", "search", "--retry", "-p", "lr=[0.1, 0.01]", "-p", "n=[1, 2]", "--", "sh", "-c", "echo loss: {lr}"));

        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Sweep 'search': 2 of 2 runs completed, 2 were done before.", again.Error, StringComparison.Ordinal);
        var listed = await CommandResult.OfAsync(project.Directory.Path, "sweeps");
        Assert.Matches(@"^Name +Started +Status +Runs +Best\s+search .* done +4 of 4 +\w{7} loss 0\.01\s*$", listed.Output);
        var missing = await CommandResult.OfAsync(project.Directory.Path, "sweeps", "other");
        Assert.Equal("Error: No experiment is a run of a sweep 'other'.\nList the sweeps to see their names.\n", missing.Error.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done", 1, 3)]
    [InlineData("trap '' TERM; echo ready; while :; do sleep 0.05; done", 2, 137)]
    [InlineData("echo ready; exec sleep 60", 1, 143)]
    public async Task SIGTERM_is_passed_on_and_a_second_one_kills(string script, int signals, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs signals.");
        using var project = new TestProject();
        var start = new ProcessStartInfo(CommandResult.Program, Run("--", "sh", "-c", script))
        {
            WorkingDirectory = project.Directory.Path, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        for (var i = 0; i < signals; i++)
        {
            Assert.Equal(0, Kill(process.Id, 15));
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(exitCode, process.ExitCode);
        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal((ExperimentStatus.Interrupted, exitCode), (experiment.Status, experiment.ExitCode));
    }

    [Fact]
    public async Task A_program_with_a_terminal_sees_one_and_its_bytes_pass_unchanged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix terminal.");
        using var project = new TestProject();

        var result = await CommandResult.OfProgramAsync(
            project.Directory.Path,
            Run("--tty", "--", "sh", "-c", "test -t 1 && test -t 2 && echo yes; printf '\\033[32mstep 1\\033[0m loss: 2\\rstep 1 loss: 1\\n'; echo bad >&2; exit 4"));

        Assert.Equal((4, "yes\n\u001b[32mstep 1\u001b[0m loss: 2\rstep 1 loss: 1\nbad\n"), (result.ExitCode, result.Output));
        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal(1L, Value.MapFrom(experiment.Latest()!.Metrics)["loss"]);
        Assert.EndsWith("bad", experiment.ErrorOutput, StringComparison.Ordinal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
