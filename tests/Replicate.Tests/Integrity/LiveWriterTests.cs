using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Integrity;

/// <summary>A check, and a repair, while somebody writes: whatever the clocks say, nothing of a writer that lives is lost.</summary>
public sealed class LiveWriterTests : IDisposable
{
    private const string Orphan = $"checkpoints/{CheckSteps.OtherId}.tar.gz";
    private static readonly TimeSpan Decade = TimeSpan.FromDays(3652);

    private readonly TestProject _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(2)]
    [InlineData(-30)]
    [InlineData(30)]
    [InlineData(-24 * 3652)]
    [InlineData(24 * 3652)]
    public async Task What_is_old_is_told_by_the_clock_of_the_store(int hoursAhead)
    {
        await _test.RecordAsync();
        var path = _test.Write(Orphan, "just written", TimeSpan.Zero);
        var project = _test.In(new ShiftedStore(_test.RepositoryPath, TimeSpan.FromHours(hoursAhead)));
        Assert.Empty(await project.MendAsync());
        Assert.Equal("just written", await File.ReadAllTextAsync(path, Token));

        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-25));
        Assert.Equal((FindingKind.ArchiveWithoutOwner, Orphan), Assert.Single((await project.FindingsAsync()).Select(found => (found.Kind, found.Path))));
        Assert.DoesNotContain(_test.RepositoryFiles(), file => file.StartsWith("aside/clock", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Orphan)]
    [InlineData($"experiments/{CheckSteps.OtherId}.tar.gz")]
    [InlineData("checkpoints/.0123456789abcdef.tmp")]
    [InlineData("metadata/experiments/.0123456789abcdef.tmp")]
    public async Task A_clock_that_jumps_ahead_while_an_experiment_runs_makes_nothing_old(string name)
    {
        // All of it was written before the clock jumped by ten years; since then the heartbeat was refreshed.
        var experiment = await _test.RecordAsync(isEnded: false);
        await _test.Project.SyncAsync(cancellationToken: Token);
        var metadata = _test.PathOf(RepositoryKeys.Metadata(experiment.Id));
        var text = await File.ReadAllTextAsync(metadata, Token);

        // One byte longer, so that it is taken for an edit, not for damage.
        await File.WriteAllTextAsync(
            metadata, text.Replace($"\"created\": \"{DateTime.UtcNow.Year}", $"\"created\": \"{DateTime.UtcNow.Year - 10}", StringComparison.Ordinal) + "\n", Token);
        var path = _test.Write(name, "in hand", Decade - TimeSpan.FromDays(9));
        var heartbeat = _test.Write(
            RepositoryKeys.Heartbeat(experiment.Id),
            $$"""{"experiment_id":"{{experiment.Id}}","last_heartbeat":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""", TimeSpan.Zero);
        Assert.Empty(await _test.Project.MendAsync());
        Assert.Equal("in hand", await File.ReadAllTextAsync(path, Token));

        File.Delete(heartbeat);
        Assert.Equal(name, Assert.Single(await _test.Project.FindingsAsync()).Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_moved_aside_is_found_there_and_comes_back(bool isCheckpoint)
    {
        var experiment = await _test.RecordAsync();
        var key = isCheckpoint ? experiment.CheckpointKey() : RepositoryKeys.ExperimentArchive(experiment.Id);
        var metadata = _test.PathOf(RepositoryKeys.Metadata(experiment.Id));
        File.Move(metadata, _test.Directory.Combine("later.json"));
        foreach (var file in _test.RepositoryFiles())
        {
            File.SetLastWriteTimeUtc(_test.PathOf(file), DateTime.UtcNow.AddDays(-2));
        }

        Assert.Empty(await _test.Project.MendAsync());
        Assert.False(File.Exists(_test.PathOf(key)));

        // The writer was only slow.
        File.Move(_test.Directory.Combine("later.json"), metadata);
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
        Assert.Equal(2, (await _test.Project.FindingsAsync()).Count(finding => finding.Kind == FindingKind.MovedAside));
        Assert.Empty(await _test.Project.MendAsync());
        Assert.True(File.Exists(_test.PathOf(key)));
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
    }

    [Fact]
    public async Task Saved_files_that_are_expected_between_check_and_repair_stay()
    {
        var experiment = await _test.RecordAsync();
        var metadata = _test.PathOf(RepositoryKeys.Metadata(experiment.Id));
        File.Move(metadata, _test.Directory.Combine("later.json"));
        foreach (var file in _test.RepositoryFiles())
        {
            File.SetLastWriteTimeUtc(_test.PathOf(file), DateTime.UtcNow.AddDays(-2));
        }

        var findings = await _test.Project.FindingsAsync();
        Assert.Equal(2, findings.Count(finding => finding.Kind == FindingKind.ArchiveWithoutOwner));
        File.Move(_test.Directory.Combine("later.json"), metadata);
        foreach (var finding in findings)
        {
            Assert.Equal("", (await _test.Project.RepairAsync(finding, Token)).MovedTo);
        }

        Assert.Empty(await _test.Project.FindingsAsync());
        Assert.Equal(("weights", 0.5), await _test.ReadAsync());
    }

    [Fact]
    public async Task A_repository_that_may_only_be_read_has_no_orphans()
    {
        await _test.RecordAsync();
        _test.Write(Orphan, "old", Decade);
        var store = new WatchedStore(_test.RepositoryPath)
        {
            Before = (operation, _) => operation == "put"
                ? throw new ReplicateException(ErrorKind.PermissionDenied, "StoreRefused", "It may not be written to.", "Ask for it.")
                : Task.CompletedTask,
        };
        Assert.Empty(await _test.In(store).FindingsAsync());
    }

    [Theory]
    [InlineData("experiment")]
    [InlineData("checkpoint")]
    public async Task What_is_removed_during_a_check_is_no_damage(string removed)
    {
        var experiment = await _test.RecordAsync();
        var store = new WatchedStore(_test.RepositoryPath);
        store.Before = async (operation, key) =>
        {
            if (operation == "open" && key == experiment.CheckpointKey())
            {
                store.Before = (_, _) => Task.CompletedTask;
                await (removed == "experiment" ? experiment.DeleteAsync(cancellationToken: Token)
                    : experiment.DeleteCheckpointAsync(experiment.Checkpoints[0], cancellationToken: Token));
            }
        };
        Assert.Empty(await _test.In(store).FindingsAsync());
        Assert.Equal(removed == "experiment" ? 0 : 1, (await _test.ListAsync()).Count);
    }

    [Fact]
    public async Task A_tarball_that_is_replaced_while_it_is_read_is_read_again()
    {
        var experiment = await _test.RecordAsync();
        var path = _test.PathOf(experiment.CheckpointKey());
        var whole = await File.ReadAllBytesAsync(path, Token);
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], Token);
        var stats = 0;
        var store = new WatchedStore(_test.RepositoryPath)
        {
            Before = async (operation, key) =>
            {
                if (operation == "stat" && key == experiment.CheckpointKey() && ++stats == 1)
                {
                    await File.WriteAllBytesAsync(path, whole, Token);
                }
            },
        };
        Assert.Empty(await _test.In(store).FindingsAsync());
        Assert.Equal(1, stats);
    }
}
