using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Remote;

/// <summary>A step that was not given is nobody else's, whoever adds at the same time, and wherever.</summary>
public sealed class UniqueStepTests : IDisposable
{
    private readonly TemporaryDirectory _bucket = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Machines_that_add_at_the_same_time_count_on_from_each_other()
    {
        var url = $"s3://steps/{Guid.NewGuid():n}";
        var machines = Enumerable.Range(0, 8).Select(_ => new Machine(() => new CountingStore(_bucket.Path, url))).ToArray();
        try
        {
            var experiment = await machines[0].Project.Experiments.CreateAsync(
                new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
            await experiment.SyncAsync(cancellationToken: Token);

            await Task.WhenAll(machines.Select(async machine =>
            {
                var here = await machine.Project.Experiments.GetAsync(experiment.Id, Token);
                for (var i = 0; i < 10; i++)
                {
                    await here.AddAsync(ExperimentSteps.Loss(i));
                }

                await machine.Project.SyncAsync(cancellationToken: Token);
            }));

            AssertCounted(Assert.Single(await machines[0].ListAsync()), 80);
        }
        finally
        {
            Array.ForEach(machines, machine => machine.Dispose());
        }
    }

    [Fact]
    public async Task What_waits_is_shown_with_the_steps_that_it_is_going_to_have_and_given_steps_stay()
    {
        var url = $"s3://steps/{Guid.NewGuid():n}";
        CountingStore Open() => new(_bucket.Path, url);
        using var one = new Machine(Open);
        using var other = new Machine(() => new UnreachableStore(Open()));
        var experiment = await one.Project.Experiments.CreateAsync(
            new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await experiment.SyncAsync(cancellationToken: Token);
        var there = await other.Project.Experiments.GetAsync(experiment.Id, Token);
        await experiment.AddAsync(ExperimentSteps.Loss(1));
        await experiment.AddAsync(ExperimentSteps.Loss(2), step: 7);
        await one.Project.SyncAsync(cancellationToken: Token);

        await there.AddAsync(ExperimentSteps.Loss(3));
        await there.AddAsync(ExperimentSteps.Loss(4), step: 7);
        await there.AddAsync(ExperimentSteps.Loss(5));

        Assert.Equal([0, 7, 8, 7, 9], Assert.Single(await other.ListAsync()).Checkpoints.Select(checkpoint => checkpoint.Step));
    }

    [Fact]
    public async Task Large_files_that_wait_to_be_archived_on_a_disk_take_no_step_of_others()
    {
        using var project = new TestProject();
        project.Directory.Write("model.pth", new string('w', 5 << 20));
        var experiment = await project.CreateAsync();
        var writers = Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; i < 3; i++)
            {
                await experiment.AddAsync(ExperimentSteps.Loss(i), path: writer % 2 == 0 ? "model.pth" : null);
            }
        });
        await Task.WhenAll(writers);
        await project.Project.SyncAsync(cancellationToken: Token);

        AssertCounted(Assert.Single(await project.ListAsync()), 12);
    }

    private static void AssertCounted(Experiment experiment, int count) => Assert.Equal(
        Enumerable.Range(0, count).Select(step => (long)step), experiment.Checkpoints.Select(checkpoint => checkpoint.Step).Order());

    /// <summary>One that can be read and takes nothing.</summary>
    private sealed class UnreachableStore(CountingStore store) : IObjectStore
    {
        public string Url => store.Url;

        public Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) => store.ReadAsync(key, cancellationToken);

        public Task<Stream?> OpenReadAsync(string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
            store.OpenReadAsync(key, offset, length, cancellationToken);

        public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) => store.StatAsync(key, cancellationToken);

        public Task<string?> PutAsync(
            string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) =>
            throw new ReplicateException(ErrorKind.Unavailable, "Unreachable", "The store does not answer.", "Try again.");

        public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => Task.CompletedTask;

        public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            store.ListAsync(prefix, cancellationToken);
    }
}
