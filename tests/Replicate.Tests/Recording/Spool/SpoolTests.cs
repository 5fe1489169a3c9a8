using Replicate.Recording.Spool;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording.Spool;

public sealed class SpoolTests : SpooledProject
{
    [Fact]
    public async Task Recording_returns_before_the_repository_has_anything_and_stopping_waits_for_it()
    {
        var answer = new TaskCompletionSource();
        Remote.Before = (operation, key) => operation == "put" && key.EndsWith(".tar.gz", StringComparison.Ordinal) ? answer.Task : Task.CompletedTask;
        var experiment = await CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        Assert.True(experiment.Pending);
        Assert.DoesNotContain(Remote.Puts, key => key.StartsWith(RepositoryKeys.MetadataPrefix, StringComparison.Ordinal));

        var stopping = experiment.StopAsync(cancellationToken: Token);
        Assert.False(stopping.IsCompleted);
        answer.SetResult();
        await stopping;

        Assert.False(experiment.Pending);
        Assert.Equal(ExperimentStatus.Completed, experiment.Status);
        Assert.Empty(Directory.EnumerateFiles(SpoolPath, "*.tar.gz", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_order_is_tarball_heartbeat_metadata()
    {
        var experiment = await CreateAsync(HeartbeatMode.Beat);
        await Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(
            [
                RepositoryKeys.Specification, RepositoryKeys.ExperimentArchive(experiment.Id),
                RepositoryKeys.Heartbeat(experiment.Id), RepositoryKeys.Metadata(experiment.Id),
            ],
            Remote.Puts.Take(4));
        await experiment.StopAsync(cancellationToken: Token);
    }

    [Fact]
    public async Task With_the_network_down_training_goes_on_and_one_warning_tells_it()
    {
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        Remote.Before = (_, _) => throw WatchedStore.NoAnswer();

        var first = await CreateAsync();
        var second = await CreateAsync();
        await first.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        Assert.Contains("does not answer", Assert.Single(log.Warnings), StringComparison.Ordinal);

        Remote.Before = (_, _) => Task.CompletedTask;
        await Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(new[] { first.Id, second.Id }.Order(), (await ListAsync()).Select(experiment => experiment.Id).Order());
        Assert.Single((await ListAsync()).Single(experiment => experiment.Id == first.Id).Checkpoints);
        Assert.Equal(3, Remote.Puts.Count(key => key.EndsWith(".tar.gz", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refusal_is_an_error_before_anything_is_saved()
    {
        Remote.Before = (_, _) => throw new ReplicateException(ErrorKind.PermissionDenied, "StoreAccessDenied", "No.", "Ask.");

        await Assert.ThrowsAsync<ReplicateException>(() => CreateAsync());

        Assert.False(Directory.Exists(SpoolPath));
    }

    [Fact]
    public async Task A_list_holds_what_waits_and_its_files_check_out()
    {
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        var experiment = await CreateAsync();
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");

        var listed = Assert.Single(await ListAsync());
        var result = await listed.CheckOutAsync(
            listed.Latest(), new CheckOutOptions { OutputDirectory = Folder.Combine("out") }, cancellationToken: Token);

        Assert.True(listed.Pending);
        Assert.Equal(checkpoint.Id, listed.Latest()!.Id);
        Assert.Equal(["model.pth"], result.Files);
    }

    [Fact]
    public async Task What_was_sent_but_not_forgotten_is_sent_again_without_a_trace()
    {
        var experiment = await CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(1));
        await Project.SyncAsync(cancellationToken: Token);
        var before = await Remote.ReadAsync(RepositoryKeys.Metadata(experiment.Id), Token);

        var spool = Project.Workspace.Uploader.Spool;
        await spool.AddCheckpointsAsync(experiment.Id, experiment.Checkpoints, Token);
        await Project.SyncAsync(cancellationToken: Token);

        Assert.Empty(await spool.ReadAsync(Token));
        var after = await Remote.ReadAsync(RepositoryKeys.Metadata(experiment.Id), Token);
        Assert.True(before!.Content.Span.SequenceEqual(after!.Content.Span));
    }

    [Fact]
    public async Task What_was_recorded_for_a_deleted_experiment_is_put_aside_and_the_rest_is_sent()
    {
        var deleted = await CreateAsync();
        await Project.SyncAsync(cancellationToken: Token);
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        await deleted.AddAsync(ExperimentSteps.Loss(1));
        var other = await CreateAsync();
        await Remote.DeleteAsync([RepositoryKeys.Metadata(deleted.Id)], Token);
        Remote.Before = (_, _) => Task.CompletedTask;

        await Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(other.Id, Assert.Single(await ListAsync()).Id);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(SpoolPath, "rejected"), deleted.Id + "*"));
    }

    [Fact]
    public async Task Checkpoints_wait_in_one_file_and_are_sent_in_one_rewrite()
    {
        var experiment = await CreateAsync();
        await Project.SyncAsync(cancellationToken: Token);
        Remote.Puts.Clear();
        for (var i = 0; i < 20; i++)
        {
            await experiment.AddAsync(ExperimentSteps.Loss(i));
        }

        Assert.Single(Directory.EnumerateFiles(SpoolPath, "*.jsonl", SearchOption.AllDirectories));
        Assert.Equal(Enumerable.Range(0, 20).Select(step => (long)step), Assert.Single(await ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
        await Project.SyncAsync(cancellationToken: Token);

        Assert.Equal(RepositoryKeys.Metadata(experiment.Id), Assert.Single(Remote.Puts));
        Assert.Equal(20, Assert.Single(await ListAsync()).Checkpoints.Count);
        Assert.Empty(await Project.Workspace.Uploader.Spool.ReadAsync(Token));
    }

    [Fact]
    public async Task Deleting_a_checkpoint_that_waits_leaves_the_others()
    {
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        var experiment = await CreateAsync();
        var first = await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        await experiment.AddAsync(ExperimentSteps.Loss(2), "model.pth");

        await Project.Workspace.Uploader.ForgetAsync(operation => operation.Checkpoint?.Id == first.Id, Token);

        Assert.Equal(1, Assert.Single(Assert.Single(await ListAsync()).Checkpoints).Step);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(SpoolPath, "checkpoints")));
    }

    [Fact]
    public async Task Deleting_gives_up_what_waits()
    {
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        var experiment = await CreateAsync();

        await experiment.DeleteAsync(Token);

        Assert.Empty(await ListAsync());
        Remote.Before = (_, _) => Task.CompletedTask;
        Assert.Equal(0, await Project.SyncAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_file_of_the_spool_that_cannot_be_read_is_named_and_kept()
    {
        await CreateAsync();
        await Project.SyncAsync(cancellationToken: Token);
        var spool = SpoolPath;
        Folder.Write(Path.Combine(spool, "operations", "0000000000000000001-x-Create.json"), "{");
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        Assert.Single(await ListAsync());

        Assert.Contains("0000000000000000001-x-Create.json", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_given_up_keeps_no_other_experiment_from_being_sent()
    {
        var (damaged, whole) = (await CreateAsync(), await CreateAsync());
        await Project.SyncAsync(cancellationToken: Token);
        Remote.Before = (operation, _) => operation == "put" ? throw WatchedStore.NoAnswer() : Task.CompletedTask;
        await damaged.AddAsync(ExperimentSteps.Loss(1));
        var journal = Assert.Single(Directory.EnumerateFiles(SpoolPath, "*.jsonl", SearchOption.AllDirectories));
        await File.AppendAllTextAsync(journal, string.Concat(Enumerable.Repeat("{\n", 20_000)), Token);
        await whole.AddAsync(ExperimentSteps.Loss(2));
        Remote.Before = (_, _) => Task.CompletedTask;

        var error = await Assert.ThrowsAsync<ReplicateException>(() => Project.SyncAsync(cancellationToken: Token));

        Assert.Equal("JournalDamaged", error.Id);
        Assert.DoesNotContain(await Project.Workspace.Uploader.Spool.ReadAsync(Token), operation => operation.ExperimentId == whole.Id);
        Assert.Equal(2L, Assert.Single((await Project.Experiments.GetAsync(whole.Id, Token)).Checkpoints).Metrics["loss"]);
    }

    [Fact]
    public async Task An_experiment_that_the_server_misses_for_a_moment_is_not_taken_for_deleted()
    {
        var experiment = await CreateAsync();
        await Project.SyncAsync(cancellationToken: Token);
        await experiment.AddAsync(ExperimentSteps.Loss(3), "model.pth");
        var misses = 1;
        Remote.Misses = key => key == RepositoryKeys.Metadata(experiment.Id) && Interlocked.Decrement(ref misses) == 0;

        await Project.SyncAsync(cancellationToken: Token);

        Assert.True(misses <= 0);
        var checkpoint = Assert.Single((await Project.Experiments.GetAsync(experiment.Id, Token)).Checkpoints);
        Assert.Equal((3L, true), (checkpoint.Metrics["loss"], checkpoint.Sha256 == Checksum.OfFile(Folder.Combine("remote", RepositoryKeys.CheckpointArchive(checkpoint.Id)))));
        Assert.False(Directory.Exists(Path.Combine(SpoolPath, "rejected")));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(6_000_000)]
    public async Task The_checksums_of_what_waited_are_recorded(int length)
    {
        var weights = new byte[length];
        new Random(1).NextBytes(weights);
        await File.WriteAllBytesAsync(Folder.Combine("project", "model.pth"), weights, Token);
        var experiment = await CreateAsync();
        await experiment.AddAsync(ExperimentSteps.Loss(1), "model.pth");
        await experiment.StopAsync(cancellationToken: Token);

        var listed = Assert.Single(await ListAsync());
        Assert.Equal(ChecksumOf(RepositoryKeys.ExperimentArchive(listed.Id)), listed.Metadata.Extension!.Sha256);
        Assert.Equal(ChecksumOf(RepositoryKeys.CheckpointArchive(listed.Checkpoints[0].Id)), listed.Checkpoints[0].Sha256);
    }

    private string ChecksumOf(string key) => Checksum.OfFile(Folder.Combine("remote", key));
}
