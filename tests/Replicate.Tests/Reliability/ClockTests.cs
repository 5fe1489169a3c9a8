using System.Globalization;
using System.Text;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Cli;
using Replicate.Tests.Integrity;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reliability;

/// <summary>Clocks that were wrong, or were set while a run went on.</summary>
public class ClockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", ExperimentStatus.Lost)]
    [InlineData("1970-01-01T00:00:00Z", ExperimentStatus.Lost)]
    [InlineData("9999-12-31T23:59:59.999999999Z", ExperimentStatus.Running)] // Written now, by a clock that is wrong.
    public async Task Any_time_of_a_heartbeat_or_an_experiment_can_be_listed_and_shown(string time, ExperimentStatus status)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("repository/repository.json", """{"version":1}""");
        directory.Write($"repository/{RepositoryKeys.Metadata("aaaa")}", $$"""
            {"id": "aaaa", "created": "{{time}}", "checkpoints": [{"id": "b", "created": "2020-09-01T21:42:25Z", "metrics": {"loss": 1} }]}
            """);
        directory.Write($"repository/{RepositoryKeys.Heartbeat("aaaa")}", $$"""{"experiment_id": "aaaa", "last_heartbeat": "{{time}}"}""");
        directory.Write("replicate.yaml", "repository: file://repository\n");

        var experiment = Assert.Single(await Project.Open(directory.Path).Experiments.ListAsync(cancellationToken: Token));

        Assert.Equal((status, "b"), (experiment.Status, experiment.Latest()!.Id));
        foreach (var arguments in new string[][] { ["ls"], ["ps"], ["show", "aaaa"], ["ls", "--json"] })
        {
            Assert.Equal(0, (await CommandResult.OfAsync(directory.Path, arguments)).ExitCode);
        }
    }

    [Theory]
    [InlineData(50, 0, ExperimentStatus.Running)]
    [InlineData(50, -31, ExperimentStatus.Running)]
    [InlineData(70, 0, ExperimentStatus.Running)]
    [InlineData(70, -25, ExperimentStatus.Running)]
    [InlineData(70, -40, ExperimentStatus.Lost)]
    [InlineData(70, 3600, ExperimentStatus.Lost)]
    [InlineData(1_000_000_000, 0, ExperimentStatus.Running)]
    [InlineData(1_000_000_000, -40, ExperimentStatus.Lost)]
    [InlineData(1_000_000_000, 1_000_000_000, ExperimentStatus.Lost)]
    public async Task A_heartbeat_of_the_future_counts_as_of_the_time_it_was_written(int ahead, int written, ExperimentStatus status)
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var now = DateTime.UtcNow;
        var key = RepositoryKeys.Heartbeat(experiment.Id);
        var file = project.Directory.Write(".replicate/" + key, Encoding.UTF8.GetString(
            MetadataWriter.WriteHeartbeat(new Heartbeat(experiment.Id, Timestamp.From(now.AddSeconds(ahead)), "another"))));
        File.SetLastWriteTimeUtc(file, now.AddSeconds(written));

        Assert.Equal(status, Assert.Single(await project.ListAsync()).Status);
        Assert.Equal(status, (await project.Project.Experiments.GetAsync(experiment.Id, Token)).Status);
        await experiment.RefreshAsync(Token);
        Assert.Equal(status, experiment.Status);
        var findings = await project.Project.CheckAsync(cancellationToken: Token).ToListAsync(Token);
        Assert.Equal(
            ahead > 60 ? [(FindingKind.HeartbeatOfTheFuture, FindingSeverity.Warning, key, false)] : [],
            findings.Select(finding => (finding.Kind, finding.Severity, finding.Path, finding.IsRepairable)));

        await experiment.StopAsync(cancellationToken: Token);

        Assert.Equal(ExperimentStatus.Completed, Assert.Single(await project.ListAsync()).Status);
        Assert.Empty(await project.Project.CheckAsync(cancellationToken: Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task A_clock_that_jumps_by_ten_years_loses_an_experiment_until_its_next_heartbeat_and_nothing_else(int years)
    {
        // As if all up to now had been written by a clock that was so many years off.
        using var project = new TestProject();
        var experiment = await project.RecordAsync(isEnded: false);
        await project.Project.SyncAsync(cancellationToken: Token);
        var then = DateTime.UtcNow.AddYears(years);
        var metadata = project.PathOf(RepositoryKeys.Metadata(experiment.Id));
        var text = (await File.ReadAllTextAsync(metadata, Token)).Replace(
            string.Create(CultureInfo.InvariantCulture, $"\"created\": \"{DateTime.UtcNow.Year}"),
            string.Create(CultureInfo.InvariantCulture, $"\"created\": \"{then.Year}"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(metadata, text + "\n", Token);
        project.Directory.Write(".replicate/" + RepositoryKeys.Heartbeat(experiment.Id), Encoding.UTF8.GetString(
            MetadataWriter.WriteHeartbeat(new Heartbeat(experiment.Id, Timestamp.From(then), "another"))));
        string[] inHand = [RepositoryKeys.CheckpointArchive(CheckSteps.OtherId), "checkpoints/.0123456789abcdef.tmp"];
        Array.ForEach(inHand, key => project.Directory.Write(".replicate/" + key, "in hand"));
        Array.ForEach(project.RepositoryFiles(), key => File.SetLastWriteTimeUtc(project.PathOf(key), then));

        var repository = project.Project.Workspace.Repository;
        Assert.Equal(ExperimentStatus.Lost, Assert.Single(await project.ListAsync()).Status);
        var (_, version) = (await repository.ReadHeartbeatAsync(experiment.Id, Token))!.Value;
        Assert.True(await repository.WriteHeartbeatAsync(
            new Heartbeat(experiment.Id, Timestamp.Now, "another"), PutCondition.IfVersion(version), Token));

        Assert.Equal(ExperimentStatus.Running, Assert.Single(await project.ListAsync()).Status);
        Assert.Equal(ExperimentStatus.Running, (await project.Project.Experiments.GetAsync(experiment.Id, Token)).Status);
        Assert.Empty(await project.Project.MendAsync());
        Assert.All(inHand, key => Assert.Equal("in hand", File.ReadAllText(project.PathOf(key))));

        await experiment.StopAsync(cancellationToken: Token);
        Assert.Equal(ExperimentStatus.Completed, Assert.Single(await project.ListAsync()).Status);
        Assert.Equal(("weights", 0.5), await project.ReadAsync());
    }

    [Fact]
    public async Task What_a_clock_that_is_set_back_records_is_neither_lost_nor_out_of_order()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var first = await experiment.AddAsync(ExperimentSteps.Loss(1));
        var file = Path.Combine(project.RepositoryPath, RepositoryKeys.Metadata(experiment.Id));
        foreach (var (hours, loss) in new[] { (30, 2), (-30, 3), (24 * 365, 4) })
        {
            // As if all up to now had been written by a clock that was so many hours ahead.
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(hours));
            await (await project.Project.Experiments.GetAsync(experiment.Id, Token)).AddAsync(ExperimentSteps.Loss(loss));
        }

        var shifted = (await File.ReadAllTextAsync(file, Token)).Replace(
            string.Create(CultureInfo.InvariantCulture, $"\"created\": \"{DateTime.UtcNow.Year}"), "\"created\": \"2999", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, shifted + "\n", Token);
        experiment = await project.Project.Experiments.GetAsync(experiment.Id, Token);
        var last = await experiment.AddAsync(ExperimentSteps.Loss(5));
        await experiment.StopAsync(cancellationToken: Token);

        var listed = Assert.Single(await project.ListAsync());
        Assert.Equal(ExperimentStatus.Completed, listed.Status);
        Assert.Equal(5, listed.Checkpoints.Count);
        Assert.Equal(Enumerable.Range(0, 5).Select(step => (long)step), listed.Checkpoints.Select(checkpoint => checkpoint.Step).Order());
        Assert.Equal((0L, 4L), (first.Step, last.Step));
    }
}
