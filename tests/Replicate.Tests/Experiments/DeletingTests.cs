using Replicate.Configuration;
using Replicate.Tests.Remote;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

public class DeletingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_experiment_goes_with_all_that_belongs_to_it()
    {
        using var project = new TestProject();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "model.pth" }, cancellationToken: Token);
        await experiment.AddAsync(path: "model.pth");
        Assert.Equal(5, project.RepositoryFiles().Count(file => !file.StartsWith("journal/", StringComparison.Ordinal)));

        await experiment.DeleteAsync(Token);

        Assert.Equal(["repository.json"], project.RepositoryFiles());
    }

    [Fact]
    public async Task A_checkpoint_goes_with_its_entry_and_the_rest_checks_out()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.CreateAsync(path: "model.pth");
        await experiment.AddAsync(path: "model.pth");
        var second = await experiment.AddAsync(path: "model.pth");

        await experiment.DeleteCheckpointAsync(second, Token);

        var listed = Assert.Single(await project.ListAsync());
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.Contains(second.Id, StringComparison.Ordinal));
        var result = await listed.CheckOutAsync(listed.Latest(), new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);
        Assert.Equal(["model.pth"], result.Files);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task Removed_while_others_add_it_leaves_nothing(int before)
    {
        using var project = new TestProject();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.CreateAsync(path: "model.pth");
        var added = 0;
        var enough = new TaskCompletionSource();
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            new Project("file://.replicate", project.Directory.Path).Experiments.GetAsync(experiment.Id, Token)));
        var adders = others.Select((other, adder) => Task.Run(async () =>
        {
            var error = await Assert.ThrowsAsync<ReplicateException>(async () =>
            {
                for (; ; await other.AddAsync(ExperimentSteps.Loss(adder), path: "model.pth"))
                {
                    if (Interlocked.Increment(ref added) >= before)
                    {
                        enough.TrySetResult();
                    }
                }
            });
            Assert.Equal("ExperimentDeleted", error.Id);
        })).ToArray();
        await enough.Task;

        await experiment.DeleteAsync(Token);
        await Task.WhenAll(adders);

        Assert.Empty(await project.ListAsync());
        Assert.Equal(["repository.json"], project.RepositoryFiles().Where(file => !file.StartsWith("told/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("experiments/")]
    [InlineData("checkpoints/")]
    public async Task Removed_while_another_checks_it_out_nothing_of_it_is_in_place(string reached)
    {
        using var bucket = new TemporaryDirectory();
        var url = $"s3://removed/{Guid.NewGuid():n}";
        using var here = new Machine(() => new CountingStore(bucket.Path, url));
        here.Write("train.py", "code");
        here.Write("model.pth", "weights");
        var experiment = await here.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "train.py", Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1), path: "model.pth");
        await here.Project.SyncAsync(cancellationToken: Token);
        var removing = new Lazy<Task>(() => experiment.DeleteAsync(Token));
        var store = new WatchedStore(bucket.Path)
        {
            Before = (_, key) => key.StartsWith(reached, StringComparison.Ordinal) ? removing.Value : Task.CompletedTask,
        };
        var there = new Project(
            new ProjectConfiguration { ProjectDirectory = here.Outside("there"), Repository = "s3://there/" + Guid.NewGuid() }, () => store);
        var target = Directory.CreateDirectory(here.Outside("out")).FullName;

        var found = await there.Experiments.GetAsync(experiment.Id, Token);
        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => found.CheckOutAsync(found.Checkpoints[0], new CheckOutOptions { OutputDirectory = target }, cancellationToken: Token));

        Assert.Equal((true, checkpoint.Id), (removing.IsValueCreated, found.Checkpoints[0].Id));
        Assert.Equal("ArchiveMissing", error.Id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_machine_sends_to_a_removed_experiment_does_not_stay_there(bool isSentBefore)
    {
        using var bucket = new TemporaryDirectory();
        var url = $"s3://removed/{Guid.NewGuid():n}";
        using var here = new Machine(() => new CountingStore(bucket.Path, url));
        using var there = new Machine(() => new CountingStore(bucket.Path, url));
        var experiment = await here.Project.Experiments.CreateAsync(
            new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await experiment.SyncAsync(cancellationToken: Token);
        there.Write("model.pth", "weights");
        var theirs = await there.Project.Experiments.GetAsync(experiment.Id, Token);
        if (isSentBefore)
        {
            await theirs.AddAsync(ExperimentSteps.Loss(1), path: "model.pth");
            await there.Project.SyncAsync(cancellationToken: Token);
        }

        await experiment.DeleteAsync(Token);
        await theirs.AddAsync(ExperimentSteps.Loss(2), path: "model.pth");
        await there.Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(
            ["repository.json"],
            Directory.EnumerateFiles(bucket.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => name != ".lock"));
        Assert.NotEmpty(Directory.EnumerateFiles(LocalState.DirectoryFor(there.Project.Configuration), "*.tar.gz", SearchOption.AllDirectories));
    }
}
