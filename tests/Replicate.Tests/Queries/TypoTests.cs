using System.Collections;
using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Queries;

/// <summary>A question that asks for what nothing has says so: a check of quality must not pass on a typo.</summary>
public class TypoTests
{
    private static readonly PrimaryMetric Loss = new("val_loss", Goal.Minimize);

    [Theory]
    [InlineData("val_los", "val_loss")]
    [InlineData("vla_loss", "val_loss")]
    [InlineData("Val_Loss", "val_loss")]
    [InlineData("val-loss", "val_loss")]
    [InlineData("lerning_rate", "learning_rate")]
    [InlineData("metrics.val_lss", "metrics.val_loss")]
    [InlineData("params.val_loss", "metrics.val_loss")]
    [InlineData("stats", "status")]
    [InlineData("usr", "user")]
    [InlineData("something else altogether", null)]
    public async Task A_name_that_nothing_has_is_told_with_the_nearest_one(string name, string? nearest)
    {
        using var project = await ProjectAsync();

        foreach (var query in new[] { new ExperimentQuery { Filter = [$"\"{name}\" != 0"] }, new ExperimentQuery { Sort = $"\"{name}\"-desc" } })
        {
            var warning = Assert.Single(await WarningsAsync(project, query));
            Assert.StartsWith($"No experiment has a param or metric '{name}'.", warning, StringComparison.Ordinal);
            Assert.Equal(nearest is null ? "" : $" Did you mean '{nearest}'?", warning[$"No experiment has a param or metric '{name}'.".Length..]);
        }
    }

    [Theory]
    [InlineData("val_loss < 1")]
    [InlineData("warmup = 7")]
    [InlineData("metrics.warmup = 7")]
    [InlineData("dropout > 3")]
    [InlineData("params.dropout = 3")]
    [InlineData("metrics.odd = 1")]
    [InlineData("started < 2020-01-01")]
    [InlineData("STATUS = Lost")]
    [InlineData("status = stopped")]
    [InlineData("tag = nightly")]
    [InlineData("parent != x")]
    [InlineData("host = nowhere")]
    public async Task A_name_of_any_experiment_or_a_field_is_known_whether_it_matches_or_not(string filter)
    {
        using var project = await ProjectAsync();

        Assert.Empty(await WarningsAsync(project, new ExperimentQuery { Filter = [filter] }));
    }

    [Theory]
    [InlineData("complete", " Did you mean 'completed'?")]
    [InlineData("FAILD", " Did you mean 'failed'?")]
    [InlineData("finished", "")]
    [InlineData("3", "")]
    public async Task A_status_that_there_is_not_is_told_with_those_that_there_are(string status, string question)
    {
        using var project = await ProjectAsync();

        Assert.Equal(
            $"There is no status '{status}': it is one of running, completed, failed, interrupted, stopped, lost, stoppedearly.{question}",
            Assert.Single(await WarningsAsync(project, new ExperimentQuery { Filter = [$"status = {status}"] })));
    }

    [Fact]
    public async Task An_empty_repository_that_is_there_knows_no_names_and_says_nothing()
    {
        using var project = await ProjectAsync();
        foreach (var experiment in await project.ListAsync())
        {
            await experiment.DeleteAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(await WarningsAsync(project, new ExperimentQuery { Filter = ["val_los < 1", "status = finished"], Sort = "nothing" }));
        Directory.CreateDirectory(project.Directory.Combine("made"));
        Assert.Empty(await WarningsAsync(new Project("file://made", project.Directory.Path), new ExperimentQuery()));
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_told_with_the_one_beside_it()
    {
        using var project = await ProjectAsync();

        var typo = new Project("file://.replicat", project.Directory.Path);
        Assert.Equal(
            $"There is no repository at '{typo.Repository}'; the first experiment makes one. Did you mean '{project.Project.Repository}'?",
            Assert.Single(await WarningsAsync(typo, new ExperimentQuery())));
        var other = new Project("file://elsewhere/experiments", project.Directory.Path);
        Assert.Equal(
            $"There is no repository at '{other.Repository}'; the first experiment makes one.",
            Assert.Single(await WarningsAsync(other, new ExperimentQuery())));
        project.Directory.Write("notes/readme", "no repository");
        Assert.Single(await WarningsAsync(new Project("file://notes", project.Directory.Path), new ExperimentQuery()));
    }

    [Fact]
    public async Task A_check_of_a_repository_that_is_not_there_says_so()
    {
        using var project = new TestProject();
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            await foreach (var _ in project.Project.CheckAsync(cancellationToken: TestContext.Current.CancellationToken))
            {
                Assert.Fail("Nothing is there to be found.");
            }
        }

        Assert.Single(log.Warnings);
    }

    [Fact]
    public async Task The_command_warns_on_its_error_output_and_ends_as_before()
    {
        using var project = await ProjectAsync();
        using var elsewhere = new TemporaryDirectory();

        var typo = await CommandResult.OfAsync(project.Directory.Path, "ls", "-q", "-R", "file://.replicate", "--filter", "val_los > 0");
        Assert.Equal((0, ""), (typo.ExitCode, typo.Output));
        Assert.Equal("Warning: No experiment has a param or metric 'val_los'. Did you mean 'val_loss'?", typo.Error.Trim());
        var none = await CommandResult.OfAsync(elsewhere.Path, "ls", "-q");
        Assert.Equal((0, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("Warning: There is no project here: ", none.Error, StringComparison.Ordinal);
    }

    private static async Task<TestProject> ProjectAsync()
    {
        var project = new TestProject();
        var first = await project.CreateAsync(new Hashtable { ["learning_rate"] = 0.1 });
        await AddAsync(first, new Hashtable { ["val_loss"] = 0.25 });
        await AddAsync(first, new Hashtable { ["val_loss"] = 0.5, ["warmup"] = 1 });
        await project.CreateAsync(new Hashtable { ["dropout"] = 3, ["metrics.odd"] = 1 });
        return project;
    }

    private static Task<Checkpoint> AddAsync(Experiment experiment, Hashtable metrics) => experiment.CheckpointAsync(
        new CheckpointOptions { Metrics = metrics, PrimaryMetric = Loss }, cancellationToken: TestContext.Current.CancellationToken);

    private static Task<IReadOnlyCollection<string>> WarningsAsync(TestProject project, ExperimentQuery query) => WarningsAsync(project.Project, query);

    private static async Task<IReadOnlyCollection<string>> WarningsAsync(Project project, ExperimentQuery query)
    {
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            await project.Experiments.ListAsync(query, cancellationToken: TestContext.Current.CancellationToken);
        }

        return log.Warnings;
    }
}
