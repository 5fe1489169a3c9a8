using System.Collections;
using Replicate.Runs;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs;

public class PipelineTests
{
    private static readonly PrimaryMetric Loss = new("loss", Goal.Minimize);

    [Fact]
    public void A_pipeline_is_recognised_by_its_variables()
    {
        Assert.Null(Pipeline.Of(_ => null));
        Assert.Null(Pipeline.Of(name => name == "TF_BUILD" ? "false" : null));
        Assert.Equal("##[group]Run", Pipeline.Of(name => name == "TF_BUILD" ? "True" : null)!.BeginGroup("Run"));
        Assert.Equal("::group::50%25%0ARun", Pipeline.Of(name => name == "GITHUB_ACTIONS" ? "true" : null)!.BeginGroup("50%\nRun"));
    }

    [Fact]
    public async Task Azure_DevOps_gets_variables_an_error_and_a_summary_as_logging_commands()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync(
            "echo 'step 1 loss: 0.5'; echo oops >&2; exit 3", new RunOptions { PrimaryMetric = Loss });
        var variables = new Hashtable { ["TF_BUILD"] = "True", ["AGENT_TEMPDIRECTORY"] = project.Directory.Path };

        var lines = Pipeline.Of(name => variables[name] as string)!.Report(result, RunSummary.Write(result.Experiment));

        var file = project.Directory.Combine($"replicate-{result.Experiment.ShortId}.md");
        Assert.Equal(
            [
                $"##vso[task.setvariable variable=ReplicateExperimentId;isOutput=true]{result.Experiment.Id}",
                "##vso[task.setvariable variable=ReplicateStatus;isOutput=true]Failed",
                $"##vso[task.setvariable variable=ReplicateBestCheckpointId;isOutput=true]{result.Experiment.Best()!.Id}",
                $"##vso[task.logissue type=error]The run of experiment {result.Experiment.ShortId} failed with exit code 3.",
                $"##vso[task.uploadsummary]{file}",
            ],
            lines);
        Assert.Contains("<pre>oops</pre>", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GitHub_Actions_gets_outputs_and_a_summary_in_its_files()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("echo 'step 1 loss: 0.5'");
        var variables = new Hashtable
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_OUTPUT"] = project.Directory.Write("output", "before=1\n"),
            ["GITHUB_STEP_SUMMARY"] = project.Directory.Combine("summary"),
        };

        var lines = Pipeline.Of(name => variables[name] as string)!.Report(result, "# Summary");

        Assert.Empty(lines);
        Assert.Equal(
            $"before=1\nReplicateExperimentId={result.Experiment.Id}\nReplicateStatus=Completed\nReplicateBestCheckpointId=\n",
            File.ReadAllText(project.Directory.Combine("output")));
        Assert.Equal("# Summary\n", File.ReadAllText(project.Directory.Combine("summary")));
    }

    [Fact]
    public async Task A_summary_shows_params_metrics_and_how_they_went_and_the_best_of_main()
    {
        using var project = new TestProject();
        var main = await project.CreateAsync();
        await main.AddAsync(ExperimentSteps.Loss(0.25), primary: Loss);
        var result = await project.ShellAsync(
            "for i in 1 2 3; do echo \"step $i loss: $((4 - i)) a|b: $i\"; done",
            new RunOptions { Experiment = new ExperimentOptions { Params = new Hashtable { ["lr"] = 0.1 }, Command = "train `x`" }, PrimaryMetric = Loss });

        var page = RunSummary.Write(result.Experiment, main);

        Assert.StartsWith($"## Experiment `{result.Experiment.ShortId}`: completed\n\n`train 'x'`\n", page, StringComparison.Ordinal);
        Assert.Contains("| lr | 0.1 |", page, StringComparison.Ordinal);
        Assert.Contains("| **loss** | 1 | 1 | 0.25 | █▅▁ |", page, StringComparison.Ordinal);
        Assert.Contains("Not as good as the best of the main branch by `loss`: 1 against 0.25.", page, StringComparison.Ordinal);
        Assert.Null(RunSummary.BestOfMain(result.Experiment, await project.ListAsync()));
    }

    [Theory]
    [InlineData("▁▂▃▄▅▆▇█", new double[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData("▁▁▁", new double[] { 5, 5, 5 })]
    [InlineData("▁ █", new double[] { -1e308, double.NaN, 1e308 })]
    [InlineData("", new double[0])]
    public void A_sparkline_goes_from_the_lowest_to_the_highest(string expected, double[] values) =>
        Assert.Equal(expected, Sparkline.Of(values));
}
