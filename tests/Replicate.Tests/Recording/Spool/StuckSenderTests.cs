using Replicate.Configuration;
using Replicate.Recording;
using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

/// <summary>
/// A process that sends and hangs, or was stopped or killed: nobody waits for it who need not, and its work is taken over. Nor do
/// the commands of one process wait for what it sends in the background.
/// </summary>
public sealed class StuckSenderTests : SpooledProject
{
    private string Sending => Path.Combine(SpoolPath, "sending");

    [Fact]
    public async Task A_list_and_what_concerns_other_experiments_do_not_wait()
    {
        var (stuck, other) = (await WaitingAsync(), await WaitingAsync());
        using var held = new SendingLeases(Sending).TryTake(stuck.Id);

        Assert.Equal([true, true], (await ListAsync()).Select(experiment => experiment.Pending));
        await other.SyncAsync(cancellationToken: Token);
        Assert.Equal(0, await Project.SendWaitingAsync(cancellationToken: Token));
        Assert.Equal([other.Id], await InRepositoryAsync());

        await other.SetAsync(["tag"], "note", Token);
        await other.AddAsync(ExperimentSteps.Loss(0.5));
        await other.StopAsync(cancellationToken: Token);
        Assert.Equal("note", (await ListAsync()).Single(experiment => experiment.Id == other.Id).Note);
        await other.DeleteAsync(Token);

        Assert.Equal(stuck.Id, Assert.Single(await ListAsync()).Id);
        held!.Dispose();
        Assert.Equal(1, await Project.SyncAsync(cancellationToken: Token));
        Assert.Equal([stuck.Id], await InRepositoryAsync());
    }

    [Fact]
    public async Task Who_must_wait_is_told_for_whom_and_for_what_and_can_end_it()
    {
        var stuck = await WaitingAsync();
        var leases = new SendingLeases(Sending);
        using var held = leases.TryTake(stuck.Id)!;
        held.Tell("checkpoints/abc.tar.gz", 1_200_000_000);
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        Assert.True(await leases.WaitAsync(stuck.Id, TimeSpan.FromSeconds(5), isTold: false, Token));
        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => leases.WaitAsync(stuck.Id, TimeSpan.FromSeconds(31), isTold: true, Token));

        foreach (var told in new[] { Assert.Single(log.Warnings), error.Message })
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
    public async Task What_is_slowly_sent_of_one_experiment_keeps_the_commands_of_others_in_the_same_process_from_nothing()
    {
        var (reached, goOn) = BlockFirstPut("experiments/");
        var slow = await Project.Experiments.CreateAsync(Options(), cancellationToken: Token);
        await reached;

        var other = await Project.Experiments.CreateAsync(Options(), cancellationToken: Token);
        await other.SetAsync(["tag"], "note", Token);
        Assert.Equal("note", (await new Repository(Remote, null).ReadExperimentAsync(other.Id, Token))!.Value.Metadata.Extension!.Note);
        await other.AddAsync(ExperimentSteps.Loss(0.5), "model.pth");
        await other.StopAsync(cancellationToken: Token);
        Assert.False(other.Pending);
        Assert.Equal(0, await Project.SendWaitingAsync(cancellationToken: Token));
        Assert.Equal([true, false], (await ListAsync()).OrderBy(one => one.Id == other.Id).Select(one => one.Pending));
        await other.DeleteAsync(Token);
        Assert.Equal(slow.Id, Assert.Single(await ListAsync()).Id);

        var (stopping, finishing) = (slow.StopAsync(cancellationToken: Token), Project.Workspace.Uploader.FinishAsync(Token));
        Assert.Equal((false, false), (stopping.IsCompleted, finishing.IsCompleted));
        goOn();
        await Task.WhenAll(stopping, finishing);
        Assert.Equal((slow.Id, ExperimentStatus.Completed, false), Told(Assert.Single(await ListAsync())));

        static (string, ExperimentStatus, bool) Told(Experiment one) => (one.Id, one.Status, one.Pending);
    }

