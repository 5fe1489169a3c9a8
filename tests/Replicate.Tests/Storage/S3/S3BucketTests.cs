using System.Diagnostics;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.S3;

public class S3BucketTests(TestServers servers)
{
    private static readonly ObjectContent Content = ObjectContent.FromBytes("x"u8.ToArray());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<IObjectStore, Task>> Reads => new()
    {
        { "read", store => store.ReadAsync("a", Token) },
        { "open", store => store.OpenReadAsync("a", cancellationToken: Token) },
        { "stat", store => store.StatAsync("a", Token) },
        { "list", async store => await store.ListAsync("", Token).ToListAsync(Token) },
        { "delete", store => store.DeleteAsync(["a"], Token) },
    };

    [Theory]
    [MemberData(nameof(Reads), DisableDiscoveryEnumeration = true)]
    public async Task Nothing_but_a_write_creates_a_missing_bucket(string name, Func<IObjectStore, Task> read)
    {
        _ = name;
        foreach (var settings in new[] { await servers.CephAsync(), await servers.SwiftAsync() })
        {
            var store = S3TestStore.New(settings);

            for (var i = 0; i < 2; i++)
            {
                var error = await Assert.ThrowsAsync<ReplicateException>(() => read(store));
                Assert.Equal(("BucketNotFound", ErrorKind.NotFound), (error.Id, error.Kind));
                Assert.Contains(store.Url["s3://".Length..], error.Message);
            }
        }
    }

    [Fact]
    public async Task The_first_write_creates_the_bucket_and_tells_so()
    {
        foreach (var settings in new[] { await servers.CephAsync(), await servers.SwiftAsync() })
        {
            using var log = new VerboseLog();
            var store = S3TestStore.New(settings, "root");
            await Assert.ThrowsAsync<ReplicateException>(() => store.ReadAsync("a", Token));

            await store.PutAsync("a", Content, cancellationToken: Token);
            await store.PutAsync("b", Content, cancellationToken: Token);

            Assert.Single(log.Lines, line => line.StartsWith("Creating the bucket", StringComparison.Ordinal));
            Assert.Equal(["a", "b"], await store.ListAsync("", Token).Select(found => found.Key).Order().ToArrayAsync(Token));
        }
    }

    [Fact]
    public async Task The_region_of_the_bucket_is_found()
    {
        var settings = await servers.SwiftAsync() with { Region = "us-west-2" };
        var written = S3TestStore.New(settings);
        await written.PutAsync("a", Content, cancellationToken: Token);

        Assert.NotNull(await new S3Store(written.Url, settings).StatAsync("a", Token));
        Assert.NotNull(await new S3Store(written.Url, settings).ReadAsync("a", Token));
    }

    [Fact]
    public async Task Wrong_credentials_are_one_error_that_names_the_bucket()
    {
        foreach (var settings in new[] { await servers.CephAsync(), await servers.SwiftAsync() })
        {
            var written = S3TestStore.New(settings);
            await written.PutAsync("a", Content, cancellationToken: Token);
            foreach (var wrong in new[] { settings with { SecretKey = "wrong" }, settings with { AccessKey = "nobody" } })
            {
                var store = new S3Store(written.Url, wrong);
                await AssertRefusedAsync("CredentialsRefused", store, () => store.ReadAsync("a", Token));
                await AssertRefusedAsync("CredentialsRefused", store, () => store.PutAsync("a", Content, cancellationToken: Token));
            }
        }
    }

    [Fact]
    public async Task A_bucket_of_somebody_else_is_one_error_that_names_it()
    {
        var settings = await servers.CephAsync();
        var written = S3TestStore.New(settings);
        await written.PutAsync("a", Content, cancellationToken: Token);
        var store = new S3Store(written.Url, settings with { AccessKey = "guest", SecretKey = "guest-secret" });

        await AssertRefusedAsync("StoreAccessDenied", store, () => store.ReadAsync("a", Token));
        await AssertRefusedAsync("StoreAccessDenied", store, () => store.PutAsync("b", Content, cancellationToken: Token));
        await AssertRefusedAsync("StoreAccessDenied", store, () => store.DeleteAsync(["a"], Token));
        await AssertRefusedAsync("StoreAccessDenied", store, async () => await store.ListAsync("", Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Without_a_network_or_an_answer_there_is_one_error_soon()
    {
        using var silent = new FaultProxy("http://127.0.0.1:9", _ => new Fault.Silence(TimeSpan.FromMinutes(5)));
        var clock = Stopwatch.StartNew();

        string[] endpoints = ["http://127.0.0.1:9", "http://no-such-host.invalid", "http://192.0.2.1", silent.Url];
        await Task.WhenAll(endpoints.Select(async endpoint =>
        {
            var store = new S3Store("s3://iris", new S3Settings(endpoint, null, AccessKey: "a", SecretKey: "b"));
            var error = await Assert.ThrowsAsync<ReplicateException>(() => store.ReadAsync("a", Token));
            Assert.Equal(("StoreUnreachable", ErrorKind.Unavailable), (error.Id, error.Kind));
            Assert.Contains("'iris'", error.Message);
        }));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task A_missing_profile_is_one_error_that_names_the_bucket()
    {
        var store = new S3Store("s3://iris", new S3Settings("http://127.0.0.1:9", null, Profile: "no-such-profile"));

        await AssertRefusedAsync("CredentialsNotFound", store, () => store.ReadAsync("a", Token));
    }

    private static async Task AssertRefusedAsync(string id, S3Store store, Func<Task> ask)
    {
        var error = await Assert.ThrowsAsync<ReplicateException>(ask);
        Assert.Equal((id, ErrorKind.PermissionDenied), (error.Id, error.Kind));
        Assert.Contains(store.Url["s3://".Length..], error.Message);
    }
}
