using System.IO.Compression;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Runs;
using Replicate.Tests.Archives;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

/// <summary>The metadata tells the SHA-256 of each tarball, and a tarball has to have it.</summary>
public sealed class RecordedChecksumTests : IDisposable
{
    private readonly TestProject _project = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task Experiment_and_checkpoint_have_it_and_keep_it()
    {
        _project.Directory.Write("model.pth", "weights");
        var experiment = await _project.CreateAsync(path: ".");
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        Assert.Equal("", (await experiment.AddAsync(ExperimentSteps.Loss(2))).Sha256);
        Assert.Equal(checkpoint.Sha256, Assert.Single(await _project.ListAsync()).Checkpoints[0].Sha256);

        await experiment.StopAsync(cancellationToken: Token);
        await experiment.SetAsync(["tag"], "note", Token);

        AssertRecorded(Assert.Single(await _project.ListAsync()), "experiment", "checkpoint", "");
    }

    [Fact]
    public async Task A_program_that_is_run_has_it_for_each_step()
    {
        var result = await _project.ShellAsync(
            "for i in 1 2; do sleep 0.4; echo weights $i > model.pth; echo \"step $i loss: $i\"; done",
            new RunOptions { CheckpointPath = "model.pth" });

        Assert.Contains(result.Experiment.Checkpoints, checkpoint => checkpoint.Path.Length > 0);
        var expected = result.Experiment.Checkpoints.Select(checkpoint => checkpoint.Path.Length > 0 ? "checkpoint" : "");
        AssertRecorded(Assert.Single(await _project.ListAsync()), ["", .. expected]);
    }

    [Fact]
    public async Task A_tarball_without_a_table_that_is_not_the_one_that_was_written_is_not_checked_out()
    {
        var experiment = await SavedAsync();
        var key = RepositoryKeys.ExperimentArchive(experiment.Id);
        using var other = new TemporaryDirectory();
        other.Write("model.pth", "other weights");
        await WriteWithoutTableAsync(key, await Archive.SaveAsync(other, id: experiment.Id));

        var error = await Assert.ThrowsAsync<ReplicateException>(() => CheckOutAsync(experiment));
        Assert.Equal("ArchiveDamaged", error.Id);
        Assert.Contains("not the one that was written", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_project.Directory.Combine("out", "model.pth")));
    }

    [Fact]
    public async Task Without_a_recorded_checksum_any_whole_tarball_is_checked_out()
    {
        var experiment = await SavedAsync();
        var path = PathOf(RepositoryKeys.Metadata(experiment.Id));
        var metadata = await File.ReadAllTextAsync(path, Token);
        var sha256 = experiment.Metadata.Extension!.Sha256;
        await File.WriteAllTextAsync(path, metadata.Replace(sha256, sha256.ToUpperInvariant() + "no", StringComparison.Ordinal), Token);
        await WriteWithoutTableAsync(
            RepositoryKeys.ExperimentArchive(experiment.Id), await File.ReadAllBytesAsync(PathOf(RepositoryKeys.ExperimentArchive(experiment.Id)), Token));
        await experiment.RefreshAsync(Token);

        await CheckOutAsync(experiment);

        Assert.Equal("", experiment.Metadata.Extension!.Sha256);
        Assert.Equal("weights", await File.ReadAllTextAsync(_project.Directory.Combine("out", "model.pth"), Token));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"abc\"")]
    [InlineData("{\"sha256\": null}")]
    [InlineData("{\"sha256\": [{}]}")]
    [InlineData("{\"sha256\": \"XYZ\", \"more\": {\"sha256\": 1}}")]
    [InlineData("[]")]
    public void What_can_be_no_checksum_is_none(string entry) => Assert.Equal("", MetadataReader.ReadExperiment(System.Text.Encoding.UTF8.GetBytes(
        $$"""{"id":"e","created":"2020-09-01T21:42:22Z","checkpoints":[{"id":"c","created":"2020-09-01T21:42:22Z","powershell":{{entry}}}]}"""))
        .Checkpoints[0].Sha256);

    private string PathOf(string key) => Path.Combine(_project.RepositoryPath, key);

    private async Task<Experiment> SavedAsync()
    {
        _project.Directory.Write("model.pth", "weights");
        return await _project.CreateAsync(path: "model.pth");
    }

    private Task<CheckOutResult> CheckOutAsync(Experiment experiment) => experiment.CheckOutAsync(
        null, new CheckOutOptions { OutputDirectory = _project.Directory.Combine("out") }, cancellationToken: Token);

    private async Task WriteWithoutTableAsync(string key, byte[] tarball)
    {
        await using var tar = new GZipStream(new MemoryStream(tarball), CompressionMode.Decompress);
        await using var gzip = new GZipStream(File.Create(PathOf(key)), CompressionLevel.Fastest);
        await tar.CopyToAsync(gzip, Token);
    }

    /// <summary>Holds what was recorded of an experiment and its checkpoints against their files.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="expected">What the experiment, then each checkpoint, is expected to have: a text for its tarball's checksum, an empty one for none.</param>
    private void AssertRecorded(Experiment experiment, params string[] expected)
    {
        var recorded = experiment.Checkpoints
            .Select(checkpoint => (checkpoint.Sha256, Key: RepositoryKeys.CheckpointArchive(checkpoint.Id)))
            .Prepend((experiment.Metadata.Extension!.Sha256, Key: RepositoryKeys.ExperimentArchive(experiment.Id)));
        Assert.Equal(
            expected.Zip(recorded).Select(pair => pair.First.Length > 0 ? Checksum.OfFile(PathOf(pair.Second.Key)) : ""),
            recorded.Select(archive => archive.Sha256));
    }
}
