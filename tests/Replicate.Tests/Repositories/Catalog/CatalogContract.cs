using System.Globalization;
using Replicate.Adapters.Azure;
using Replicate.Adapters.Gcs;
using Replicate.Adapters.S3;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Tests.Remote;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.Gcs;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Catalog;

/// <summary>What machines that never saw a bucket list of it, and what they ask for.</summary>
public abstract class CatalogContract
{
    private readonly string _bucket = S3TestStore.NewBucket();
    private string? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How many requests a stop adds where nobody else stops: what is there, and what is there then.</summary>
    protected virtual int RequestsOfStop => 2;

    /// <summary>Where the server is.</summary>
    protected abstract Task<string> ServerAsync();

    /// <summary>Opens a bucket at a URL that stands for the server.</summary>
    protected abstract IObjectStore Open(string bucket, string endpoint);

    [Fact]
    public async Task A_fresh_machine_lists_everything_as_it_is_and_reads_the_files_that_changed()
    {
        var bucket = await BucketAsync();
        await bucket.WriteAsync(Enumerable.Range(0, 40), "first");
        var first = Enumerable.Range(0, 40).Select(number => CatalogBucket.Row(number, "first")).ToArray();
        Assert.Equal(first, await bucket.ListAsync());
        Assert.Single(await bucket.LayersAsync());

        using (var proxy = await ProxyAsync())
        {
            Assert.Equal(first, await bucket.ListAsync(() => Open(_bucket, proxy.Url)));
            Assert.Empty(FilesRead(proxy));
            Assert.InRange(proxy.Requests.Count, 5, 10);
        }

        // By somebody who knows of no catalog: an older release, the original, an editor.
        await bucket.WriteAsync([3, 40], "other");
        await Store().DeleteAsync([RepositoryKeys.Metadata(CatalogBucket.Id(7))], Token);
        using (var proxy = await ProxyAsync())
        {
            Assert.Equal(
                first.Where((_, number) => number is not (3 or 7)).Append(CatalogBucket.Row(3, "other")).Append(CatalogBucket.Row(40, "other")).Order(StringComparer.Ordinal),
                await bucket.ListAsync(() => Open(_bucket, proxy.Url)));
            Assert.Equal([CatalogBucket.Id(3), CatalogBucket.Id(40)], FilesRead(proxy));
        }
    }

    [Fact]
    public async Task What_is_stopped_is_in_the_catalog_for_two_requests_after_the_stop()
    {
        const int Runs = 17;
        await BucketAsync();
        using var proxy = await ProxyAsync();
        var bucket = new CatalogBucket(Store());
        using var machine = bucket.Fresh(() => Open(_bucket, proxy.Url));
        for (var run = 0; run < Runs; run++)
        {
            var experiment = await machine.Project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
            await experiment.AddAsync(ExperimentSteps.Loss(run));
            var before = CatalogRequests(proxy);
            await experiment.StopAsync(exitCode: run, cancellationToken: Token);
            await machine.WrittenAsync();
            Assert.InRange(CatalogRequests(proxy) - before, 1, RequestsOfStop);
        }

        // One more where a quarter of an hour ended meanwhile.
        Assert.InRange((await bucket.LayersAsync()).Count, 1, 2);
        using var listing = await ProxyAsync();
        using var other = bucket.Fresh(() => Open(_bucket, listing.Url));
        Assert.Equal(
            Enumerable.Range(0, Runs).Select(run => ((double)run, (int?)run)),
            (await other.ListAsync()).Select(found => (Convert.ToDouble(found.Checkpoints[0].Metrics["loss"], CultureInfo.InvariantCulture), found.ExitCode)).Order());
        Assert.Empty(FilesRead(listing));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("GET")]
    public async Task Who_has_no_right_to_the_catalog_lists_without_it_and_hears_nothing_of_it(string refused)
    {
        var bucket = await BucketAsync();
        await bucket.WriteAsync(Enumerable.Range(0, 20), "first");
        if (refused == "GET")
        {
            await bucket.ListAsync();
        }

        using var proxy = new FaultProxy(
            await ServerAsync(), request => (refused == "GET" || request.Method is "PUT" or "POST") && IsOfCatalog(request) ? new Fault.Status(403) : null);
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            Assert.Equal(
                Enumerable.Range(0, 20).Select(number => CatalogBucket.Row(number, "first")),
                await bucket.ListAsync(() => Open(_bucket, proxy.Url)));
        }

