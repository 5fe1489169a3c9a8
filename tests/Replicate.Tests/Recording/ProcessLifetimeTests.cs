using Replicate.Recording;
using Replicate.Repositories;
using Replicate.Storage.Disk;
using Replicate.Tests.Remote;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

/// <summary>What a process does before it ends, with lifetimes that end while the process of the tests goes on.</summary>
public sealed class ProcessLifetimeTests : IDisposable
{
    private static readonly CiJob Build = CiJob.Of(name => name == "TF_BUILD" ? "True" : null)!;

    private readonly TemporaryDirectory _directory = new();
    private readonly ProcessLifetime _lifetime = new();
    private readonly Clock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _clock.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Steps_come_one_after_the_other_whether_those_before_ended_failed_or_took_too_long()
    {
        var taken = new List<string>();
        ExitStep Step(string name, Func<CancellationToken, Task> run) => new(TimeSpan.FromMinutes(1), async timeout =>
        {
            taken.Add($"{name} begins");
            await run(timeout);
            taken.Add($"{name} ends");
        });

        await ExitStep.RunAllAsync(
            [
                Step("done", async _ => await Task.Yield()),
                Step("failing", _ => throw WatchedStore.NoAnswer()),
                Step("too long", timeout =>
                {
                    _clock.RunOut();
                    return Task.Delay(Timeout.Infinite, timeout);
                }),
                Step("last", _ => Task.CompletedTask),
            ],
            _clock);

        Assert.Equal(["done begins", "done ends", "failing begins", "too long begins", "last begins", "last ends"], taken);
    }

    [Fact]
    public async Task A_run_on_a_disk_that_nobody_stopped_is_complete_and_no_longer_runs()
    {
        using var machine = new Machine(() => new DiskStore(_directory.Path), _lifetime);
        await File.WriteAllBytesAsync(Path.Combine(machine.Directory, "model.pth"), new byte[6_000_000], Token);
        var experiment = await machine.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        var checkpoint = await experiment.AddAsync(ExperimentSteps.Loss(0.5), path: "model.pth");
        var store = new DiskStore(_directory.Path);
        Assert.NotNull(await store.StatAsync(RepositoryKeys.Heartbeat(experiment.Id), Token));

        await _lifetime.EndAsync(job: null, _clock);

        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)], _clock.Timeouts);
        var keys = await store.ListAsync("", Token).Select(info => info.Key).ToHashSetAsync(cancellationToken: Token);
        Assert.Equal(
            [RepositoryKeys.CheckpointArchive(checkpoint.Id), RepositoryKeys.Metadata(experiment.Id), RepositoryKeys.Specification], keys.Order(StringComparer.Ordinal));
        using var other = new Machine(() => store, new ProcessLifetime());
        var listed = Assert.Single(await other.ListAsync());
        Assert.Equal(0.5, Assert.Single(listed.Checkpoints).Metrics["loss"]);
    }

    [Fact]
    public async Task In_CI_what_waits_is_sent_before_the_heartbeat_ends()
    {
        var store = new WatchedStore(_directory.Path) { Before = (_, _) => throw WatchedStore.NoAnswer() };
        using var machine = new Machine(() => store, _lifetime);
        var experiment = await machine.Project.Experiments.CreateAsync(new ExperimentOptions(), cancellationToken: Token);
        await experiment.AddAsync(ExperimentSteps.Loss(0.5));
        Assert.True(experiment.Pending);
        var sent = false;
        store.Before = async (operation, key) =>
        {
            if (operation == "delete" && key == RepositoryKeys.Heartbeat(experiment.Id))
            {
                sent = store.Puts.Contains(RepositoryKeys.Metadata(experiment.Id));
            }

            await Task.Yield();
        };

        await _lifetime.EndAsync(Build, _clock);

        Assert.True(sent);
        Assert.Null(await store.StatAsync(RepositoryKeys.Heartbeat(experiment.Id), Token));
        using var other = new Machine(() => store, new ProcessLifetime());
        var listed = Assert.Single(await other.ListAsync());
        Assert.Equal((false, 0.5), (listed.Pending, Assert.Single(listed.Checkpoints).Metrics["loss"]));
    }

    [Fact]
    public async Task A_CI_job_whose_repository_does_not_answer_in_time_keeps_what_waits()
    {
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var store = new WatchedStore(_directory.Path)
        {
            Before = async (operation, key) =>
            {
                if (operation == "put" && key.StartsWith(RepositoryKeys.MetadataPrefix, StringComparison.Ordinal))
                {
                    reached.TrySetResult();
                    await goOn.Task;
                }
            },
        };
        using var machine = new Machine(() => store, _lifetime);
        await machine.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await reached.Task.WaitAsync(Token);
        _clock.RunOut();

        await _lifetime.EndAsync(Build, _clock);

        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)], _clock.Timeouts);
        Assert.True(Assert.Single(await machine.ListAsync()).Pending);
        goOn.SetResult();
        await machine.Project.SyncAsync(cancellationToken: Token);
        Assert.False(Assert.Single(await machine.ListAsync()).Pending);
    }

    /// <summary>A clock that stands still until a test lets all time run out.</summary>
    private sealed class Clock : TimeProvider, IDisposable
    {
        private readonly CancellationTokenSource _end = new();

        public List<TimeSpan> Timeouts { get; } = [];

        public void RunOut() => _end.Cancel();

        public void Dispose() => _end.Dispose();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timeouts.Add(dueTime);
            return new Timer(_end.Token.Register(() => ThreadPool.QueueUserWorkItem(_ => callback(state))));
        }

        private sealed class Timer(CancellationTokenRegistration registration) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => registration.Dispose();

            public ValueTask DisposeAsync() => registration.DisposeAsync();
        }
    }
}
