using System.Security.Cryptography;
using System.Text;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

public sealed class CopyTests : IDisposable
{
    private readonly TestProject _source = new();
    private readonly TemporaryDirectory _elsewhere = new();
    private readonly CountingStore _store;

    public CopyTests() => _store = new CountingStore(_elsewhere.Combine("bucket"), "file:///elsewhere");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_the_same_object_for_object_and_checks_out()
    {
        var experiment = await CreateAsync();

        var copy = await experiment.CopyToAsync(Target(), cancellationToken: Token);

        Assert.Equal(Contents(_source.RepositoryPath), Contents(_elsewhere.Combine("bucket")));
        Assert.Equal(experiment.Id, copy.Id);
        Assert.Equal("file:///elsewhere", copy.Project.Repository);
        var result = await copy.CheckOutAsync(
            copy.Latest(), new CheckOutOptions { OutputDirectory = _elsewhere.Combine("out") }, cancellationToken: Token);
        Assert.Equal(["model.pth", "train.py"], result.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_original_wrote_is_copied_byte_for_byte()
    {
        var fixture = _elsewhere.CopyOf(Path.Combine(Checkout.Fixture("keepsake-iris"), ".keepsake"), "iris");
        var source = new Project($"file://{fixture}", _elsewhere.Path);
        var experiments = await source.Experiments.ListAsync(cancellationToken: Token);
        Assert.NotEmpty(experiments);

        var results = await Target().Experiments.CopyFromAsync(experiments, cancellationToken: Token);

        Assert.All(results, result => Assert.Null(result.Error));
        Assert.Equal(
            Contents(fixture).Where(file => !file.StartsWith("metadata/heartbeats", StringComparison.Ordinal)),
            Contents(_elsewhere.Combine("bucket")));
    }

    [Fact]
    public async Task Metadata_comes_last()
    {
        var target = new WatchedStore(_elsewhere.Combine("bucket"));

        await (await CreateAsync()).CopyToAsync(Target(target), cancellationToken: Token);

        Assert.StartsWith(RepositoryKeys.MetadataPrefix, target.Put[^1], StringComparison.Ordinal);
        Assert.Equal(4, target.Put.Count);
        Assert.Single(target.Put, key => key.StartsWith(RepositoryKeys.MetadataPrefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Copied_again_nothing_is_sent()
    {
        var experiment = await CreateAsync();
        await experiment.CopyToAsync(Target(), cancellationToken: Token);
        var (writes, _) = (_store.Writes, _store.TakeCounts());

        await experiment.CopyToAsync(Target(), cancellationToken: Token);

        Assert.Equal(writes, _store.Writes);
        Assert.Equal((0, 2), _store.TakeCounts());
    }

    [Fact]
    public async Task What_an_interrupted_copy_sent_is_not_sent_again_unless_it_is_damaged()
    {
        var experiment = await CreateAsync();
        await experiment.CopyToAsync(Target(), cancellationToken: Token);
        var bucket = _elsewhere.Combine("bucket");
        File.Delete(Path.Combine(bucket, RepositoryKeys.Metadata(experiment.Id)));
        var damaged = Path.Combine(bucket, RepositoryKeys.CheckpointArchive(experiment.Checkpoints[0].Id));
        var bytes = await File.ReadAllBytesAsync(damaged, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes, Token);
        var writes = _store.Writes;

        await experiment.CopyToAsync(Target(), cancellationToken: Token);

        Assert.Equal(writes + 2, _store.Writes);
        Assert.Equal(Contents(_source.RepositoryPath), Contents(bucket));
    }

    [Fact]
    public async Task Another_content_is_replaced_only_by_force()
    {
        var experiment = await CreateAsync();
        await experiment.CopyToAsync(Target(), cancellationToken: Token);
        await experiment.AddAsync(ExperimentSteps.Loss(0.1));
        await _source.Project.SyncAsync(cancellationToken: Token);
        var before = Contents(_elsewhere.Combine("bucket"));

        var error = await Assert.ThrowsAsync<ReplicateException>(() => experiment.CopyToAsync(Target(), cancellationToken: Token));
        Assert.Equal(("ExperimentExists", ErrorKind.Conflict), (error.Id, error.Kind));
        Assert.Equal(before, Contents(_elsewhere.Combine("bucket")));

        var copy = await experiment.CopyToAsync(Target(), force: true, cancellationToken: Token);
        Assert.Equal(2, copy.Checkpoints.Count);
        Assert.Equal(Contents(_source.RepositoryPath), Contents(_elsewhere.Combine("bucket")));
    }

    [Fact]
    public async Task One_that_cannot_be_copied_does_not_keep_the_others_back()
    {
        var broken = await CreateAsync();
        var good = await CreateAsync();
        File.Delete(Path.Combine(_source.RepositoryPath, RepositoryKeys.ExperimentArchive(broken.Id)));

        var results = await Target().Experiments.CopyFromAsync([broken, good], cancellationToken: Token);

        Assert.Equal("ArchiveMissing", results[0].Error?.Id);
        Assert.Null(results[0].Copy);
        Assert.Null(results[1].Error);
        Assert.Equal(good.Id, Assert.Single(await Target().Experiments.ListAsync(cancellationToken: Token)).Id);
    }

    [Fact]
    public async Task Bytes_that_arrive_damaged_are_noticed_and_nothing_is_listed()
    {
        var target = new WatchedStore(_elsewhere.Combine("bucket")) { Damages = true };
        var experiment = await CreateAsync();

        var error = await Assert.ThrowsAsync<ReplicateException>(() => experiment.CopyToAsync(Target(target), cancellationToken: Token));

        Assert.Equal("CopyDamaged", error.Id);
        Assert.Empty(await Target().Experiments.ListAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task Where_the_server_can_copy_no_byte_comes_here()
    {
        var target = new ServerStore(_elsewhere.Combine("bucket"));
        var experiment = await CreateAsync();

        await experiment.CopyToAsync(Target(target), cancellationToken: Token);

        Assert.Equal(2, target.Copies);
        Assert.Equal(2, target.Writes); // repository.json and the metadata.
        Assert.Equal(Contents(_source.RepositoryPath), Contents(_elsewhere.Combine("bucket")));
    }

    [Fact]
    public async Task What_waits_to_be_sent_is_copied_too()
    {
        _elsewhere.Write("project/model.pth", "weights");
        var remote = new CountingStore(_elsewhere.Combine("remote"), $"s3://bucket/{Guid.NewGuid():n}");
        var source = new Project(
            new ProjectConfiguration
            {
                ProjectDirectory = _elsewhere.Combine("project"), Repository = remote.Url,
                ConfigurationFile = _elsewhere.Combine("project", "replicate.yaml"),
            },
            () => remote);
        var experiment = await source.Experiments.CreateAsync(
            new ExperimentOptions { Path = "model.pth", Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), path: "model.pth");

        var copy = await experiment.CopyToAsync(Target(), cancellationToken: Token);

        Assert.Single(copy.Checkpoints);
        Assert.Equal(Contents(_elsewhere.Combine("remote")), Contents(_elsewhere.Combine("bucket")));
    }

    [Fact]
    public async Task A_repository_is_not_copied_to_itself()
    {
        var experiment = await CreateAsync();

        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.CopyToAsync(new Project("file://.replicate", _source.Directory.Path), cancellationToken: Token));

        Assert.Equal("SameRepository", error.Id);
    }

    [Fact]
    public async Task A_cancelled_copy_lists_nothing_and_tells_how_far_it_came()
    {
        var experiment = await CreateAsync();
        using var cancelled = new CancellationTokenSource();
        var reports = new List<Progress>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => experiment.CopyToAsync(
            Target(), progress: new Reports(report =>
            {
                lock (reports)
                {
                    reports.Add(report);
                }

                cancelled.Cancel();
            }), cancellationToken: cancelled.Token));

        Assert.Empty(await Target().Experiments.ListAsync(cancellationToken: Token));
        Assert.Equal($"Copying experiment {experiment.ShortId}", reports[0].Activity);
        Assert.InRange(reports[0].Done, 1, reports[0].Total!.Value);
    }

    public void Dispose()
    {
        _source.Dispose();
        _elsewhere.Dispose();
    }

    private async Task<Experiment> CreateAsync()
    {
        _source.Directory.Write("train.py", "print('training')");
        _source.Directory.Write("model.pth", new string('w', 100_000));
        var experiment = await _source.CreateAsync(path: "train.py");
        await experiment.AddAsync(ExperimentSteps.Loss(0.5), path: "model.pth");
        await _source.Project.SyncAsync(cancellationToken: Token);
        return experiment;
    }

    private Project Target(CountingStore? store = null) => new(
        new ProjectConfiguration { ProjectDirectory = _elsewhere.Path, Repository = "file:///elsewhere" }, () => store ?? _store);

    /// <summary>The objects of a repository on disk with their content.</summary>
    private static string[] Contents(string directory) => Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Select(file => (Key: Path.GetRelativePath(directory, file).Replace('\\', '/'), File: file))
        .Where(item => item.Key != ".lock")
        .Select(item => $"{item.Key} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(item.File)))}")
        .Order(StringComparer.Ordinal)
        .ToArray();

    private sealed class Reports(Action<Progress> report) : IProgress<Progress>
    {
        public void Report(Progress value) => report(value);
    }

    /// <summary>Remembers the order of what is put, and may damage tarballs on their way.</summary>
    private sealed class WatchedStore(string directory) : CountingStore(directory, "file:///elsewhere")
    {
        public List<string> Put { get; } = [];

        public bool Damages { get; init; }

        public override Task<string?> PutAsync(
            string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default)
        {
            lock (Put)
            {
                Put.Add(key);
            }

            var damaged = ObjectContent.FromWriter(async (stream, token) =>
            {
                await content.WriteToAsync(stream, token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes("x"), token);
            });
            return base.PutAsync(key, Damages && key.EndsWith(".gz", StringComparison.Ordinal) ? damaged : content, condition, cancellationToken);
        }
    }

    /// <summary>Copies by itself from any directory.</summary>
    private sealed class ServerStore(string directory) : CountingStore(directory, "file:///elsewhere"), IObjectStore, IServerSideCopy
    {
        StoreCapabilities IObjectStore.Capabilities => new() { ServerSideCopy = this };

        private int _copies;

        public int Copies => _copies;

        public async Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _copies);
            var path = Path.Combine(StoreUrl.ToDirectory(source.Url)!, key);
            await Disk.PutAsync(key, ObjectContent.FromFile(path), cancellationToken: cancellationToken);
            return true;
        }
    }
}
