using System.Globalization;
using Replicate.Adapters.Gcs;
using Replicate.Storage;
using Replicate.Storage.Disk;
using Replicate.Tests.Remote;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.Gcs;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

public sealed class CheckpointNamesTests(TestServers servers) : IDisposable
{
    private const int Movers = 20;

    private readonly TestProject _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_name_stands_where_an_id_does_and_the_model_is_checked_out_by_it()
    {
        var (first, second) = await TwoModelsAsync();
        await _test.Project.Names.SetAsync("production", first, "passed review", cancellationToken: Token);
        await _test.Project.Names.SetAsync("Production", second, "better", cancellationToken: Token);
        using var output = new TemporaryDirectory();

        var found = await _test.Project.FindAsync(" PRODUCTION", Token);
        await found.Experiment.CheckOutAsync(found.Checkpoint, new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);

        Assert.Equal("second", await File.ReadAllTextAsync(output.Combine("model.bin"), Token));
        var named = Assert.Single(await _test.Project.Names.ListAsync(Token));
        Assert.Equal(("Production", second.Id, 0.2, "better"), (named.Name, named.Id, named.Checkpoint!.Metrics["loss"], named.Why));
        Assert.Equal([("", first.Id, "passed review"), (first.Id, second.Id, "better")], named.History.Select(change => (change.Before, change.After, change.Why)));
        Assert.All(named.History, change => Assert.EndsWith($"@{Environment.MachineName}", change.Who, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_was_taken_off_stands_for_nothing_and_remembers()
    {
        var (first, second) = await TwoModelsAsync();
        var names = _test.Project.Names;
        await names.SetAsync("best-of-2", first, cancellationToken: Token);
        Assert.Equal("NameElsewhere", (await FailAsync(() => names.RemoveAsync("best-of-2", second, cancellationToken: Token))).Id);
        await names.RemoveAsync("best-of-2", first, "wrong", cancellationToken: Token);

        Assert.Empty(await names.ListAsync(Token));
        Assert.Equal("IdNotFound", (await FailAsync(() => _test.Project.FindAsync("best-of-2", Token))).Id);
        Assert.Equal("NameNotFound", (await FailAsync(() => names.RemoveAsync("best-of-2", cancellationToken: Token))).Id);
        var again = await names.SetAsync("best-of-2", second, cancellationToken: Token);
        Assert.Equal([first.Id, "", second.Id], again.History.Select(change => change.After));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("beef", "beginning of an id")]
    [InlineData("B1", "beginning of an id")]
    [InlineData("1st", "begin with a letter")]
    [InlineData("a/b", "other characters")]
    [InlineData("..", "begin with a letter")]
    [InlineData("modèle", "other characters")]
    [InlineData("two words", "other characters")]
    [InlineData("v1.", "ends with a dot")]
    [InlineData("nul", "device")]
    [InlineData("Com1.final", "device")]
    public async Task What_no_store_or_reader_could_tell_from_something_else_is_no_name(string name, string problem)
    {
        var (first, _) = await TwoModelsAsync();
        var error = await FailAsync(() => _test.Project.Names.SetAsync(name, first, cancellationToken: Token));
        Assert.Equal("InvalidName", error.Id);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_test.RepositoryFiles(), file => file.StartsWith("names/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_protected_name_is_moved_by_force_only()
    {
        var (first, second) = await TwoModelsAsync();
        var names = _test.Project.Names;
        await names.SetAsync("production", first, isProtected: true, cancellationToken: Token);
        Assert.Equal("NameProtected", (await FailAsync(() => names.SetAsync("production", second, cancellationToken: Token))).Id);
        Assert.Equal("NameProtected", (await FailAsync(() => names.RemoveAsync("production", cancellationToken: Token))).Id);

        var moved = await names.SetAsync("production", second, force: true, cancellationToken: Token);

        Assert.Equal((second.Id, true), (moved.Id, moved.Protected));
        Assert.Equal(first.Id, (await names.SetAsync("staging", first, cancellationToken: Token)).Id);
        var free = await names.SetAsync("production", second, isProtected: false, cancellationToken: Token);
        Assert.Equal((false, 3), (free.Protected, free.History.Count));
    }

    [Fact]
    public async Task What_has_a_name_is_deleted_by_force_only_and_loses_it()
    {
        var (first, second) = await TwoModelsAsync();
        await _test.Project.Names.SetAsync("production", first, cancellationToken: Token);
        var experiment = first.Experiment;
        foreach (var error in new[]
        {
            await FailAsync(() => experiment.DeleteCheckpointAsync(first, Token)), await FailAsync(() => experiment.DeleteAsync(Token)),
        })
        {
            Assert.Equal("CheckpointNamed", error.Id);
            Assert.Contains("'production'", error.Message, StringComparison.Ordinal);
        }

        await experiment.DeleteCheckpointAsync(second, Token);
        Assert.Equal([first.Id], Assert.Single(await _test.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Id));
        await experiment.DeleteAsync(force: true, Token);

        Assert.Empty(await _test.Project.Names.ListAsync(Token));
        Assert.Equal(["names/production.json", "repository.json"], _test.RepositoryFiles());
    }

    [Fact]
    public async Task A_name_of_a_checkpoint_that_is_gone_says_so()
    {
        var (first, _) = await TwoModelsAsync();
        await _test.Project.Names.SetAsync("production", first, cancellationToken: Token);
        File.Delete(Path.Combine(_test.RepositoryPath, "metadata", "experiments", $"{first.Experiment.Id}.json"));

        Assert.Equal("NamedCheckpointMissing", (await FailAsync(() => _test.Project.FindAsync("production", Token))).Id);
        var named = Assert.Single(await _test.Project.Names.ListAsync(Token));
        Assert.Equal((first.Id, (Checkpoint?)null), (named.Id, named.Checkpoint));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"name":"staging","experiment_id":"","checkpoint_id":"","history":[]}""")]
    [InlineData("""{"name":"production","experiment_id":"../../x","checkpoint_id":"y"}""")]
    [InlineData("""{"name":"production","experiment_id":"x","checkpoint_id":"\u001b[2J"}""")]
    [InlineData("""{"name":"production","experiment_id":"","checkpoint_id":"x"}""")]
    [InlineData("long")]
    public async Task A_file_that_is_none_of_ours_is_an_error_and_no_name(string content)
    {
        var (first, _) = await TwoModelsAsync();
        _test.Directory.Write(".replicate/names/production.json", content == "long" ? $$"""{"name":"production"}{{new string(' ', 1 << 18)}}""" : content);
        await _test.Project.Names.SetAsync("good", first, cancellationToken: Token);
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            Assert.Equal("good", Assert.Single(await _test.Project.Names.ListAsync(Token)).Name);
        }

        Assert.Contains("names/production.json", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.Equal("NameDamaged", (await FailAsync(() => _test.Project.FindAsync("production", Token))).Id);
    }

    [Fact]
    public async Task A_history_is_bounded_and_keeps_the_latest()
    {
        var (first, second) = await TwoModelsAsync();
        for (var i = 0; i < 105; i++)
        {
            await _test.Project.Names.SetAsync(
                "production", i % 2 == 0 ? first : second, string.Create(CultureInfo.InvariantCulture, $"{i} {new string('<', 290)}"), cancellationToken: Token);
        }

        var named = await _test.Project.Names.GetAsync("production", Token);
        Assert.Equal((first.Id, "104"), (named.Id, named.Why.Split(' ')[0]));
        Assert.InRange(named.History.Count, 50, 100);
        Assert.Equal("ReasonTooLong", (await FailAsync(() => _test.Project.Names.SetAsync("x-1", first, new string('x', 301), cancellationToken: Token))).Id);
    }

    [Fact]
    public async Task A_beginning_of_an_id_asks_for_no_name()
    {
        using var directory = new TemporaryDirectory();
        var store = new WatchedNames(directory.Combine("repository"));
        using var machine = new Machine(() => store);
        var experiment = await machine.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await experiment.SyncAsync(cancellationToken: Token);

        await machine.Project.FindAsync(experiment.Id[..10], Token);
        await machine.Project.FindAsync(experiment.Id, Token);
        Assert.Equal(0, store.Asked);
        await FailAsync(() => machine.Project.FindAsync("production", Token));
        Assert.Equal(1, store.Asked);
    }

    [Fact]
    public Task Of_20_that_move_a_name_on_a_disk_one_is_last_and_all_are_in_its_history() =>
        AssertOneWinsAsync(() => new DiskStore(Path.Combine(_test.RepositoryPath)));

    [Fact]
    public async Task Of_20_that_move_a_name_on_the_stand_in_for_Google_one_is_last_and_all_are_in_its_history()
    {
        using var server = new GcsStandIn();
        await AssertOneWinsAsync(() => new GcsStore("gs://names/root", new GcsSettings(server.Url)));
    }

    [Fact]
    public async Task Of_20_that_move_a_name_on_Ceph_one_is_last_and_all_are_in_its_history() =>
        await AssertOneWinsAsync(ServerPlace.Of(await servers.CephAsync()).Open);

    [Fact]
    public async Task Of_20_that_move_a_name_on_Azurite_one_is_last_and_all_are_in_its_history() =>
        await AssertOneWinsAsync(ServerPlace.Of(await servers.AzuriteAsync()).Open);

    private static async Task AssertOneWinsAsync(Func<IObjectStore> open)
    {
        using var here = new Machine(open);
        var experiment = await here.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        for (var i = 0; i < Movers; i++)
        {
            await experiment.AddAsync(ExperimentSteps.Loss(i));
        }

        await experiment.SyncAsync(cancellationToken: Token);
        var machines = Enumerable.Range(0, Movers).Select(_ => new Machine(open)).ToArray();
        try
        {
            await Task.WhenAll(machines.Select((machine, number) => Task.Run(
                () => machine.Project.Names.SetAsync("production", experiment.Checkpoints[number], $"mover {number}", cancellationToken: Token), Token)));
        }
        finally
        {
            Array.ForEach(machines, machine => machine.Dispose());
        }

        var named = await here.Project.Names.GetAsync("production", Token);
        Assert.Equal(Enumerable.Range(0, Movers).Select(number => $"mover {number}").Order(), named.History.Select(change => change.Why).Order());
        Assert.Equal(named.History.Select(change => change.After).Prepend("").SkipLast(1), named.History.Select(change => change.Before));
        Assert.Equal((named.History[^1].After, named.Id), (named.Id, (await here.Project.FindAsync("production", Token)).Checkpoint!.Id));
    }

    private async Task<(Checkpoint First, Checkpoint Second)> TwoModelsAsync()
    {
        var experiment = await _test.CreateAsync();
        _test.Directory.Write("model.bin", "first");
        var first = await experiment.AddAsync(ExperimentSteps.Loss(0.1), "model.bin");
        _test.Directory.Write("model.bin", "second");
        var second = await experiment.AddAsync(ExperimentSteps.Loss(0.2), "model.bin");
        await experiment.StopAsync(cancellationToken: Token);
        return (first, second);
    }

    private static Task<ReplicateException> FailAsync(Func<Task> work) => Assert.ThrowsAsync<ReplicateException>(work);

    private sealed class WatchedNames(string directory) : CountingStore(directory), IObjectStore
    {
        private int _asked;

        public int Asked => _asked;

        Task<ObjectInfo?> IObjectStore.StatAsync(string key, CancellationToken cancellationToken)
        {
            if (key.StartsWith("names/", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _asked);
            }

            return StatAsync(key, cancellationToken);
        }
    }
}
