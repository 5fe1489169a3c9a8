using System.Collections;
using Replicate.Runs;
using Replicate.Runs.Ci;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Ci;

public class CiJobTests
{
    private static readonly PrimaryMetric Loss = new("loss", Goal.Minimize);

    [Fact]
    public void A_CI_job_is_recognised_by_its_variables()
    {
        Assert.Null(CiJob.Of(_ => null));
        Assert.Null(CiJob.Of(name => name == "TF_BUILD" ? "false" : null));
        Assert.Equal("##[group]Run", CiJob.Of(name => name == "TF_BUILD" ? "True" : null)!.BeginGroup("Run"));
        Assert.Equal("::group::50%25%0ARun", CiJob.Of(name => name == "GITHUB_ACTIONS" ? "true" : null)!.BeginGroup("50%\nRun"));
    }

    [Fact]
    public async Task Azure_DevOps_gets_variables_an_error_and_a_summary_as_logging_commands()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync(
            "echo 'step 1 loss: 0.5'; echo oops >&2; exit 3", new RunOptions { PrimaryMetric = Loss });
        var variables = new Hashtable { ["TF_BUILD"] = "True", ["AGENT_TEMPDIRECTORY"] = project.Directory.Path };

        var lines = CiJob.Of(name => variables[name] as string)!.Report(result, RunSummary.Write(result.Experiment));

        var file = project.Directory.Combine($"replicate-{result.Experiment.ShortId}.md");
        Assert.Equal(
            [
                $"##vso[task.setvariable variable=ReplicateExperimentId;isOutput=true]{result.Experiment.Id}",
                "##vso[task.setvariable variable=ReplicateStatus;isOutput=true]Failed",
                $"##vso[task.setvariable variable=ReplicateBestCheckpointId;isOutput=true]{result.Experiment.Best()!.Id}",
                $"##vso[task.logissue type=error]The run of experiment {result.Experiment.ShortId} failed with exit code 3: oops",
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

        var lines = CiJob.Of(name => variables[name] as string)!.Report(result, "# Summary");

        Assert.Empty(lines);
        Assert.Equal(
            $"before=1\nReplicateExperimentId={result.Experiment.Id}\nReplicateStatus=Completed\nReplicateBestCheckpointId=\n",
            File.ReadAllText(project.Directory.Combine("output")));
        Assert.Equal("# Summary\n", File.ReadAllText(project.Directory.Combine("summary")));
    }

    [Theory]
    [InlineData("GITHUB_OUTPUT")]
    [InlineData("GITHUB_STEP_SUMMARY")]
    public async Task Files_of_the_agent_that_point_nowhere_cost_a_warning_each(string variable)
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("echo 'step 1 loss: 0.5'; echo Traceback >&2; echo 'CUDA out of memory' >&2; exit 3");
        var variables = new Hashtable
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_OUTPUT"] = project.Directory.Combine("output"),
            ["GITHUB_STEP_SUMMARY"] = project.Directory.Combine("summary"),
            [variable] = "/nonexistent/file",
        };
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        var lines = CiJob.Of(name => variables[name] as string)!.Report(result, "# Summary");

        Assert.Contains("could not be", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            $"::error title=replicate::The run of experiment {result.Experiment.ShortId} failed with exit code 3: CUDA out of memory",
            Assert.Single(lines));
        Assert.Single(new[] { "output", "summary" }, name => File.Exists(project.Directory.Combine(name)));
    }

    [Fact]
    public async Task A_directory_of_the_agent_that_is_not_there_costs_the_summary_alone()
    {
        using var project = new TestProject();
        var result = await project.ShellAsync("echo 'step 1 loss: 0.5'");
        var variables = new Hashtable { ["TF_BUILD"] = "True", ["AGENT_TEMPDIRECTORY"] = "/nonexistent/_temp" };
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        var lines = CiJob.Of(name => variables[name] as string)!.Report(result, "# Summary");

        Assert.Equal(3, lines.Count);
        Assert.Contains("/nonexistent/_temp", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20261127.3", "https://dev.azure.com/org/my%20project/_build/results?buildId=77",
        "TF_BUILD=True", "BUILD_BUILDNUMBER=20261127.3", "BUILD_URI=vstfs:///Build/Build/77",
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI=https://dev.azure.com/org/", "SYSTEM_TEAMPROJECT=my project")]
    [InlineData("12", "https://tfs.local/Default/p/_build/results?buildId=9",
        "TF_BUILD=true", "BUILD_BUILDNUMBER=12", "BUILD_BUILDID=9", "SYSTEM_COLLECTIONURI=https://tfs.local/Default", "SYSTEM_TEAMPROJECT=p")]
    [InlineData("8", null, "TF_BUILD=true", "BUILD_BUILDNUMBER=8", "BUILD_BUILDID=9")]
    [InlineData("41", "https://github.com/o/r/actions/runs/123",
        "GITHUB_ACTIONS=true", "GITHUB_RUN_NUMBER=41", "GITHUB_RUN_ID=123", "GITHUB_RUN_ATTEMPT=1", "GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=o/r")]
    [InlineData("41", "https://ghe.local/o/r/actions/runs/123/attempts/2",
        "GITHUB_ACTIONS=true", "GITHUB_RUN_NUMBER=41", "GITHUB_RUN_ID=123", "GITHUB_RUN_ATTEMPT=2", "GITHUB_SERVER_URL=https://ghe.local/", "GITHUB_REPOSITORY=o/r")]
    [InlineData(null, null, "GITHUB_ACTIONS=true")]
    public void A_build_has_a_number_and_a_page(string? number, string? url, params string[] variables)
    {
        var values = variables.Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

        var build = CiJob.Of(values.GetValueOrDefault)!.Build;

        Assert.Equal((number, url), (build["number"] as string, build["url"] as string));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("one\ntwo\n\n", "two")]
    [InlineData("Traceback\n\u001b[31mValueError: no data\u001b[0m\n  ", "ValueError: no data")]
    [InlineData("bad\ttoken\u0007", "bad\\ttoken\\u0007")]
    public async Task The_last_line_of_the_error_output_is_one_that_a_person_can_read(string output, string expected)
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();

        Assert.Equal(expected, new RunResult(experiment, ExperimentStatus.Failed, 1, output, null).LastErrorLine);
        Assert.EndsWith("…", new RunResult(experiment, ExperimentStatus.Failed, 1, new string('x', 5000), null).Summary, StringComparison.Ordinal);
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
