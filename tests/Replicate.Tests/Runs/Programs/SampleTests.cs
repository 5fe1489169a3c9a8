using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

/// <summary>Real training programs that know nothing of experiments.</summary>
public class SampleTests
{
    private static readonly string Samples = Path.Combine(Checkout.Root, "samples", "training-programs");

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
}
