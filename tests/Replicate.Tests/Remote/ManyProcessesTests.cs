using System.Collections.Concurrent;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Remote;

/// <summary>Twenty processes that add to one experiment at the same moment, two in each checkout, beside its heartbeat.</summary>
public class ManyProcessesTests(TestServers servers)
{
    private const int Processes = 20;
    private const int Checkpoints = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_checkpoint_is_lost_on_a_disk()
    {
        using var directory = new TemporaryDirectory();
        await AssertAllThereAsync(() => new DiskStore(directory.Combine("repository")));
    }

    [Fact]
    public async Task No_checkpoint_is_lost_on_Ceph() => await AssertAllThereAsync(ServerPlace.Of(await servers.CephAsync()));

    [Fact]
    public async Task No_checkpoint_is_lost_on_Azurite() => await AssertAllThereAsync(ServerPlace.Of(await servers.AzuriteAsync()));

    private static Task AssertAllThereAsync(ServerPlace place) => AssertAllThereAsync(place.Open, place.Variables);

    private static async Task AssertAllThereAsync(Func<IObjectStore> open, params (string Name, string Value)[] variables)
    {
        using var here = new Machine(open);
        var experiment = await here.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        await experiment.SyncAsync(cancellationToken: Token);
        var machines = Enumerable.Range(0, Processes / 2).Select(_ => new Machine(open)).ToArray();
        var children = new ConcurrentBag<ChildProcess>();
        try
        {
            // All at once they would be busy with starting for longer than they wait for a server.
            await Parallel.ForEachAsync(Enumerable.Range(0, Processes), Token, async (number, _) =>
            {
                var child = new ChildProcess(["add", machines[number / 2].Directory, experiment.Id, $"{number}", $"{Checkpoints}"], variables);
                children.Add(child);
                Assert.Equal("ready", await child.ReadLineAsync());
            });

            await Task.WhenAll(children.Select(async child =>
            {
                child.WriteLine("go");
                var (exitCode, _, errors) = await child.WaitAsync();
                Assert.True(exitCode == 0, errors);
            }));

            var found = Assert.Single(await here.ListAsync());
            var expected = from process in Enumerable.Range(0, Processes) from number in Enumerable.Range(0, Checkpoints) select ((long)process, (long)number);
            Assert.Equal(expected, found.Checkpoints.Select(Origin).Order());
            Assert.All(
                found.Checkpoints.GroupBy(checkpoint => Origin(checkpoint).Process),
                ofOne => Assert.Equal(Enumerable.Range(0, Checkpoints).Select(number => (long)number), ofOne.Select(checkpoint => Origin(checkpoint).Number)));
            Assert.Equal(Enumerable.Range(0, Processes * Checkpoints).Select(step => (long)step), found.Checkpoints.Select(checkpoint => checkpoint.Step).Order());
            await experiment.StopAsync(cancellationToken: Token);
            Assert.Equal(Processes * Checkpoints, Assert.Single(await here.ListAsync()).Checkpoints.Count);
        }
        finally
        {
            foreach (var child in children)
            {
                child.Dispose();
            }

            Array.ForEach(machines, machine => machine.Dispose());
        }
    }

    private static (long Process, long Number) Origin(Checkpoint checkpoint) =>
        ((long)checkpoint.Metrics["process"]!, (long)checkpoint.Metrics["number"]!);
}
