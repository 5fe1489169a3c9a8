using System.Collections;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class CheckpointTests
{
    [Fact]
    public async Task Steps_count_up_from_0_and_go_on_after_the_last()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        await experiment.AddAsync();
        await experiment.AddAsync();
        await experiment.AddAsync(step: 10);

        var fetched = await project.Project.Experiments.GetAsync(experiment.ShortId, TestContext.Current.CancellationToken);
        await fetched.AddAsync();

        Assert.Equal([0, 1, 10, 11], fetched.Checkpoints.Select(checkpoint => checkpoint.Step));
    }

    [Fact]
    public async Task A_primary_metric_that_is_not_recorded_is_refused()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.AddAsync(ExperimentSteps.Loss(1), primary: new PrimaryMetric("accuracy", Goal.Maximize)));

        Assert.Equal("PrimaryMetricNotRecorded", exception.Id);
        Assert.Empty((await project.ListAsync()).Single().Checkpoints);
    }

    [Fact]
    public async Task The_best_is_by_the_primary_metric_and_NaN_never_wins()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var primary = new PrimaryMetric("loss", Goal.Minimize);
        foreach (var loss in new[] { 0.5, double.NaN, 0.2, 0.3 })
        {
            await experiment.AddAsync(ExperimentSteps.Loss(loss), primary: primary);
        }

        Assert.Equal(2, experiment.Best()!.Step);
        Assert.Equal(3, experiment.Latest()!.Step);
        Assert.True(double.IsNaN((double)(await project.ListAsync()).Single().Checkpoints[1].Metrics["loss"]!));
    }

    [Fact]
    public async Task The_primary_metric_of_the_configuration_is_the_default()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("replicate.yaml", "repository: file://.replicate\nmetrics:\n  - name: loss\n    goal: minimize\n    primary: true\n");
        var project = Project.Open(directory.Path);
        var experiment = await project.Experiments.CreateAsync(
            new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: TestContext.Current.CancellationToken);

        await experiment.AddAsync(ExperimentSteps.Loss(1));

        Assert.Equal(new PrimaryMetric("loss", Goal.Minimize), experiment.PrimaryMetric);
    }

    [Fact]
    public async Task Several_writers_of_one_experiment_lose_nothing()
    {
        using var project = new TestProject();
        var created = await project.CreateAsync();
        var writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => project.Project.Experiments.GetAsync(created.Id, TestContext.Current.CancellationToken)));

        await Task.WhenAll(writers.Select(async (writer, index) =>
        {
            for (var step = 0; step < 5; step++)
            {
                await writer.AddAsync(new Hashtable { ["writer"] = index }, step: step);
            }
        }));

        await created.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Equal(40, created.Checkpoints.Count);
        Assert.All(created.Checkpoints.GroupBy(c => c.Metrics["writer"]), group => Assert.Equal(5, group.Count()));
    }

    [Fact]
    public async Task Adding_to_a_deleted_experiment_is_an_error_that_leaves_no_tarball()
    {
        using var project = new TestProject();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.CreateAsync();
        await experiment.DeleteAsync(TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => experiment.AddAsync(path: "model.pth"));

        Assert.Equal("ExperimentDeleted", exception.Id);
        Assert.Equal(["repository.json"], project.RepositoryFiles());
    }

    [Fact]
    public async Task An_absolute_path_inside_the_project_is_stored_relative()
    {
        using var project = new TestProject();
        var model = project.Directory.Write("out/model.pth", "weights");
        var experiment = await project.CreateAsync();

        var checkpoint = await experiment.AddAsync(path: model);

        Assert.Equal("out/model.pth", checkpoint.Path);
        Assert.Equal("out/model.pth", Assert.Single(await experiment.ListFilesAsync(checkpoint, TestContext.Current.CancellationToken)).Path);
    }
}
