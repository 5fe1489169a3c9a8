using System.Collections;
using Replicate.Recording;
using Replicate.Runs;
using Replicate.Storage;
using Replicate.Tests.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Remote;

/// <summary>All that a project does, with its repository in a bucket, from two machines.</summary>
public abstract class RemoteProjectContract
{
    private static readonly PrimaryMetric Loss = new("loss", Goal.Minimize);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of a place, <c>bucket[/root]</c>, on the server.</summary>
    protected abstract Task<IObjectStore> OpenAsync(string place);

    [Theory]
    [InlineData("")]
    [InlineData("/a root/below")]
    public async Task A_run_of_one_machine_is_seen_checked_out_and_deleted_on_another(string root)
    {
        var place = $"test-{Guid.NewGuid():n}{root}";
        var store = await OpenAsync(place);
        using var one = new Machine(() => store);
        var otherStore = await OpenAsync(place);
        using var other = new Machine(() => otherStore);
        one.Write("train.py", "print('train')");

        var missing = await Assert.ThrowsAsync<ReplicateException>(() => other.ListAsync());
        Assert.True(missing.Id == "BucketNotFound", missing.Message);
        await Assert.ThrowsAsync<ReplicateException>(() => one.ListAsync());

        var good = await RunAsync(one, 0.1, loss: [3, 1, 2]);
        var running = Assert.Single(await other.ListAsync());
        Assert.Equal((good.Id, ExperimentStatus.Running, false), (running.Id, running.Status, running.Pending));
        await good.StopAsync(exitCode: 0, cancellationToken: Token);
        var bad = await RunAsync(one, 0.01, loss: [9]);
        await bad.StopAsync(ExperimentStatus.Failed, exitCode: 3, cancellationToken: Token);

        Assert.Equal([good.Id, bad.Id], (await other.ListAsync()).Select(experiment => experiment.Id));
        var found = Assert.Single(await other.ListAsync("learning_rate > 0.05", "status = completed"));
        Assert.Equal((good.Id, 2L, 3L), (found.Id, found.Best()!.Step, found.Latest()!.Step));
        Assert.Equal((ExperimentStatus.Failed, 3), ((await other.ListAsync())[1].Status, (await other.ListAsync())[1].ExitCode));

        var result = await found.CheckOutAsync(
            found.Best(), new CheckOutOptions { OutputDirectory = other.Outside("out") }, cancellationToken: Token);
        Assert.Equal(["model.pth", "replicate.yaml", "train.py"], result.Files.Order(StringComparer.Ordinal));
        Assert.Equal("weights 2", await File.ReadAllTextAsync(Path.Combine(other.Outside("out"), "model.pth"), Token));

        await found.DeleteCheckpointAsync(found.Latest()!, Token);
        Assert.Equal([1L, 2L], (await one.ListAsync())[0].Checkpoints.Select(checkpoint => checkpoint.Step));
        await found.DeleteAsync(Token);
        Assert.Equal(bad.Id, Assert.Single(await one.ListAsync()).Id);
        await (await other.ListAsync())[0].DeleteAsync(Token);
        Assert.Empty(await one.ListAsync());
        Assert.Equal(["repository.json"], await store.ListAsync("", Token).Select(info => info.Key).Where(key => !key.StartsWith("catalog/", StringComparison.Ordinal)).ToListAsync(Token));
    }

    [Fact]
    public async Task What_a_run_writes_is_read_on_another_machine_while_it_goes_on_and_goes_with_it()
    {
        var place = $"test-{Guid.NewGuid():n}";
        var store = await OpenAsync(place);
        var lifetime = new ProcessLifetime();
        using var one = new Machine(() => store, lifetime);
        var otherStore = await OpenAsync(place);
        using var other = new Machine(() => otherStore);
        await using var run = await TrainingRun.StartAsync(one.Project, new RunOptions(), cancellationToken: Token);
        run.ReadLine("epoch 1");
        run.KeepLine("oops", isError: true);
        run.KeepLine("password=hunter2hunter2", isError: false);

        // This machine sees what waits here at once, another what was sent.
        while ((await run.Experiment.ReadLogAsync(cancellationToken: Token).CountAsync(Token)) < 3)
        {
            await Task.Delay(50, Token);
        }

        Experiment? found;
        while ((found = (await ListOrNoneAsync(other)).SingleOrDefault()) is null || await found.ReadLogAsync(cancellationToken: Token).CountAsync(Token) < 3)
        {
            await Task.Delay(200, Token);
        }

        var seen = found;

        run.KeepLine("epoch 2", isError: false);
        await run.EndAsync(ExperimentStatus.Completed, 0);

        var lines = await seen.ReadLogAsync(cancellationToken: Token).ToListAsync(Token);
        Assert.Equal(["epoch 1", "oops", "password=***", "epoch 2"], lines.Select(line => line.Text));
        Assert.Equal([false, true, false, false], lines.Select(line => line.IsError));
        Assert.False((await one.ListAsync())[0].Pending);

        using var copies = new TestProject();
        var copy = await seen.CopyToAsync(copies.Project, cancellationToken: Token);
        Assert.Equal(lines, await copy.ReadLogAsync(cancellationToken: Token).ToListAsync(Token));
        await (await other.ListAsync())[0].DeleteAsync(Token);
        Assert.Empty(await store.ListAsync("logs/", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task The_log_of_a_killed_process_is_sent_by_the_next_command()
    {
        var place = $"test-{Guid.NewGuid():n}";
        var store = await OpenAsync(place);
        using var machine = new Machine(() => store);
        var experiment = await machine.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await experiment.SyncAsync(cancellationToken: Token);
        using (var child = new ChildProcess(["log", machine.Directory, store.Url, experiment.Id], []))
        {
            Assert.Equal("written", await child.ReadLineAsync());

            // As long as it lives it is its own affair.
            Assert.Equal(0, await machine.Project.SyncAsync(cancellationToken: Token));
            await child.KillAsync();
        }

        Assert.True(Assert.Single(await machine.ListAsync()).Pending);
        await machine.Project.SyncAsync(cancellationToken: Token);

        var otherStore = await OpenAsync(place);
        using var other = new Machine(() => otherStore);
        Assert.Equal(["one", "two"], (await Assert.Single(await other.ListAsync()).ReadLogEndAsync(10, cancellationToken: Token)).Select(line => line.Text));
        Assert.False(Assert.Single(await machine.ListAsync()).Pending);
        Assert.Equal(0, await machine.Project.SyncAsync(cancellationToken: Token));
    }

    private static async Task<IReadOnlyList<Experiment>> ListOrNoneAsync(Machine machine)
    {
        try
        {
            return await machine.ListAsync();
        }
        catch (ReplicateException error) when (error.Id == "BucketNotFound")
        {
            return [];
        }
    }

    private static async Task<Experiment> RunAsync(Machine machine, double rate, double[] loss)
    {
        var experiment = await machine.Project.Experiments.CreateAsync(
            new ExperimentOptions { Params = new Hashtable { ["learning_rate"] = rate }, Path = "." }, cancellationToken: Token);
        for (var step = 1; step <= loss.Length; step++)
        {
            machine.Write("model.pth", $"weights {step}");
            await experiment.AddAsync(ExperimentSteps.Loss(loss[step - 1]), "model.pth", step, Loss);
        }

        return await experiment.SyncAsync(cancellationToken: Token);
    }
}