        Assert.Empty(log.Warnings);
        Assert.Equal(refused == "GET" ? 1 : 0, (await bucket.LayersAsync()).Count);
    }

    [Fact]
    public async Task Machines_that_stop_and_list_at_the_same_time_leave_a_whole_catalog()
    {
        var bucket = await BucketAsync();
        await bucket.WriteAsync(Enumerable.Range(0, 20), "first");
        var stopped = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            using var machine = bucket.Fresh(() => Open(_bucket, _server!));
            var experiment = await machine.Project.Experiments.CreateAsync(
                new ExperimentOptions { Command = $"run {number}", Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
            await experiment.StopAsync(cancellationToken: Token);
            await machine.ListAsync();
            await machine.WrittenAsync();
            return $"{experiment.Id} run {number}";
        }));

        var expected = Enumerable.Range(0, 20).Select(number => CatalogBucket.Row(number, "first")).Concat(stopped).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, await bucket.ListAsync());
        using var last = bucket.Fresh();
        Assert.DoesNotContain(await last.Project.CheckAsync(cancellationToken: Token).ToListAsync(Token), found => found.Path.StartsWith("catalog/", StringComparison.Ordinal));
        await last.Project.Experiments.RefreshAsync(cancellationToken: Token);
        Assert.Equal(expected, await bucket.ListAsync());
        Assert.Equal(26, (await bucket.EntriesAsync()).Select(entry => entry.Id).Distinct().Count());
    }

    /// <summary>A new bucket with a repository in it.</summary>
    private async Task<CatalogBucket> BucketAsync()
    {
        _server = await ServerAsync();
        await Store().PutAsync(RepositoryKeys.Specification, ObjectContent.FromBytes("""{"version":1}"""u8.ToArray()), cancellationToken: Token);
        return new CatalogBucket(Store());
    }

    private IObjectStore Store() => Open(_bucket, _server!);

    private async Task<FaultProxy> ProxyAsync() => new(await ServerAsync(), _ => null);

    /// <summary>The ids of the experiments whose files were read.</summary>
    private static string[] FilesRead(FaultProxy proxy) =>
    [
        .. proxy.Requests.Where(request => request.Method == "GET").Select(request => Uri.UnescapeDataString(request.Target))
            .Where(target => target.Contains("metadata/experiments/", StringComparison.Ordinal) && target.Contains(".json", StringComparison.Ordinal))
            .Select(target => target[(target.IndexOf("experiments/", StringComparison.Ordinal) + "experiments/".Length)..target.IndexOf(".json", StringComparison.Ordinal)])
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static int CatalogRequests(FaultProxy proxy) => proxy.Requests.Count(IsOfCatalog);

    private static bool IsOfCatalog(ProxiedRequest request) => Uri.UnescapeDataString(request.Target).Contains("catalog/", StringComparison.Ordinal);
}

public sealed class CatalogOnCephTests(TestServers servers) : CatalogContract
{
    private S3Settings? _settings;

    protected override async Task<string> ServerAsync() => (_settings ??= await servers.CephAsync()).Endpoint!;

    protected override IObjectStore Open(string bucket, string endpoint) => new S3Store($"s3://{bucket}/root", _settings! with { Endpoint = endpoint });
}

public sealed class CatalogOnSwiftTests(TestServers servers) : CatalogContract
{
    private S3Settings? _settings;

    // It has no conditional writes: one more looks whether the condition is met, and another finds that out.
    protected override int RequestsOfStop => 4;

    protected override async Task<string> ServerAsync() => (_settings ??= await servers.SwiftAsync()).Endpoint!;

    protected override IObjectStore Open(string bucket, string endpoint) => new S3Store($"s3://{bucket}/root", _settings! with { Endpoint = endpoint });
}

public sealed class CatalogOnAzuriteTests(TestServers servers) : CatalogContract
{
    private AzureSettings? _settings;

    protected override async Task<string> ServerAsync() => (_settings ??= await servers.AzuriteAsync()).Endpoint!;

    protected override IObjectStore Open(string bucket, string endpoint) => new AzureStore($"az://tester/{bucket}/root", _settings! with { Endpoint = endpoint });
}

public sealed class CatalogOnGoogleEmulatorTests(TestServers servers) : CatalogContract
{
    protected override Task<string> ServerAsync() => servers.GoogleAsync();

    protected override IObjectStore Open(string bucket, string endpoint) => new GcsStore($"gs://{bucket}/root", new GcsSettings(endpoint));
}

public sealed class CatalogOnStandInTests : CatalogContract, IDisposable
{
    private readonly GcsStandIn _server = new();

    public void Dispose() => _server.Dispose();

    protected override Task<string> ServerAsync() => Task.FromResult(_server.Url);

    protected override IObjectStore Open(string bucket, string endpoint) => new GcsStore($"gs://{bucket}/root", new GcsSettings(endpoint));
}
