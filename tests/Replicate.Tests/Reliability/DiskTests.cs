using Replicate.Tests.Support;

namespace Replicate.Tests.Reliability;

/// <summary>A disk that is full, and one that takes no writes.</summary>
public class DiskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_a_full_disk_nothing_is_listed_without_its_files_and_nothing_earlier_is_lost()
    {
        using var disk = new SmallDisk(megabytes: 8);
        using var directory = new TemporaryDirectory();
        var project = new Project($"file://{disk.Combine("repository")}", directory.Path);
        var weights = new byte[3_000_000];
        new Random(1).NextBytes(weights);
        await File.WriteAllBytesAsync(directory.Combine("model.pth"), weights, Token);
        var experiment = await CreateAsync(project, "model.pth");
        await File.WriteAllBytesAsync(disk.Combine("filler"), new byte[4_000_000], Token);

        for (var i = 0; i < 3; i++)
        {
            try
            {
                await experiment.AddAsync(ExperimentSteps.Loss(i), "model.pth");
                await CreateAsync(project, "model.pth");
                await project.SyncAsync(cancellationToken: Token);
            }
            catch (ReplicateException error)
            {
                Assert.Equal(("DiskFull", ErrorKind.Unavailable), (error.Id, error.Kind));
            }

            await AssertWholeAsync(project, directory, weights);
        }

        File.Delete(disk.Combine("filler"));
        await project.SyncAsync(cancellationToken: Token);
        await experiment.AddAsync(ExperimentSteps.Loss(9), "model.pth");
        await experiment.StopAsync(cancellationToken: Token);
        var listed = await AssertWholeAsync(project, directory, weights);
        Assert.Contains(listed, found => found.Id == experiment.Id && found.Checkpoints.Any(checkpoint => Equals(checkpoint.Metrics["loss"], 9L) || Equals(checkpoint.Metrics["loss"], 9.0)));
    }

    [Fact]
    public async Task A_read_only_repository_is_read_and_every_write_is_an_error_that_says_so()
    {
        using var disk = new SmallDisk(megabytes: 8);
        using var directory = new TemporaryDirectory();
        directory.Write("model.pth", "weights");
        var project = new Project($"file://{disk.Combine("repository")}", directory.Path);
        var experiment = await CreateAsync(project, "model.pth");
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        await experiment.StopAsync(cancellationToken: Token);
        disk.SetReadOnly(true);

        var found = Assert.Single(await project.Experiments.ListAsync(cancellationToken: Token));
        await AssertWholeAsync(project, directory, "weights"u8.ToArray());
        foreach (var write in new Func<Task>[]
        {
            () => CreateAsync(project, "model.pth"), () => found.AddAsync(ExperimentSteps.Loss(2)), () => found.SetAsync(["tag"], null, Token),
            () => found.DeleteCheckpointAsync(checkpoint, Token), () => found.DeleteAsync(Token),
        })
        {
            var error = await Assert.ThrowsAsync<ReplicateException>(write);
            Assert.Equal((ErrorKind.PermissionDenied, "StoreAccessDenied"), (error.Kind, error.Id));
        }

        disk.SetReadOnly(false);
        Assert.Single(Assert.Single(await AssertWholeAsync(project, directory, "weights"u8.ToArray())).Checkpoints);
    }

    private static Task<Experiment> CreateAsync(Project project, string path) => project.Experiments.CreateAsync(
        new ExperimentOptions { Path = path, Heartbeat = HeartbeatMode.None }, cancellationToken: Token);

    private static async Task<IReadOnlyList<Experiment>> AssertWholeAsync(Project project, TemporaryDirectory directory, byte[] weights)
    {
        var listed = await project.Experiments.ListAsync(cancellationToken: Token);
        foreach (var experiment in listed)
        {
            foreach (var checkpoint in new Checkpoint?[] { null }.Concat(experiment.Checkpoints))
            {
                var target = directory.Combine($"out-{Guid.NewGuid():n}");
                await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = target }, cancellationToken: Token);
                var written = await File.ReadAllBytesAsync(Path.Combine(target, "model.pth"), Token);
                Assert.True(weights.AsSpan().SequenceEqual(written));
            }
        }

        return listed;
    }
}
