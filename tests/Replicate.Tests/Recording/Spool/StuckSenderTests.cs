using Replicate.Configuration;
using Replicate.Recording;
using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

/// <summary>A process that sends and hangs, or was stopped or killed: nobody waits for it who need not, and its work is taken over.</summary>
public sealed class StuckSenderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WatchedStore _remote;
    private readonly Project _project;

    public StuckSenderTests()
    {
        _remote = new WatchedStore(_directory.Combine("remote"));
        _project = new Project(
            new ProjectConfiguration
            {
                ProjectDirectory = _directory.Combine("project"),
                ConfigurationFile = _directory.Write("project/replicate.yaml", ""),
                Repository = "s3://tests/" + Guid.NewGuid(),
            },
            () => _remote);
        _directory.Write("project/model.pth", "weights");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Sending => Path.Combine(_project.Workspace.Uploader.Spool.Path, "sending");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_list_and_what_concerns_other_experiments_do_not_wait()
    {
        var (stuck, other) = (await WaitingAsync(), await WaitingAsync());
        using var held = new SendingLeases(Sending).TryTake(stuck.Id);

        Assert.Equal([true, true], (await ListAsync()).Select(experiment => experiment.Pending));
        await _project.SendWaitingAsync(cancellationToken: Token);
        Assert.Equal([other.Id], await InRepositoryAsync());

        other = (await ListAsync()).Single(experiment => experiment.Id == other.Id);
        await other.SetAsync(["tag"], "note", Token);
        await other.AddAsync(ExperimentSteps.Loss(0.5));
        await other.StopAsync(cancellationToken: Token);
        Assert.Equal("note", (await ListAsync()).Single(experiment => experiment.Id == other.Id).Note);
        await other.DeleteAsync(Token);

        Assert.Equal(stuck.Id, Assert.Single(await ListAsync()).Id);
        held!.Dispose();
        Assert.Equal(1, await _project.SyncAsync(cancellationToken: Token));
        Assert.Equal([stuck.Id], await InRepositoryAsync());
    }

    [Fact]
    public async Task Who_must_wait_is_told_for_whom_and_for_what_and_can_end_it()
    {
        var stuck = await WaitingAsync();
        var leases = new SendingLeases(Sending);
        using var held = leases.TryTake(stuck.Id)!;
        held.Tell("checkpoints/abc.tar.gz", 1_200_000_000);
        var notices = new CollectedNotices();
        using var _ = Notices.SendTo(notices);

        Assert.True(await leases.WaitAsync(stuck.Id, TimeSpan.FromSeconds(5), isTold: false, Token));
        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => leases.WaitAsync(stuck.Id, TimeSpan.FromSeconds(31), isTold: true, Token));

        foreach (var told in new[] { Assert.Single(notices.Warnings), error.Message })
        {
            Assert.Contains($"Process {Environment.ProcessId} on {Environment.MachineName}", told, StringComparison.Ordinal);
            Assert.Contains($"{stuck.Id} (checkpoints/abc.tar.gz, 1200 MB)", told, StringComparison.Ordinal);
        }

        Assert.Equal(("SentElsewhere", ErrorKind.Unavailable), (error.Id, error.Kind));
        using var end = new CancellationTokenSource();
        var deleting = stuck.DeleteAsync(end.Token);
        Assert.False(deleting.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
        Assert.True(Assert.Single(await ListAsync()).Pending);
    }

    [Fact]
    public async Task What_a_stopped_process_was_sending_is_sent_by_the_next_and_it_does_no_harm_when_it_goes_on()
    {
        var experiment = await WaitingAsync();
        await _project.Workspace.Uploader.Spool.AddCheckpointsAsync(
            experiment.Id, [new Checkpoint { Id = "c1", CreatedAt = Timestamp.Now, Metrics = Value.MapFrom(ExperimentSteps.Loss(0.5)), Path = "" }], Token);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _remote.Before = (operation, key) =>
            operation == "put" && key == RepositoryKeys.ExperimentArchive(experiment.Id) && reached.TrySetResult() ? goOn.Task : Task.CompletedTask;
        var stopped = AnotherProcess().SendAsync(null, _ => true, Token);
        await reached.Task;
        Silence(experiment.Id);

        await AnotherProcess().SendAsync(null, _ => true, Token);
        var listed = Assert.Single(await ListAsync());
        Assert.Equal((false, 0.5), (listed.Pending, listed.Latest()!.Metrics["loss"]));
        await listed.DeleteAsync(Token);
        goOn.SetResult();

        // It finds that it lost the lease, or that what it was about to send is gone: either way it tries again, and nothing waits.
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<ReplicateException>(() => stopped)).Kind);
        Assert.Empty(await InRepositoryAsync());
        Assert.Null(await _remote.StatAsync(RepositoryKeys.ExperimentArchive(experiment.Id), Token));
    }

    [Fact]
    public async Task What_a_killed_process_was_sending_is_sent_at_once()
    {
        var experiment = await WaitingAsync();
        Directory.CreateDirectory(Sending);
        File.WriteAllText(Path.Combine(Sending, experiment.Id + ".lock"), "");
        File.WriteAllText(Path.Combine(Sending, experiment.Id + ".holder"), "gone 1\n1\nelsewhere\n\n");

        Assert.Equal(1, await AnotherProcess().SendAsync(null, _ => true, Token));

        Assert.Equal([experiment.Id], await InRepositoryAsync());
        Assert.Empty(Directory.EnumerateFiles(Sending));
    }

    private Uploader AnotherProcess() => new(
        new SpoolDirectory(_project.Workspace.Uploader.Spool.Path, LocalState.OriginOf(_project.Configuration)), new Repository(_remote, null),
        new ProcessLifetime());

    /// <summary>Has the holder of a lease have said nothing for a long time.</summary>
    private void Silence(string id) => File.SetLastWriteTimeUtc(Path.Combine(Sending, id + ".holder"), DateTime.UtcNow.AddMinutes(-2));

    /// <summary>An experiment that waits, with nobody who tries to send it.</summary>
    private async Task<Experiment> WaitingAsync()
    {
        var metadata = new ExperimentMetadata { Id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + new string('0', 32), Created = Timestamp.Now, Path = "model.pth" };
        await _project.Workspace.Uploader.Spool.AddArchiveAsync(
            RepositoryKeys.ExperimentArchive(metadata.Id), Replicate.Storage.ObjectContent.FromBytes("tarball"u8.ToArray()), Token);
        await _project.Workspace.Uploader.Spool.AddAsync(OperationKind.Create, metadata, Token);
        return new Experiment(_project, metadata, null, isPending: true);
    }

    private async Task<string[]> InRepositoryAsync() =>
        [.. (await new Repository(_remote, null).ReadExperimentsAsync("", null, null, Token)).Select(found => found.Metadata.Id)];

    private Task<IReadOnlyList<Experiment>> ListAsync() => _project.Experiments.ListAsync(cancellationToken: Token);
}
