using System.Security.Cryptography;
using Replicate.Storage;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.Servers;

namespace Replicate.Tests.Remote;

/// <summary>A process that is killed while it sends: what it recorded is there once, after the next Sync.</summary>
public class KilledProcessTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="server">The server that it sends to.</param>
    /// <param name="stalled">What the PUT that the process is killed at has in its target.</param>
    /// <param name="arrives">Whether the server carries that request out, and only its answer is lost.</param>
    [Theory]
    [InlineData("Ceph", "partNumber=2", false)]
    [InlineData("Ceph", "/metadata/experiments/", false)]
    [InlineData("Ceph", "/metadata/experiments/", true)]
    [InlineData("Azurite", "comp=blocklist", false)]
    [InlineData("Azurite", "comp=blocklist", true)]
    [InlineData("Azurite", "/metadata/experiments/", false)]
    [InlineData("Azurite", "/metadata/experiments/", true)]
    public async Task What_a_killed_process_recorded_is_sent_once_by_the_next_Sync(string server, string stalled, bool arrives)
    {
        var place = server == "Ceph" ? ServerPlace.Of(await servers.CephAsync()) : ServerPlace.Of(await servers.AzuriteAsync());
        var store = place.Open();
        using var machine = new Machine(() => store);
        var weights = RandomNumberGenerator.GetBytes(20_000_000);
        await File.WriteAllBytesAsync(Path.Combine(machine.Directory, "model.pth"), weights, Token);
        var reached = new TaskCompletionSource();
        using var proxy = new FaultProxy(place.Endpoint, request =>
        {
            if (request.Method != "PUT" || !request.Target.Contains(stalled))
            {
                return null;
            }

            reached.TrySetResult();
            return arrives ? new Fault.ResetWhileAnswered(0) : new Fault.Silence(TimeSpan.FromMinutes(5));
        });
        using var child = new ChildProcess(
            ["run", machine.Directory],
            place.VariablesFor(proxy.Url));
        var id = await child.ReadLineAsync();
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        if (arrives)
        {
            var sent = stalled == "comp=blocklist" ? $"experiments/{id}.tar.gz" : $"metadata/experiments/{id}.json";
            while (await store.StatAsync(sent, Token) is null)
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
            .Where(key => !key.StartsWith("metadata/heartbeats/", StringComparison.Ordinal) && !key.StartsWith("catalog/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToListAsync(Token);
        Assert.Equal(
            [$"checkpoints/{checkpoint.Id}.tar.gz", $"experiments/{id}.tar.gz", $"metadata/experiments/{id}.json", "repository.json"], keys);
        Assert.Equal(0, await machine.Project.SyncAsync(cancellationToken: Token));
        Assert.False(Assert.Single(await machine.ListAsync()).Pending);
    }
}
