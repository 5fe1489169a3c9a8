using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;
using Replicate.Adapters.Azure;
using Replicate.Adapters.Cloud;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Azure;

/// <summary>What a container that is missing, closed or away is told as: one error that names the account and what to do.</summary>
public class AzureBucketTests(TestServers servers)
{
    private static readonly ObjectContent Content = ObjectContent.FromBytes("x"u8.ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(S3BucketTests.Reads), MemberType = typeof(S3BucketTests), DisableDiscoveryEnumeration = true)]
    public async Task Nothing_but_a_write_creates_a_missing_container(string name, Func<IObjectStore, Task> read)
    {
        _ = name;
        var store = AzureTestStore.New(await servers.AzuriteAsync());

        await AssertErrorAsync("BucketNotFound", ErrorKind.NotFound, store, () => read(store));
        await AssertErrorAsync("BucketNotFound", ErrorKind.NotFound, store, () => read(store));
    }

    [Fact]
    public async Task The_first_write_creates_the_container_and_tells_so()
    {
        using var log = new VerboseLog();
        var store = AzureTestStore.New(await servers.AzuriteAsync(), "root");
        await Assert.ThrowsAsync<ReplicateException>(() => store.ReadAsync("a", Token));

        await store.PutAsync("a", Content, cancellationToken: Token);
        await store.PutAsync("b", Content, cancellationToken: Token);

        Assert.Single(log.Lines, line => line.StartsWith("Creating the container", StringComparison.Ordinal));
        Assert.Equal(["a", "b"], await store.ListAsync("", Token).Select(found => found.Key).Order().ToArrayAsync(Token));
    }

    [Fact]
    public async Task A_container_that_is_just_being_deleted_is_waited_for()
    {
        var settings = await servers.AzuriteAsync();
        var creations = 0;
        using var proxy = new FaultProxy(settings.Endpoint!, request =>
            request.Method == "PUT" && request.Target.Contains("restype=container") && ++creations < 3
                ? new Fault.Status(409, "x-ms-error-code: ContainerBeingDeleted") : null);

        Assert.NotNull(await AzureTestStore.New(settings with { Endpoint = proxy.Url }).PutAsync("a", Content, cancellationToken: Token));
    }

    [Fact]
    public async Task Credentials_of_another_account_are_not_sent()
    {
        var settings = await servers.AzuriteAsync();
        using var proxy = new FaultProxy(settings.Endpoint!, _ => null);
        var store = new AzureStore("az://guest/iris", settings with { Endpoint = proxy.Url });

        var error = await AssertErrorAsync("AccountMismatch", ErrorKind.InvalidArgument, store, () => store.ReadAsync("a", Token));

        Assert.Contains("'tester'", error.Message);
        Assert.Contains("AZURE_STORAGE_KEY", error.Message);
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("d3Jvbmc=")]
    [InlineData("hush, no Base64")]
    public async Task A_key_that_is_wrong_is_refused_and_not_told(string key)
    {
        var store = AzureTestStore.New(await servers.AzuriteAsync() with { Key = key });

        foreach (var ask in new Func<Task>[] { () => store.ReadAsync("a", Token), () => store.PutAsync("a", Content, cancellationToken: Token) })
        {
            var error = await AssertErrorAsync("CredentialsRefused", ErrorKind.PermissionDenied, store, ask);
            Assert.Contains("AZURE_STORAGE_KEY", error.Message + error.RecommendedAction);
            Assert.DoesNotContain(key, error.ToString());
        }
    }

    [Fact]
    public async Task A_signature_that_expired_is_told_with_its_time()
    {
        var settings = await servers.AzuriteAsync();
        var written = AzureTestStore.New(settings);
        await written.PutAsync("a", Content, cancellationToken: Token);
        var store = new AzureStore(written.Url, WithSignature(settings, written, BlobContainerSasPermissions.All, TimeSpan.FromMinutes(-2)));

        var error = await AssertErrorAsync("CredentialsRefused", ErrorKind.PermissionDenied, store, () => store.ReadAsync("a", Token));

        Assert.Contains($"expired at {DateTime.UtcNow:yyyy-}", error.Message);
        Assert.Contains("AZURE_STORAGE_SAS_TOKEN", error.RecommendedAction);
    }

    [Fact]
    public async Task A_signature_allows_what_it_says_and_copies_within_the_account()
    {
        var settings = await servers.AzuriteAsync();
        var written = AzureTestStore.New(settings);
        await written.PutAsync("a", Content, cancellationToken: Token);
        var reader = new AzureStore(written.Url, WithSignature(
            settings, written, BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, TimeSpan.FromHours(1)));

        Assert.NotNull(await reader.ReadAsync("a", Token));
        Assert.Single(await reader.ListAsync("", Token).ToListAsync(Token));
        var error = await AssertErrorAsync("StoreAccessDenied", ErrorKind.PermissionDenied, reader, () => reader.PutAsync("b", Content, cancellationToken: Token));
        Assert.Contains("Storage Blob Data Contributor on the storage account 'tester'", error.RecommendedAction);

        var all = WithSignature(settings, written, BlobContainerSasPermissions.All, TimeSpan.FromHours(1));
        var target = new AzureStore(written.Url + "/copy", all);
        Assert.True(await target.TryCopyFromAsync(new AzureStore(written.Url, all), "a", Token));
        Assert.NotNull(await target.ReadAsync("a", Token));
    }

    [Theory]
    [InlineData(-70, "behind")]
    [InlineData(70, "ahead")]
    public async Task A_clock_that_is_wrong_is_told_as_such(int minutes, string direction)
    {
        using var server = new FaultProxy("http://127.0.0.1:9", _ => new Fault.Status(
            403, "x-ms-error-code: AuthenticationFailed", $"Date: {DateTime.UtcNow.AddMinutes(-minutes):R}"));
        var store = AzureTestStore.New(await servers.AzuriteAsync() with { Endpoint = server.Url });

        var error = await AssertErrorAsync("ClockWrong", ErrorKind.PermissionDenied, store, () => store.ReadAsync("a", Token));

        Assert.Contains($"70 minutes {direction}", error.Message);
        Assert.Contains("Set the clock", error.RecommendedAction);
    }

    [Theory]
    [InlineData(409, "BlobImmutableDueToPolicy", "StoreImmutable", ErrorKind.PermissionDenied)]
    [InlineData(409, "BlobArchived", "StoreArchived", ErrorKind.Unavailable)]
    [InlineData(403, "AuthorizationFailure", "StoreAccessDenied", ErrorKind.PermissionDenied)]
    [InlineData(403, "AuthorizationPermissionMismatch", "StoreAccessDenied", ErrorKind.PermissionDenied)]
    [InlineData(401, "InvalidAuthenticationInfo", "CredentialsRefused", ErrorKind.PermissionDenied)]
    public async Task What_the_service_refuses_is_one_error(int status, string code, string id, ErrorKind kind)
    {
        var settings = await servers.AzuriteAsync();
        var written = AzureTestStore.New(settings);
        var version = await written.PutAsync("a", Content, cancellationToken: Token);
        using var server = new FaultProxy(settings.Endpoint!, request =>
            request.Method is "PUT" or "DELETE" ? new Fault.Status(status, $"x-ms-error-code: {code}") : null);
        var store = new AzureStore(written.Url, settings with { Endpoint = server.Url });

        await AssertErrorAsync(id, kind, store, () => store.PutAsync("a", Content, PutCondition.IfVersion(version!), Token));
        await AssertErrorAsync(id, kind, store, () => store.DeleteAsync(["a"], Token));
    }

    [Fact]
    public async Task A_lease_of_somebody_else_is_no_unmet_condition()
    {
        var settings = await servers.AzuriteAsync();
        var store = AzureTestStore.New(settings);
        var version = await store.PutAsync("a", Content, cancellationToken: Token);
        await new global::Azure.Storage.Blobs.Specialized.BlobLeaseClient(Client(settings, store).GetBlobClient("a"))
            .AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Token);

        var error = await AssertErrorAsync(
            "StoreAccessDenied", ErrorKind.PermissionDenied, store, () => store.PutAsync("a", Content, PutCondition.IfVersion(version!), Token));

        Assert.Contains("lease", error.Message);
    }

    [Fact]
    public async Task Directories_of_a_hierarchical_namespace_are_no_objects()
    {
        var settings = await servers.AzuriteAsync();
        var store = AzureTestStore.New(settings);
        await store.PutAsync("experiments/1/a", Content, cancellationToken: Token);
        foreach (var directory in new[] { "experiments", "experiments/1" })
        {
            await Client(settings, store).GetBlobClient(directory).UploadAsync(
                BinaryData.FromBytes(Array.Empty<byte>()),
                new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } }, Token);
        }

        Assert.Equal(["experiments/1/a"], await store.ListAsync("", Token).Select(found => found.Key).ToArrayAsync(Token));
        Assert.Null(await store.StatAsync("experiments", Token));
        Assert.Null(await store.ReadAsync("experiments/1", Token));
        Assert.Null(await store.OpenReadAsync("experiments/1", cancellationToken: Token));
    }

    [Fact]
    public async Task What_has_snapshots_is_deleted_with_them()
    {
        var settings = await servers.AzuriteAsync();
        var store = AzureTestStore.New(settings);
        await store.PutAsync("a", Content, cancellationToken: Token);
        await Client(settings, store).GetBlobClient("a").CreateSnapshotAsync(cancellationToken: Token);

        await store.DeleteAsync(["a", "missing"], Token);

        Assert.Empty(await store.ListAsync("", Token).ToListAsync(Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_objects_are_deleted_with_few_requests(bool hasSignature)
    {
        var settings = await servers.AzuriteAsync();
        using var proxy = new FaultProxy(settings.Endpoint!, _ => null);
        var written = AzureTestStore.New(settings, "a root/ü");
        string[] keys = [.. Enumerable.Range(0, 300).Select(number => $"{number}/50% ü 日本#?+.gz")];
        await Parallel.ForEachAsync(keys, Token, async (key, token) => await written.PutAsync(key, Content, cancellationToken: token));
        await written.PutAsync("kept", Content, cancellationToken: Token);
        var access = hasSignature ? WithSignature(settings, written, BlobContainerSasPermissions.All, TimeSpan.FromHours(1)) : settings;

        await new AzureStore(written.Url, access with { Endpoint = proxy.Url }).DeleteAsync([.. keys, "missing"], Token);

        Assert.Equal(["kept"], await written.ListAsync("", Token).Select(found => found.Key).ToArrayAsync(Token));
        Assert.Equal(2, proxy.Requests.Count);
        Assert.All(proxy.Requests, request => Assert.Contains("comp=batch", request.Target));
    }

    [Fact]
    public async Task Where_many_are_not_deleted_at_once_they_are_one_by_one()
    {
        var settings = await servers.AzuriteAsync();
        using var proxy = new FaultProxy(settings.Endpoint!, request =>
            request.Target.Contains("comp=batch") ? new Fault.Status(403, "x-ms-error-code: AuthorizationPermissionMismatch") : null);
        var store = AzureTestStore.New(settings with { Endpoint = proxy.Url });
        string[] keys = ["a", "b", "c"];
        await Parallel.ForEachAsync(keys, Token, async (key, token) => await store.PutAsync(key, Content, cancellationToken: token));

        await store.DeleteAsync(keys, Token);

        Assert.Empty(await store.ListAsync("", Token).ToListAsync(Token));
    }

    /// <remarks>Azurite does not copy ranges: the answers to that are made up here.</remarks>
    [Fact]
    public async Task Large_objects_are_copied_range_by_range()
    {
        var settings = await servers.AzuriteAsync();
        var written = AzureTestStore.New(settings);
        await written.PutAsync("a", ObjectContent.FromBytes(new byte[20_000_000]), cancellationToken: Token);
        using var proxy = new FaultProxy(settings.Endpoint!, request =>
            request.Target.Contains("/copy/") && request.Target.Contains("comp=block")
                ? new Fault.Status(201, "ETag: \"0x1\"", $"Last-Modified: {DateTime.UtcNow:R}") : null);
        var through = settings with { Endpoint = proxy.Url };
        var target = new AzureStore(written.Url + "/copy", through) { CopiedPartLength = 1 << 20 };

        Assert.True(await target.TryCopyFromAsync(new AzureStore(written.Url, through), "a", Token));

        Assert.Equal(3, proxy.Requests.Count(request => request.Target.Contains("comp=block&")));
        Assert.Single(proxy.Requests, request => request.Target.Contains("comp=blocklist"));
    }

    [Fact]
    public async Task A_large_object_is_put_once_though_the_answer_to_its_last_request_is_lost()
    {
        var settings = await servers.AzuriteAsync();
        var commits = 0;
        using var proxy = new FaultProxy(settings.Endpoint!, request =>
            request.Target.Contains("comp=blocklist") && request.Method == "PUT" && ++commits % 2 == 1 ? new Fault.ResetWhileAnswered(0) : null);
        var store = AzureTestStore.New(settings with { Endpoint = proxy.Url });
        var (ours, theirs) = (new byte[9_000_000], new byte[9_000_001]);

        var version = await store.PutAsync("a", ObjectContent.FromBytes(ours), PutCondition.IfAbsent, Token);
        var again = await store.PutAsync("a", ObjectContent.FromBytes(theirs), PutCondition.IfAbsent, Token);

        Assert.NotNull(version);
        Assert.Null(again);
        Assert.Equal((ours.Length, version), await store.StatAsync("a", Token) is { } found ? ((int)found.Length, found.Version) : default);
    }

    [Fact]
    public async Task Without_a_network_or_an_answer_there_is_one_error_soon()
    {
        using var silent = new FaultProxy("http://127.0.0.1:9", _ => new Fault.Silence(TimeSpan.FromMinutes(5)));
        var clock = Stopwatch.StartNew();

        string?[] endpoints = ["http://127.0.0.1:9", "http://192.0.2.1", silent.Url, null];
        await Task.WhenAll(endpoints.Select(async endpoint =>
        {
            var store = new AzureStore("az://nosuchaccount/iris", new AzureSettings(endpoint, Key: "a2V5", Origin: "AZURE_STORAGE_KEY"));
            await AssertErrorAsync("StoreUnreachable", ErrorKind.Unavailable, store, () => store.ReadAsync("a", Token));
        }));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task An_endpoint_that_is_none_of_the_account_is_told()
    {
        var store = new AzureStore("az://iris/data", new AzureSettings("https://other.example.org", Key: "a2V5", Origin: "AZURE_STORAGE_KEY"));

        await AssertErrorAsync("InvalidEndpoint", ErrorKind.InvalidArgument, store, () => store.ReadAsync("a", Token));
    }

    private static async Task<ReplicateException> AssertErrorAsync(string id, ErrorKind kind, AzureStore store, Func<Task> ask)
    {
        var error = await Assert.ThrowsAsync<ReplicateException>(ask);
        Assert.Equal((id, kind), (error.Id, error.Kind));
        Assert.Contains($"'{BucketUrl.ParseWithAccount(store.Url).Account}'", error.Message);
        return error;
    }

    private static BlobContainerClient Client(AzureSettings settings, AzureStore store) =>
        new(settings.UriOf("tester", BucketUrl.ParseWithAccount(store.Url).Bucket), new global::Azure.Storage.StorageSharedKeyCredential("tester", settings.Key));

    private static AzureSettings WithSignature(AzureSettings settings, AzureStore store, BlobContainerSasPermissions permissions, TimeSpan time) =>
        settings with
        {
            Key = null, Origin = "AZURE_STORAGE_SAS_TOKEN",
            Sas = Client(settings, store).GenerateSasUri(permissions, DateTimeOffset.UtcNow + time).Query.TrimStart('?'),
        };
}
