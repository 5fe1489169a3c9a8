using System.Text;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

/// <summary>A repository of somebody else, copied here: what it claims and what is rotten in it harms nothing of mine.</summary>
public sealed class HostileCopyTests : IDisposable
{
    private readonly TestProject _mine = new();
    private readonly TestProject _theirs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mine.Dispose();
        _theirs.Dispose();
    }

    public enum Claim
    {
        MyCheckpoint,
        MyCheckpointInUpperCase,
        MyExperimentAsCheckpoint,
        MyNewestCheckpointInAJournal,
        MyCheckpointAsExperiment,
    }

    [Theory]
    [InlineData(Claim.MyCheckpoint, false)]
    [InlineData(Claim.MyCheckpoint, true)]
    [InlineData(Claim.MyCheckpointInUpperCase, false)]
    [InlineData(Claim.MyCheckpointInUpperCase, true)]
    [InlineData(Claim.MyExperimentAsCheckpoint, false)]
    [InlineData(Claim.MyExperimentAsCheckpoint, true)]
    [InlineData(Claim.MyNewestCheckpointInAJournal, false)]
    [InlineData(Claim.MyNewestCheckpointInAJournal, true)]
    [InlineData(Claim.MyCheckpointAsExperiment, false)]
    [InlineData(Claim.MyCheckpointAsExperiment, true)]
    public async Task An_id_of_mine_is_refused_and_my_files_stay(Claim claim, bool force)
    {
        var mine = await SaveAsync(_mine, "my weights", stop: claim != Claim.MyNewestCheckpointInAJournal);
        var theirs = await SaveAsync(_theirs, "their weights", stop: true);
        await ClaimAsync(theirs, claim switch
        {
            Claim.MyCheckpointInUpperCase => mine.Checkpoints[0].Id.ToUpperInvariant(),
            Claim.MyExperimentAsCheckpoint => mine.Id,
            Claim.MyNewestCheckpointInAJournal => mine.Checkpoints[^1].Id,
            _ => mine.Checkpoints[0].Id,
        }, asExperiment: claim == Claim.MyCheckpointAsExperiment);
        var before = Contents(_mine);
        var hostile = Assert.Single(await _theirs.ListAsync());

        var error = await Assert.ThrowsAsync<ReplicateException>(() => hostile.CopyToAsync(_mine.Project, force, cancellationToken: Token));

        Assert.Equal(("IdTaken", ErrorKind.Conflict), (error.Id, error.Kind));
        Assert.Contains(mine.Id, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents(_mine));
        Assert.Equal("my weights", await WeightsAsync(Assert.Single(await _mine.ListAsync())));
    }

    [Fact]
    public async Task Of_two_that_claim_the_same_and_come_together_one_is_refused()
    {
        var first = await SaveAsync(_theirs, "weights", stop: true);
        using var other = new TestProject();
        var second = await SaveAsync(other, "other weights", stop: true);
        await ClaimAsync(second, first.Checkpoints[0].Id, asExperiment: false, other);

        var results = await _mine.Project.Experiments.CopyFromAsync(
            [.. await _theirs.ListAsync(), .. await other.ListAsync()], cancellationToken: Token);

        Assert.Equal("IdTaken", Assert.Single(results, result => result.Error is not null).Error!.Id);
        var copied = Assert.Single(await _mine.ListAsync());
        var key = RepositoryKeys.CheckpointArchive(first.Checkpoints[0].Id);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine((copied.Id == first.Id ? _theirs : other).RepositoryPath, key), Token),
            await File.ReadAllBytesAsync(Path.Combine(_mine.RepositoryPath, key), Token));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_rotten_source_replaces_no_good_copy(bool ofExperiment, bool isRecorded)
    {
        var theirs = await SaveAsync(_theirs, "weights", stop: true);
        if (!isRecorded)
        {
            await RewriteAsync(_theirs, theirs.Id, text => text.Replace("\"sha256\"", "\"other\"", StringComparison.Ordinal));
        }

        await theirs.CopyToAsync(_mine.Project, cancellationToken: Token);
        await theirs.SetAsync(["new"], "", Token);
        var key = ofExperiment ? RepositoryKeys.ExperimentArchive(theirs.Id) : RepositoryKeys.CheckpointArchive(theirs.Checkpoints[0].Id);
        await FlipAsync(Path.Combine(_theirs.RepositoryPath, key));
        if (isRecorded)
        {
            // Otherwise it is what was recorded, and is left alone.
            await FlipAsync(Path.Combine(_mine.RepositoryPath, key), at: 41);
        }

        var before = Contents(_mine);

        var error = await Assert.ThrowsAsync<ReplicateException>(() => theirs.CopyToAsync(_mine.Project, force: true, cancellationToken: Token));

        Assert.Equal("ArchiveDamaged", error.Id);
        Assert.Equal(before, Contents(_mine));
    }

    [Fact]
    public async Task A_copy_that_is_what_was_recorded_stays_where_the_source_is_rotten()
    {
        var theirs = await SaveAsync(_theirs, "weights", stop: true);
        await theirs.CopyToAsync(_mine.Project, cancellationToken: Token);
        await theirs.SetAsync(["new"], "", Token);
        await FlipAsync(Path.Combine(_theirs.RepositoryPath, RepositoryKeys.CheckpointArchive(theirs.Checkpoints[0].Id)));

        var copy = await theirs.CopyToAsync(_mine.Project, force: true, cancellationToken: Token);

        Assert.Equal(["new"], copy.Tags);
        Assert.Equal("weights", await WeightsAsync(Assert.Single(await _mine.ListAsync())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rotten_source_is_not_copied_to_where_nothing_is_either(bool byTheServer)
    {
        var theirs = await SaveAsync(_theirs, "weights", stop: true);
        var key = RepositoryKeys.CheckpointArchive(theirs.Checkpoints[0].Id);
        await FlipAsync(Path.Combine(_theirs.RepositoryPath, key));
        var bucket = _mine.Directory.Combine("bucket");
        var store = byTheServer ? new ServerStore(bucket) : new CountingStore(bucket, "file:///bucket");
        var target = new Project(new ProjectConfiguration { ProjectDirectory = _mine.Directory.Path, Repository = store.Url }, () => store);

        var error = await Assert.ThrowsAsync<ReplicateException>(() => theirs.CopyToAsync(target, cancellationToken: Token));

        Assert.Equal("ArchiveDamaged", error.Id);
        Assert.False(File.Exists(Path.Combine(bucket, key)));
        Assert.Empty(await target.Experiments.ListAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_good_source_mends_a_rotten_copy_that_is_not_listed_yet()
    {
        var theirs = await SaveAsync(_theirs, "weights", stop: true);
        await theirs.CopyToAsync(_mine.Project, cancellationToken: Token);
        File.Delete(Path.Combine(_mine.RepositoryPath, RepositoryKeys.Metadata(theirs.Id)));
        await FlipAsync(Path.Combine(_mine.RepositoryPath, RepositoryKeys.CheckpointArchive(theirs.Checkpoints[0].Id)));

        await theirs.CopyToAsync(_mine.Project, cancellationToken: Token);

        Assert.Equal("weights", await WeightsAsync(Assert.Single(await _mine.ListAsync())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Removing_what_claims_my_checkpoint_leaves_me_my_files(bool ofCheckpointAlone)
    {
        var mine = await SaveAsync(_mine, "my weights", stop: true);
        var hostile = await _mine.CreateAsync();
        await hostile.StopAsync(cancellationToken: Token);
        var entry = mine.Checkpoints[0].Id;
        await RewriteAsync(_mine, hostile.Id, text => text.Replace(
            "\"checkpoints\": null",
            $$"""
            "checkpoints": [{"id": "{{entry}}", "created": "2026-01-01T00:00:00Z", "path": "."}]
            """,
            StringComparison.Ordinal));
        var listed = (await _mine.ListAsync()).Single(experiment => experiment.Id == hostile.Id);

        await (ofCheckpointAlone ? listed.DeleteCheckpointAsync(listed.Checkpoints[0], Token) : listed.DeleteAsync(Token));

        Assert.Equal("my weights", await WeightsAsync((await _mine.ListAsync()).Single(experiment => experiment.Id == mine.Id)));
    }

    [Fact]
    public async Task Of_two_that_tell_of_the_same_files_the_last_takes_them_along()
    {
        var mine = await SaveAsync(_mine, "my weights", stop: true);
        var copied = new string('e', 64);
        var text = WithoutChecksum(await File.ReadAllBytesAsync(Path.Combine(_mine.RepositoryPath, RepositoryKeys.Metadata(mine.Id)), Token));
        await File.WriteAllTextAsync(
            Path.Combine(_mine.RepositoryPath, RepositoryKeys.Metadata(copied)),
            text.Replace(mine.Id, copied, StringComparison.Ordinal).Replace("\"path\": \".\"", "\"path\": \"\"", StringComparison.Ordinal), Token);

        foreach (var experiment in await _mine.ListAsync())
        {
            await experiment.DeleteAsync(Token);
        }

        Assert.Equal(["repository.json"], _mine.RepositoryFiles().Where(file => !file.StartsWith("told/", StringComparison.Ordinal)));
    }

    private static async Task<Experiment> SaveAsync(TestProject project, string weights, bool stop)
    {
        project.Directory.Write("files/train.py", "print('training')");
        project.Directory.Write("files/model.pth", weights);
        var experiment = await project.CreateAsync(path: "files");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), path: "files/model.pth");
        if (stop)
        {
            await experiment.StopAsync(cancellationToken: Token);
        }

        return Assert.Single(await project.ListAsync());
    }

    private static async Task<string> WeightsAsync(Experiment experiment)
    {
        await using var file = await experiment.OpenFileAsync(experiment.Checkpoints[0], "files/model.pth", cancellationToken: Token);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(Token);
    }

    private Task ClaimAsync(Experiment theirs, string id, bool asExperiment, TestProject? project = null)
    {
        project ??= _theirs;
        var old = asExperiment ? theirs.Id : theirs.Checkpoints[0].Id;
        var from = asExperiment ? RepositoryKeys.ExperimentArchive(old) : RepositoryKeys.CheckpointArchive(old);
        var to = asExperiment ? RepositoryKeys.ExperimentArchive(id) : RepositoryKeys.CheckpointArchive(id);
        File.Move(Path.Combine(project.RepositoryPath, from), Path.Combine(project.RepositoryPath, to));
        if (asExperiment)
        {
            File.Move(
                Path.Combine(project.RepositoryPath, RepositoryKeys.Metadata(old)), Path.Combine(project.RepositoryPath, RepositoryKeys.Metadata(id)));
        }

        return RewriteAsync(project, asExperiment ? id : theirs.Id, text => text.Replace(old, id, StringComparison.Ordinal));
    }

    private static async Task RewriteAsync(TestProject project, string id, Func<string, string> change)
    {
        var path = Path.Combine(project.RepositoryPath, RepositoryKeys.Metadata(id));
        await File.WriteAllTextAsync(path, change(WithoutChecksum(await File.ReadAllBytesAsync(path, Token))), Token);
    }

    private static string WithoutChecksum(byte[] metadata) => Encoding.UTF8.GetString(MetadataSeal.Remove(metadata) ?? metadata);

    private static async Task FlipAsync(string path, int at = 40)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);
    }

    private static string[] Contents(TestProject project) =>
        [.. project.RepositoryFiles().Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(Path.Combine(project.RepositoryPath, file)))}")];

    /// <summary>Copies by itself from any directory.</summary>
    private sealed class ServerStore(string directory) : CountingStore(directory, "file:///bucket"), IObjectStore, IServerSideCopy
    {
        StoreCapabilities IObjectStore.Capabilities => new() { ServerSideCopy = this };

        public async Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default)
        {
            await Disk.PutAsync(key, ObjectContent.FromFile(Path.Combine(StoreUrl.ToDirectory(source.Url)!, key)), cancellationToken: cancellationToken);
            return true;
        }
    }
}
