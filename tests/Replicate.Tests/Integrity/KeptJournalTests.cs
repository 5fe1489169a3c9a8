using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Integrity;

/// <summary>The journal of a killed run has what nothing else has: it stays until the metadata has it.</summary>
public sealed class KeptJournalTests : IDisposable
{
    private readonly TestProject _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("New")]
    [InlineData("Sync")]
    [InlineData("Stop")]
    [InlineData("Set")]
    [InlineData("Check")]
    [InlineData("Repair")]
    public async Task What_a_killed_run_recorded_is_there_again_with_its_metadata(string command)
    {
        var (experiment, metadata) = await LoseMetadataAsync();
        await RunAsync(command, experiment);
        await _test.Project.SyncAsync(cancellationToken: Token);

        File.Move(_test.Directory.Combine("backup.json"), metadata);
        Assert.Empty(await _test.Project.MendAsync());
        var listed = (await _test.ListAsync()).Single(listed => listed.Id == experiment.Id);
        Assert.Equal([0.5, 0.25], listed.Checkpoints.Select(checkpoint => checkpoint.Metrics["loss"]));

        await _test.Project.SyncAsync(cancellationToken: Token);
        Assert.DoesNotContain(_test.RepositoryFiles(), file => file.StartsWith("journal/", StringComparison.Ordinal));
        Assert.Equal(2, MetadataReader.ReadExperiment(await File.ReadAllBytesAsync(metadata, Token)).Checkpoints.Count);
    }

    [Fact]
    public async Task A_check_tells_of_it()
    {
        var (experiment, _) = await LoseMetadataAsync();
        await _test.Project.SyncAsync(cancellationToken: Token);
        var finding = Assert.Single(await _test.Project.FindingsAsync());
        Assert.Equal((FindingKind.JournalWithoutExperiment, FindingSeverity.Error), (finding.Kind, finding.Severity));
        Assert.Contains("2 checkpoints", finding.Message, StringComparison.Ordinal);
        Assert.Contains(RepositoryKeys.Metadata(experiment.Id), finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_could_not_be_read_are_told_of_until_somebody_deletes_them()
    {
        var experiment = await _test.RecordAsync();
        var key = RepositoryKeys.Journal(experiment.Id);
        _test.Directory.Write($".replicate/{key}", "{\n");
        await _test.Project.SyncAsync(cancellationToken: Token);
        Assert.False(File.Exists(_test.PathOf(key)));

        var finding = Assert.Single(await _test.Project.FindingsAsync());
        Assert.Equal((FindingKind.JournalDamaged, RepositoryKeys.DamagedJournal(experiment.Id)), (finding.Kind, finding.Path));
        Assert.StartsWith("Delete the file", finding.Remedy, StringComparison.Ordinal);
        File.Delete(_test.PathOf(finding.Path));
        Assert.Empty(await _test.Project.FindingsAsync());
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
    }

    [Fact]
    public async Task An_experiment_that_is_removed_leaves_none()
    {
        var experiment = await _test.RecordAsync(isEnded: false);
        await experiment.DeleteAsync(cancellationToken: Token);
        Assert.Equal(["repository.json"], _test.RepositoryFiles());
    }

    private async Task<(Experiment Experiment, string Metadata)> LoseMetadataAsync()
    {
        var experiment = await _test.CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        await experiment.AddAsync(ExperimentSteps.Loss(0.25));
        var metadata = _test.PathOf(RepositoryKeys.Metadata(experiment.Id));
        File.Move(metadata, _test.Directory.Combine("backup.json"));
        return (experiment, metadata);
    }

    private async Task RunAsync(string command, Experiment experiment)
    {
        switch (command)
        {
            case "New":
                await (await _test.CreateAsync()).StopAsync(cancellationToken: Token);
                break;
            case "Stop":
                await Assert.ThrowsAsync<ReplicateException>(() => experiment.StopAsync(cancellationToken: Token));
                break;
            case "Set":
                await Assert.ThrowsAsync<ReplicateException>(() => _test.Project.Workspace.Repository.UpdateExperimentAsync(experiment.Id, _ => { }, Token));
                break;
            case "Check":
                await _test.Project.FindingsAsync();
                break;
            case "Repair":
                Assert.Empty(await _test.Project.MendAsync());
                break;
        }
    }
}
