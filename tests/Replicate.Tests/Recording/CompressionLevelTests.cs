using System.IO.Compression;
using Replicate.Repositories;
using Replicate.Runs;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public sealed class CompressionLevelTests : IDisposable
{
    private readonly TestProject _project = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData(100_000, CompressionLevel.Optimal)]
    [InlineData(100_000, CompressionLevel.NoCompression)]
    [InlineData(6_000_000, CompressionLevel.Optimal)]
    [InlineData(6_000_000, CompressionLevel.NoCompression)]
    public async Task What_is_saved_at_once_or_in_the_background_is_compressed_as_asked(int length, CompressionLevel level)
    {
        _project.Directory.Write("data", new string('x', length));
        var experiment = await _project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "data", CompressionLevel = level, Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        var checkpoint = await experiment.CheckpointAsync(
            new CheckpointOptions { Path = "data", CompressionLevel = level }, cancellationToken: Token);
        await experiment.StopAsync(cancellationToken: Token);

        foreach (var key in new[] { RepositoryKeys.ExperimentArchive(experiment.Id), RepositoryKeys.CheckpointArchive(checkpoint.Id) })
        {
            Assert.Equal(level == CompressionLevel.NoCompression, new FileInfo(Path.Combine(_project.RepositoryPath, key)).Length > length);
        }
    }

    [Fact]
    public async Task The_checkpoints_of_a_run_are_compressed_as_its_experiment()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        _project.Directory.Write("data", new string('x', 100_000));

        await _project.ShellAsync("cp data weights; echo step 1 loss: 1", new RunOptions
        {
            Experiment = new ExperimentOptions { CompressionLevel = CompressionLevel.NoCompression }, CheckpointPath = "weights",
        });

        var archive = Assert.Single(_project.RepositoryFiles(), file => file.StartsWith("checkpoints/", StringComparison.Ordinal));
        Assert.True(new FileInfo(Path.Combine(_project.RepositoryPath, archive)).Length > 100_000);
    }
}
