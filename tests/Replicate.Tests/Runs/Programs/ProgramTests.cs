using System.Diagnostics;
using System.Text;
using Replicate.Runs;
using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

public class ProgramTests
{
    [Fact]
    public async Task A_run_is_completed_with_its_steps_metrics_and_command()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("for i in 1 2 3; do echo \"Epoch $i, loss: 0.$i\"; done");

        Assert.Equal((ExperimentStatus.Completed, 0), (result.Status, result.ExitCode));
        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal(ExperimentStatus.Completed, experiment.Status);
        Assert.Equal(["1 | loss=0.1", "2 | loss=0.2", "3 | loss=0.3"], experiment.Lines());
        Assert.StartsWith("sh -c 'for i", experiment.Command, StringComparison.Ordinal);
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.Contains("heartbeat", StringComparison.Ordinal) || file.Contains("spool", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bytes_of_both_streams_pass_through_unchanged()
    {
        using var project = new TestProject();
        var rubbish = new byte[300_000];
        new Random(1).NextBytes(rubbish);
        File.WriteAllBytes(project.Directory.Combine("rubbish"), rubbish);
        var (output, error) = (new MemoryStream(), new MemoryStream());

        var result = await project.ShellAsync("cat rubbish; echo; echo 'step 1 loss: 0.5'; cat rubbish >&2", null, output, error);

        Assert.Equal([.. rubbish, .. "\nstep 1 loss: 0.5\n"u8], output.ToArray());
        Assert.Equal(rubbish, error.ToArray());
        Assert.Contains(result.Experiment.Checkpoints, checkpoint => checkpoint.Step == 1 && Equals(checkpoint.Metrics["loss"], 0.5));
    }

    [Fact]
    public async Task A_failed_run_keeps_its_exit_code_and_the_last_50_lines_of_its_errors()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("for i in $(seq 60); do echo \"line $i\" >&2; done; exit 3");

        Assert.Equal((ExperimentStatus.Failed, 3), (result.Status, result.ExitCode));
        var experiment = Assert.Single(await project.ListAsync("status = failed"));
        Assert.Equal(3, experiment.ExitCode);
        Assert.Equal(Enumerable.Range(11, 50).Select(i => $"line {i}"), experiment.ErrorOutput.Split('\n'));
    }

    [Fact]
    public async Task A_program_that_a_signal_ends_has_128_and_its_number()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("kill -9 $$");

        Assert.Equal((ExperimentStatus.Failed, 137), (result.Status, result.ExitCode));
    }

    [Fact]
    public async Task An_interrupted_run_is_asked_to_end_and_keeps_what_it_recorded()
    {
        using var project = new TestProject();
        using var interrupt = new CancellationTokenSource();
        var output = new SignalStream("loss", interrupt.Cancel);
        var result = await project.ShellAsync(
            "trap 'echo step 2 loss: 0.25; exit 7' TERM; echo 'step 1 loss: 0.5'; while :; do sleep 0.05; done",
            output: output, cancellationToken: interrupt.Token);

        Assert.Equal((ExperimentStatus.Interrupted, 7), (result.Status, result.ExitCode));
        Assert.Equal(["1 | loss=0.5", "2 | loss=0.25"], result.Experiment.Lines());
    }

    [Fact]
    public async Task A_program_that_leaves_a_child_with_its_output_is_not_waited_for()
    {
        using var project = new TestProject();
        var clock = Stopwatch.StartNew();
        var result = await project.ShellAsync("sleep 60 & echo 'loss: 1'");

        Assert.Equal(ExperimentStatus.Completed, result.Status);
        Assert.Equal([" | loss=1".Insert(0, "0")], result.Experiment.Lines());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_program_that_closes_its_output_early_is_waited_for()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("echo 'loss: 1'; exec >&- 2>&-; sleep 1.5; exit 4");

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task A_program_finds_its_experiment_and_repository_and_writes_unbuffered()
    {
        using var project = new TestProject();
        var output = new MemoryStream();
        var result = await project.ShellAsync("echo $REPLICATE_EXPERIMENT $REPLICATE_REPOSITORY $PYTHONUNBUFFERED", null, output);

        Assert.Equal($"{result.Experiment.Id} {project.Project.Repository} 1\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task An_unknown_program_is_an_error_that_leaves_nothing()
    {
        using var project = new TestProject();
        project.Directory.Write("notes.txt", "");

        var unknown = await Assert.ThrowsAsync<ReplicateException>(() => project.RunAsync(["no-such-program"]));
        var notExecutable = await Assert.ThrowsAsync<ReplicateException>(() => project.RunAsync(["./notes.txt"]));

        Assert.Equal(("ProgramNotFound", "ProgramNotExecutable"), (unknown.Id, notExecutable.Id));
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task Every_second_step_or_only_better_ones_can_be_checkpoints()
    {
        using var project = new TestProject();
        const string Script = "i=0; for loss in 5 3 4 2 6 1; do i=$((i+1)); echo \"step $i loss: $loss\"; done";
        var second = await project.ShellAsync(Script, new RunOptions { Every = 2 });
        var better = await project.ShellAsync(
            Script, new RunOptions { OnlyBetter = true, PrimaryMetric = new PrimaryMetric("loss", Goal.Minimize) });

        Assert.Equal([2, 4, 6], second.Experiment.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Equal([1, 2, 4, 6], better.Experiment.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.Equal(6, better.Experiment.Best()!.Step);
    }

    [Fact]
    public async Task What_is_wrong_with_the_metrics_is_told_once_each_and_the_run_goes_on()
    {
        using var project = new TestProject();
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var result = await project.ShellAsync(
            "printf 'step,loss\\n1,0.5\\n2,oops\\n3,0.25\\n' > log.csv; echo 'step 3 loss: 9'; echo 'acc none'; echo 'acc none'",
            new RunOptions
            {
                Sources = [MetricSource.CsvFile("log.csv"), MetricSource.Pattern("acc (?<acc>.*)"), MetricSource.JsonFile("never.jsonl")],
            });

        Assert.Equal(ExperimentStatus.Completed, result.Status);
        Assert.Equal(["1 | loss=0.5", "3 | loss=0.25"], result.Experiment.Lines());
        Assert.Equal(3, log.Warnings.Count);
        Assert.Contains(log.Warnings, warning => warning.Contains("never.jsonl' never appeared", StringComparison.Ordinal));
        Assert.Contains(log.Warnings, warning => warning.StartsWith("A line of 'log.csv'", StringComparison.Ordinal));
        Assert.Contains(log.Warnings, warning => warning.StartsWith("2 lines of the output by the pattern", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_output_and_a_line_without_end_take_bounded_memory()
    {
        using var project = new TestProject();
        var before = GC.GetTotalAllocatedBytes();
        var counter = new CountingStream();
        var result = await project.ShellAsync(
            "head -c 100000000 /dev/zero | tr '\\0' 'x'; echo; head -c 50000000 /dev/zero | tr '\\0' '\\n'; echo 'step 1 loss: 0.5'", output: counter);

        Assert.Equal(150_000_001 + "step 1 loss: 0.5\n".Length, counter.Count);
        Assert.Equal(["1 | loss=0.5"], result.Experiment.Lines());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false), 0, before + 300_000_000);
    }

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }

    private sealed class SignalStream(string text, Action signal) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Encoding.UTF8.GetString(buffer).Contains(text, StringComparison.Ordinal))
            {
                signal();
            }
        }
    }
}
