using System.Security.Cryptography;
using Replicate.Adapters.S3;
using Replicate.Tests.Stores;
using Replicate.Tests.Stores.Faults;
using Replicate.Tests.Stores.S3;
using Replicate.Tests.Stores.Servers;

namespace Replicate.Tests.Remote;

/// <summary>A process that is killed while it sends: what it recorded is there once, after the next Sync.</summary>
public class KilledProcessTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="stalled">What the request that the process is killed at has in its target.</param>
    /// <param name="method">Its method.</param>
    /// <param name="arrives">Whether the server carries that request out, and only its answer is lost.</param>
    [Theory]
    [InlineData("partNumber=2", "PUT", false)]
    [InlineData("/metadata/experiments/", "PUT", false)]
    [InlineData("/metadata/experiments/", "PUT", true)]
    public async Task What_a_killed_process_recorded_is_sent_once_by_the_next_Sync(string stalled, string method, bool arrives)
    {
        var settings = await servers.CephAsync();
        var store = new S3Store($"s3://{S3TestStore.NewBucket()}/root", settings);
        using var machine = new Machine(() => store);
        var weights = RandomNumberGenerator.GetBytes(20_000_000);
        await File.WriteAllBytesAsync(Path.Combine(machine.Directory, "model.pth"), weights, Token);
        var reached = new TaskCompletionSource();
        using var proxy = new FaultProxy(settings.Endpoint!, request =>
        {
            if (request.Method != method || !request.Target.Contains(stalled))
            {
                return null;
            }

            reached.TrySetResult();
            return arrives ? new Fault.ResetWhileAnswered(0) : new Fault.Silence(TimeSpan.FromMinutes(5));
        });
        using var child = new ChildProcess(
            ["run", machine.Directory],
            [
                ("AWS_ENDPOINT_URL_S3", proxy.Url), ("AWS_ACCESS_KEY_ID", settings.AccessKey!),
                ("AWS_SECRET_ACCESS_KEY", settings.SecretKey!),
            ]);
        var id = await child.ReadLineAsync();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        if (arrives)
        {
            while (await store.StatAsync($"metadata/experiments/{id}.json", Token) is null)
            {
                await Task.Delay(20, Token);
            }
        }

        await child.KillAsync();
        Assert.True(Assert.Single(await machine.ListAsync()).Pending);
        await machine.Project.SyncAsync(cancellationToken: Token);

        using var other = new Machine(() => store);
        var found = Assert.Single(await other.ListAsync());
        Assert.Equal(id, found.Id);
        var checkpoint = Assert.Single(found.Checkpoints);
        foreach (var (saved, name) in new[] { ((Checkpoint?)null, "experiment"), (checkpoint, "checkpoint") })
        {
            var directory = other.Outside(name);
            await found.CheckOutAsync(saved, new CheckOutOptions { OutputDirectory = directory }, cancellationToken: Token);
            var restored = await File.ReadAllBytesAsync(Path.Combine(directory, "model.pth"), Token);
            Assert.True(weights.AsSpan().SequenceEqual(restored), name);
        }

        var keys = await store.ListAsync("", Token).Select(info => info.Key)
            .Where(key => !key.StartsWith("metadata/heartbeats/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToListAsync(Token);
        Assert.Equal(
            [$"checkpoints/{checkpoint.Id}.tar.gz", $"experiments/{id}.tar.gz", $"metadata/experiments/{id}.json", "repository.json"], keys);
        Assert.Equal(0, await machine.Project.SyncAsync(cancellationToken: Token));
        Assert.False(Assert.Single(await machine.ListAsync()).Pending);
    }
}
