using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

/// <summary>Large files are copied when they are saved, and archived later.</summary>
public sealed class BackgroundArchiveTests : IDisposable
{
    private readonly TestProject _project = new();
    private readonly byte[] _weights = new byte[6_000_000];

    public BackgroundArchiveTests()
    {
        Random.Shared.NextBytes(_weights);
        File.WriteAllBytes(Model, _weights);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Model => _project.Directory.Combine("model.pth");

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task What_is_saved_is_the_file_as_it_was_and_nothing_is_in_the_repository_before_its_tarball()
    {
        var experiment = await _project.CreateAsync();
        Checkpoint checkpoint;
        using (BlockSending())
        {
            checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
            await File.WriteAllTextAsync(Model, "something else", Token);

            Assert.True(experiment.Pending);
            Assert.True(Assert.Single(await _project.ListAsync()).Pending);
            Assert.DoesNotContain(_project.RepositoryFiles(), file => file.StartsWith("journal/", StringComparison.Ordinal));
            Assert.Equal(1, (await experiment.AddAsync(ExperimentSteps.Loss(2))).Step);
            await AssertSavedAsync(experiment, checkpoint);
        }

        await experiment.StopAsync(cancellationToken: Token);

        Assert.False(experiment.Pending);
        var listed = Assert.Single(await _project.ListAsync());
        Assert.Equal((false, 2), (listed.Pending, listed.Checkpoints.Count));
        Assert.Contains(RepositoryKeys.CheckpointArchive(checkpoint.Id), _project.RepositoryFiles());
        Assert.DoesNotContain(_project.RepositoryFiles(), file => file.StartsWith("spool/", StringComparison.Ordinal) && !file.EndsWith("/.lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_experiment_whose_files_are_still_to_be_archived_takes_checkpoints_and_its_end()
    {
        Experiment experiment;
        using (BlockSending())
        {
            experiment = await _project.CreateAsync(path: "model.pth");
            await experiment.AddAsync(ExperimentSteps.Loss(1));
            var found = Assert.Single(await _project.ListAsync());
            Assert.Equal((true, 1), (found.Pending, found.Checkpoints.Count));
            Assert.Equal(1, (await found.AddAsync()).Step);
            Assert.DoesNotContain(_project.RepositoryFiles(), file => file.StartsWith(RepositoryKeys.MetadataPrefix, StringComparison.Ordinal));
        }

        await experiment.StopAsync(cancellationToken: Token);

        var listed = Assert.Single(await _project.ListAsync());
        Assert.Equal((ExperimentStatus.Completed, 2, false), (listed.Status, listed.Checkpoints.Count, listed.Pending));
        await AssertSavedAsync(listed, null);
    }

    [Fact]
    public async Task Deleting_gives_up_what_is_still_to_be_archived()
    {
        var experiment = await _project.CreateAsync();
        var leases = new SendingLeases(Path.Combine(_project.Project.Workspace.Uploader.Spool.Path, "sending"));
        Task deleting;
        using (leases.TryTake(experiment.Id))
        {
            var checkpoint = await experiment.AddAsync(path: "model.pth");
            await experiment.AddAsync(path: "model.pth");
            deleting = experiment.DeleteCheckpointAsync(checkpoint, Token);
        }

        await deleting;
        await _project.Project.SyncAsync(cancellationToken: Token);
        Assert.Equal(1, Assert.Single(Assert.Single(await _project.ListAsync()).Checkpoints).Step);
        await experiment.DeleteAsync(Token);

        Assert.Empty(await _project.ListAsync());
        Assert.Equal(["repository.json"], _project.RepositoryFiles().Where(file => !file.EndsWith("/.lock", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("list")]
    public async Task Copies_that_are_not_whole_are_recorded_as_not_saved_and_cost_nothing_else(string damaged)
    {
        Experiment experiment;
        Checkpoint whole;
        using (BlockSending())
        {
            experiment = await _project.CreateAsync(path: "model.pth");
            whole = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
            var lost = await experiment.AddAsync(ExperimentSteps.Loss(2), "model.pth");
            foreach (var id in new[] { experiment.Id, lost.Id })
            {
                await File.WriteAllTextAsync(Path.Combine(_project.Project.Workspace.Uploader.Spool.Path, "copies", id, damaged), "", Token);
            }
        }

        await experiment.StopAsync(cancellationToken: Token);

        var listed = Assert.Single(await _project.ListAsync());
        Assert.Equal((ExperimentStatus.Completed, ""), (listed.Status, listed.Metadata.Path));
        Assert.Equal(["model.pth", "(not saved: model.pth)"], listed.Checkpoints.Select(checkpoint => checkpoint.PathText));
        Assert.Equal("2", $"{listed.Checkpoints[1].Metrics["loss"]}");
        await AssertSavedAsync(listed, whole);
    }

    [Fact]
    public async Task The_checksum_is_recorded_whoever_archives_the_copies()
    {
        Experiment experiment;
        using (BlockSending())
        {
            experiment = await _project.CreateAsync(path: "model.pth");
            var checkpoint = await experiment.AddAsync(path: "model.pth");
            await experiment.AddAsync(path: "model.pth");

            // Reading archives; the metadata is written later, perhaps by another process.
            await AssertSavedAsync(experiment, checkpoint);
        }

        await experiment.StopAsync(cancellationToken: Token);

        var listed = Assert.Single(await _project.ListAsync());
        Assert.Equal(ChecksumOf(RepositoryKeys.ExperimentArchive(listed.Id)), listed.Metadata.Extension!.Sha256);
        Assert.Equal(
            listed.Checkpoints.Select(checkpoint => ChecksumOf(RepositoryKeys.CheckpointArchive(checkpoint.Id))),
            listed.Checkpoints.Select(checkpoint => checkpoint.Sha256));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_project.Project.Workspace.Uploader.Spool.Path, "copies")));
    }

    private string ChecksumOf(string key) => Checksum.OfFile(Path.Combine(_project.RepositoryPath, key));

    /// <summary>Keeps everybody from sending: what they would lock can't be made.</summary>
    private Blocked BlockSending() => new(Path.Combine(_project.Project.Workspace.Uploader.Spool.Path, "sending"));

    private async Task AssertSavedAsync(Experiment experiment, Checkpoint? checkpoint)
    {
        using var output = new TemporaryDirectory();
        await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);
        var restored = await File.ReadAllBytesAsync(output.Combine("model.pth"), Token);
        Assert.True(_weights.AsSpan().SequenceEqual(restored));
    }

    private sealed class Blocked : IDisposable
    {
        private readonly string _path;

        public Blocked(string path)
        {
            _path = path;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "a file is in the way");
        }

        public void Dispose() => File.Delete(_path);
    }
}
