using System.Text;
using Replicate.Runs;
using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

/// <summary>Real training programs that know nothing of experiments.</summary>
public class SampleTests
{
    private static readonly string Samples = Path.Combine(Checkout.Root, "samples", "training-programs");

    private static readonly string Programs = Path.Combine(Checkout.Root, "tests", "Replicate.Reliability", "Steps", "programs");

    [Fact]
    public async Task A_scikit_learn_script_has_its_steps_metrics_files_and_packages()
    {
        const string Python = "/usr/bin/python3";
        Needs.ScikitLearn.Require();
        using var project = new TestProject();

        var result = await project.RunAsync(
            [Python, Path.Combine(Samples, "sklearn_digits.py"), "--epochs", "3"],
            new RunOptions { CheckpointPath = "digits.pkl", PrimaryMetric = new PrimaryMetric("test loss", Goal.Minimize) });

        Assert.Equal((ExperimentStatus.Completed, 0), (result.Status, result.ExitCode));
        Assert.Equal([1, 2, 3], result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.All(result.Experiment.Checkpoints, checkpoint => Assert.Equal(["test accuracy", "test loss"], checkpoint.Metrics.Names));
        Assert.Equal("digits.pkl", result.Experiment.Latest()!.Path);
        Assert.StartsWith("3.", result.Experiment.PythonVersion, StringComparison.Ordinal);
        Assert.Contains("scikit-learn", result.Experiment.PythonPackages.Names);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_scikit_learn_loop_has_at_each_step_what_it_saved_then(string order)
    {
        Needs.ScikitLearn.Require();
        using var project = new TestProject();
        using var copies = new TemporaryDirectory();

        var result = await project.RunAsync(
            ["/usr/bin/python3", Path.Combine(Programs, "digits.py"), order, copies.Path, "4"], new RunOptions { CheckpointPath = "model.pkl" });

        await AssertAsSavedAsync(result, "model.pkl", copies, count: 4);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_PyTorch_loop_has_at_each_step_what_it_saved_then(string order)
    {
        Needs.Torch.Require();
        using var project = new TestProject();
        using var copies = new TemporaryDirectory();

        var result = await project.RunAsync(
            ["/usr/bin/python3", Path.Combine(Programs, "torch_digits.py"), order, copies.Path, "4"], new RunOptions { CheckpointPath = "mnist.pt" });

        await AssertAsSavedAsync(result, "mnist.pt", copies, count: 4);
        Assert.Equal(["Accuracy", "Loss"], result.Experiment.Latest()!.Metrics.Names);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task An_awk_program_has_at_each_step_what_it_saved_then(string order)
    {
        Needs.Awk.Require();
        using var project = new TestProject();
        using var copies = new TemporaryDirectory();

        var result = await project.RunAsync(
            ["awk", "-v", "order=" + order, "-v", "copies=" + copies.Path, "-v", "epochs=4", "-f", Path.Combine(Programs, "descent.awk")],
            new RunOptions { CheckpointPath = "weights.txt" });

        await AssertAsSavedAsync(result, "weights.txt", copies, count: 4);
    }

    [Fact]
    public async Task The_log_of_Keras_tells_of_which_step_the_last_weights_are()
    {
        Needs.Python.Require();
        using var project = new TestProject();

        var result = await project.RunAsync(
            ["python3", Path.Combine(Samples, "keras_log.py"), "training.log"],
            new RunOptions { Sources = [MetricSource.CsvFile("training.log")], CheckpointPath = "weights.txt" });

        var last = result.Experiment.Latest()!;
        Assert.Equal(19, last.Step);
        if (!last.HasFiles)
        {
            // The machine was too busy to tell.
            Assert.Equal(["weights.txt"], last.MissingFiles);
            return;
        }

        Assert.Equal(
            await File.ReadAllTextAsync(project.Directory.Combine("weights.txt"), TestContext.Current.CancellationToken),
            await ReadAsync(last, "weights.txt"));
    }

    [Fact]
    public async Task The_log_of_Keras_is_read_to_its_end()
    {
        Needs.Python.Require();
        using var project = new TestProject();

        var result = await project.RunAsync(
            ["python3", Path.Combine(Samples, "keras_log.py"), "training.log"],
            new RunOptions { Sources = [MetricSource.CsvFile("training.log")], PrimaryMetric = new PrimaryMetric("val_loss", Goal.Minimize) });

        Assert.Equal(Enumerable.Range(0, 20).Select(epoch => (long)epoch), result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Step));
        Assert.All(result.Experiment.Checkpoints, checkpoint => Assert.Equal(["loss", "val_loss"], checkpoint.Metrics.Names));
        Assert.InRange((double)result.Experiment.Best()!.Metrics["val_loss"]!, 0, 0.05);
    }

    [Fact]
    public async Task A_program_in_another_language_has_its_steps_and_metrics()
    {
        Needs.Awk.Require();
        using var project = new TestProject();

        var result = await project.RunAsync(["awk", "-v", "number=2", "-f", Path.Combine(Samples, "newton.awk")]);

        Assert.Equal(6, result.Experiment.Checkpoints.Count);
        Assert.Equal(1.414214, result.Experiment.Latest()!.Metrics["guess"]);
        Assert.Empty(result.Experiment.PythonVersion);
    }

    /// <summary>Each checkpoint has the file that the program kept a copy of at its step, or names it as missing.</summary>
    private static async Task AssertAsSavedAsync(RunResult result, string path, TemporaryDirectory copies, int count)
    {
        Assert.Equal(count, result.Experiment.Checkpoints.Count);
        foreach (var checkpoint in result.Experiment.Checkpoints)
        {
            if (checkpoint.HasFiles)
            {
                var copy = await File.ReadAllTextAsync(copies.Combine($"{checkpoint.Step}"), Encoding.Latin1, TestContext.Current.CancellationToken);
                Assert.Equal(copy, await ReadAsync(checkpoint, path));
            }
            else
            {
                Assert.Equal([path], checkpoint.MissingFiles);
            }
        }
    }

    private static async Task<string> ReadAsync(Checkpoint checkpoint, string path)
    {
        await using var file = await checkpoint.Experiment.OpenFileAsync(checkpoint, path);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