    [Fact]
    public async Task An_experiment_is_set_while_its_own_files_are_slowly_sent()
    {
        var experiment = await Project.Experiments.CreateAsync(Options(), cancellationToken: Token);
        await Project.SyncAsync(cancellationToken: Token);
        var (reached, goOn) = BlockFirstPut("checkpoints/");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), "model.pth");
        var sending = Project.SyncAsync(cancellationToken: Token);
        await reached;

        await experiment.SetAsync(["tag"], "note", Token);

        Assert.Equal((true, "note", 0.5), (experiment.Pending, experiment.Note, experiment.Latest()!.Metrics["loss"]));
        goOn();
        await sending;
        var listed = Assert.Single(await ListAsync());
        Assert.Equal((false, "note", 0.5), (listed.Pending, listed.Note, listed.Latest()!.Metrics["loss"]));
    }

    [Fact]
    public async Task Who_must_wait_for_what_the_same_process_sends_is_told_and_can_end_it()
    {
        var slow = await WaitingAsync();
        var (reached, goOn) = BlockFirstPut("experiments/");
        var sending = Project.SyncAsync(cancellationToken: Token);
        await reached;
        var leases = new SendingLeases(Sending);
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        using var end = new CancellationTokenSource();

        Assert.True(await leases.WaitForOwnAsync(slow.Id, sending, TimeSpan.FromHours(1), isTold: false, Token));
        Assert.Contains(
            $"is sending experiment {slow.Id} ({RepositoryKeys.ExperimentArchive(slow.Id)}", Assert.Single(log.Warnings), StringComparison.Ordinal);
        var setting = slow.SetAsync(["tag"], "note", end.Token);
        Assert.False(setting.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => setting);

        goOn();
        Assert.Equal(1, await sending);
        Assert.False(Assert.Single(await ListAsync()).Pending);
    }

    [Fact]
    public async Task What_a_stopped_process_was_sending_is_sent_by_the_next_and_it_does_no_harm_when_it_goes_on()
    {
        var experiment = await WaitingAsync();
        await Project.Workspace.Uploader.Spool.AddCheckpointsAsync(
            experiment.Id, [new Checkpoint { Id = "c1", CreatedAt = Timestamp.Now, Metrics = Value.MapFrom(ExperimentSteps.Loss(0.5)), Path = "" }], Token);
        var (reached, goOn) = BlockFirstPut(RepositoryKeys.ExperimentArchive(experiment.Id));
        var stopped = AnotherProcess().SendAsync(null, _ => true, Token);
        await reached;
        Silence(experiment.Id);

        await AnotherProcess().SendAsync(null, _ => true, Token);
        var listed = Assert.Single(await ListAsync());
        Assert.Equal((false, 0.5), (listed.Pending, listed.Latest()!.Metrics["loss"]));
        await listed.DeleteAsync(Token);
        goOn();

        // It finds that it lost the lease, or that what it was about to send is gone: either way it tries again, and nothing waits.
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<ReplicateException>(() => stopped)).Kind);
        Assert.Empty(await InRepositoryAsync());
        Assert.Null(await Remote.StatAsync(RepositoryKeys.ExperimentArchive(experiment.Id), Token));
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

    private static ExperimentOptions Options() => new() { Path = "model.pth", Heartbeat = HeartbeatMode.None };

    /// <summary>Has the next upload of a key that begins so take until it may go on.</summary>
    private (Task Reached, Action GoOn) BlockFirstPut(string prefix)
    {
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        Remote.Before = (operation, key) =>
            operation == "put" && key.StartsWith(prefix, StringComparison.Ordinal) && reached.TrySetResult() ? goOn.Task : Task.CompletedTask;
        return (reached.Task, goOn.SetResult);
    }

    private Uploader AnotherProcess() => new(
        new SpoolDirectory(SpoolPath, LocalState.OriginOf(Project.Configuration)), new Repository(Remote, null),
        new ProcessLifetime());

    /// <summary>Has the holder of a lease have said nothing for a long time.</summary>
    private void Silence(string id) => File.SetLastWriteTimeUtc(Path.Combine(Sending, id + ".holder"), DateTime.UtcNow.AddMinutes(-2));

    /// <summary>An experiment that waits, with nobody who tries to send it.</summary>
    private async Task<Experiment> WaitingAsync()
    {
        var metadata = new ExperimentMetadata { Id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + new string('0', 32), Created = Timestamp.Now, Path = "model.pth" };
        await Project.Workspace.Uploader.Spool.AddArchiveAsync(
            RepositoryKeys.ExperimentArchive(metadata.Id), Replicate.Storage.ObjectContent.FromBytes("tarball"u8.ToArray()), Token);
        await Project.Workspace.Uploader.Spool.AddAsync(OperationKind.Create, metadata, Token);
        return new Experiment(Project, metadata, null, isPending: true);
    }

    private async Task<string[]> InRepositoryAsync() =>
        [.. (await new Repository(Remote, null).ReadExperimentsAsync("", null, null, Token)).Select(found => found.Metadata.Id)];
}
