using System.Collections;
using Replicate.Storage;
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
