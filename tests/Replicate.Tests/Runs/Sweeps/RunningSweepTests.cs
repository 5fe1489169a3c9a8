using System.Collections;
using Replicate.Runs;
using Replicate.Runs.Sweeps;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Sweeps;

/// <summary>Sweeps of real programs.</summary>
public class RunningSweepTests
{
    private static readonly SweepOptions Named = new() { Name = "search" };

    [Fact]
    public async Task Run_again_it_passes_over_what_is_done_and_tries_failed_ones_where_asked()
    {
        using var project = new TestProject();

        Assert.Equal("1 Completed, 2 Failed, 3 Completed", await RunAsync(project, Named, "test {a} != 2", 1, 2, 3));
        Assert.Equal("4 Completed", await RunAsync(project, Named, "true", 1, 2, 3, 4));
        Assert.Equal("2 Completed", await RunAsync(project, Named with { Retry = true }, "true", 1, 2, 3, 4));
        Assert.Equal("", await RunAsync(project, Named with { Retry = true }, "true", 1, 2, 3, 4));

        var sweep = Assert.Single(await project.Project.Experiments.ListSweepsAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(("search", 4, 4, 0, 0, 5), (sweep.Name, sweep.Count, sweep.Completed, sweep.Failed, sweep.Left, sweep.Runs.Count));
        Assert.Equal("search (2 of 4)", $"{sweep.Runs[^1].Sweep}");
        Assert.Equal([1L, 2L, 3L, 4L, 2L], sweep.Runs.Select(run => (long)run.Params["a"]!));
    }

    [Fact]
    public async Task What_was_interrupted_is_begun_again_and_what_runs_elsewhere_is_waited_for()
    {
        using var project = new TestProject();
        var beating = await StartAsync(project, 1, new SweepPlace("search", 1, 3), HeartbeatMode.Detached);
        var interrupted = await StartAsync(project, 2, new SweepPlace("search", 2, 3), HeartbeatMode.None);
        await interrupted.StopAsync(ExperimentStatus.Interrupted, 130, cancellationToken: TestContext.Current.CancellationToken);

        var running = RunAsync(project, Named, "true", 1, 2, 3);
        while (!(await project.ListAsync("a = 3", "status = completed")).Any())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await beating.StopAsync(ExperimentStatus.Interrupted, 130, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("1 Completed, 2 Completed, 3 Completed", await running);
    }

    [Fact]
    public async Task A_sweep_without_a_name_is_a_new_one_each_time()
    {
        using var project = new TestProject();

        Assert.Equal("1 Completed", await RunAsync(project, new SweepOptions(), "true", 1));
        Assert.Equal("1 Completed", await RunAsync(project, new SweepOptions(), "true", 1));

        Assert.Equal(2, (await project.Project.Experiments.ListSweepsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Fail_fast_ends_those_that_run_beside()
    {
        using var project = new TestProject();

        var ended = await RunAsync(project, Named with { FailFast = true, Throttle = 2 }, "test {a} = 1 || exec sleep 60; sleep 0.5; exit 3", 1, 2, 3);

        Assert.Equal("1 Failed, 2 Interrupted", ended);
        Assert.Equal(3, (await project.ListAsync("status = failed"))[0].ExitCode);
    }

    [Fact]
    public async Task No_more_runs_are_started_than_were_allowed_and_the_rest_is_left()
    {
        using var project = new TestProject();

        Assert.Equal("1 Completed, 2 Completed", await RunAsync(project, Named with { MaxRuns = 2 }, "true", 1, 2, 3));
        Assert.Equal("", await RunAsync(project, Named with { Budget = TimeSpan.Zero }, "true", 1, 2, 3));
        Assert.Equal("3 Completed", await RunAsync(project, Named, "true", 1, 2, 3));
    }

    [Fact]
    public async Task A_hopeless_run_is_stopped_early_and_that_is_no_failure()
    {
        using var project = new TestProject();
        var options = Named with { EarlyStopping = EarlyStopping.Median };
        const string Script = "for i in 1 2 3 4 5 6; do echo step $i loss: {a}.$i; sleep 0.05; done; test {a} -lt 9 || exec sleep 60";

        var ended = await RunAsync(project, options, Script, 1, 2, 3, 4, 5, 9);

        Assert.Equal("1 Completed, 2 Completed, 3 Completed, 4 Completed, 5 Completed, 6 StoppedEarly", ended);
        var stopped = Assert.Single(await project.ListAsync("status = stoppedearly"));
        Assert.Equal((9L, 0), (stopped.Params["a"], stopped.ExitCode));
        Assert.InRange(stopped.Checkpoints.Count, 3, 6);
        Assert.Equal("", await RunAsync(project, options, "true", 1, 2, 3, 4, 5, 9));
    }

    [Fact]
    public async Task A_program_whose_time_is_over_has_failed()
    {
        using var project = new TestProject();

        var result = await project.ShellAsync("echo loss: 0.5; sleep 60", new RunOptions { Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal((ExperimentStatus.Failed, 124, false), (result.Status, result.ExitCode, result.WasInterrupted));
        Assert.Equal("Its time of 00:00:00 was over.", result.ErrorOutput);
        Assert.Equal(["0 | loss=0.5"], result.Experiment.Lines());
    }

    [Fact]
    public async Task Lines_of_several_programs_keep_apart()
    {
        var target = new MemoryStream();
        await using (var first = new Replicate.Runs.Programs.PrefixedOutput(target, "[1/2] "))
        await using (var second = new Replicate.Runs.Programs.PrefixedOutput(target, "[2/2] "))
        {
            first.Write("begun"u8);
            second.Write("a\nb\r\n"u8);
            first.Write(" and ended\nno end"u8);
        }

        Assert.Equal("[2/2] a\n[2/2] b\r\n[1/2] begun and ended\n[1/2] no end\n", System.Text.Encoding.UTF8.GetString(target.ToArray()));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("-x")]
    [InlineData("a/b")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        using var project = new TestProject();

        var error = await Assert.ThrowsAsync<ReplicateException>(() => RunAsync(project, new SweepOptions { Name = name }, "true", 1));

        Assert.Equal("SweepNameInvalid", error.Id);
        Assert.Empty(project.RepositoryFiles());
    }

    /// <summary>Runs a script of sh for each value of <c>a</c>.</summary>
    /// <returns>The number and status of each run.</returns>
    private static async Task<string> RunAsync(TestProject project, SweepOptions options, string script, params int[] values)
    {
        var recorded = new RunOptions { PrimaryMetric = new PrimaryMetric("loss", Goal.Minimize) };
        using var sweep = await RunningSweep.BeginAsync(
            project.Project, Value.MapFrom(new Hashtable { ["a"] = values }), options, recorded.PrimaryMetric, TestContext.Current.CancellationToken);
        var runs = await sweep.RunAsync(
            (point, ending) => project.ShellAsync(SweepPoints.Fill([script], point.Params)[0], sweep.OptionsOf(recorded, point), cancellationToken: ending),
            TestContext.Current.CancellationToken);
        return string.Join(", ", runs.Select(run => $"{run.Point.Number} {run.Result!.Status}"));
    }

    private static Task<Experiment> StartAsync(TestProject project, int value, SweepPlace place, HeartbeatMode heartbeat) =>
        project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Params = new Hashtable { ["a"] = value }, Sweep = place, Heartbeat = heartbeat },
            cancellationToken: TestContext.Current.CancellationToken);
}
