using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_experiment_runs_from_its_first_moment_and_no_longer_after_its_end()
    {
        using var project = new TestProject();
        var experiment = await project.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        Assert.True(experiment.IsRunning);
        Assert.True(Assert.Single(await project.ListAsync()).IsRunning);

        await experiment.StopAsync(cancellationToken: Token);

        var stopped = Assert.Single(await project.ListAsync());
        Assert.Equal(ExperimentStatus.Completed, stopped.Status);
        Assert.NotNull(stopped.Ended);
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.StartsWith("metadata/heartbeats/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_run_keeps_its_exit_code()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();

        await experiment.StopAsync(ExperimentStatus.Failed, 3, cancellationToken: Token);

        var listed = Assert.Single(await project.ListAsync());
        Assert.Equal((ExperimentStatus.Failed, 3), (listed.Status, listed.ExitCode));
    }

    [Fact]
    public async Task A_stale_heartbeat_means_lost_and_none_means_stopped()
    {
        using var project = new TestProject();
        var lost = await project.CreateAsync();
        var stopped = await project.CreateAsync();
        Assert.True(Timestamp.TryParse("2020-09-01T21:42:25Z", out var longAgo));
        project.Directory.Write(
            ".replicate/" + RepositoryKeys.Heartbeat(lost.Id),
            System.Text.Encoding.UTF8.GetString(MetadataWriter.WriteHeartbeat(new Heartbeat(lost.Id, longAgo, null))));

        var byId = (await project.ListAsync()).ToDictionary(experiment => experiment.Id, experiment => experiment.Status);

        Assert.Equal(ExperimentStatus.Lost, byId[lost.Id]);
        Assert.Equal(ExperimentStatus.Stopped, byId[stopped.Id]);
        Assert.Equal(2, (await project.ListAsync("status = stopped")).Count);
    }

    [Fact]
    public async Task A_detached_experiment_runs_without_a_heartbeat_until_it_is_too_old()
    {
        using var project = new TestProject();
        var options = new ExperimentOptions { Heartbeat = HeartbeatMode.Detached };
        await project.Project.Experiments.CreateAsync(options, cancellationToken: Token);
        await project.Project.Experiments.CreateAsync(options with { MaxAge = TimeSpan.Zero }, cancellationToken: Token);

        Assert.Equal(
            [ExperimentStatus.Running, ExperimentStatus.Stopped],
            (await project.ListAsync()).Select(experiment => experiment.Status));
    }

    [Fact]
    public async Task Who_adds_last_beats_and_an_afterthought_does_not()
    {
        using var project = new TestProject();
        var experiment = await project.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        await experiment.StopAsync(cancellationToken: Token);

        await experiment.AddAsync(ExperimentSteps.Loss(1));

        Assert.Equal(ExperimentStatus.Completed, experiment.Status);
        Assert.Single(experiment.Checkpoints);
    }

    [Fact]
    public async Task Running_is_no_status_to_stop_with()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();

        await Assert.ThrowsAsync<ReplicateException>(() => experiment.StopAsync(ExperimentStatus.Running, cancellationToken: Token));
    }
}
