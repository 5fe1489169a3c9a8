using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Replicate.Adapters.Gcs;
using Replicate.Storage;
using Replicate.Tests.Storage.Faults;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.Gcs;

public sealed class GcsBucketTests : IDisposable
{
    private static readonly ObjectContent Content = ObjectContent.FromBytes("x"u8.ToArray());

    private readonly GcsStandIn _server = new(wantsToken: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Nothing_but_a_write_creates_a_missing_bucket()
    {
        Func<IObjectStore, Task>[] reads =
        [
            store => store.ReadAsync("a", Token),
            store => store.OpenReadAsync("a", cancellationToken: Token),
            store => store.StatAsync("a", Token),
            async store => await store.ListAsync("", Token).ToListAsync(Token),
            store => store.DeleteAsync(["a"], Token),
        ];
        foreach (var read in reads)
        {
            var store = New("gs://iris", Credentials());
            for (var i = 0; i < 2; i++)
            {
                var error = await Assert.ThrowsAsync<ReplicateException>(() => read(store));
                Assert.Equal(("BucketNotFound", ErrorKind.NotFound), (error.Id, error.Kind));
                Assert.Contains("'iris'", error.Message);
            }
        }

        Assert.Empty(_server.Projects);
    }

    [Theory]
    [InlineData(null, "project-of-the-credentials")]
    [InlineData("project-of-the-variable", "project-of-the-variable")]
    public async Task The_first_write_creates_the_bucket_in_the_project_and_tells_so(string? variable, string expected)
    {
        using var log = new VerboseLog();
        var store = new GcsStore("gs://iris/root", new GcsSettings(_server.Url, Credentials(), Project: variable));

        await store.PutAsync("a", Content, cancellationToken: Token);
        await store.PutAsync("b", Content, cancellationToken: Token);

        Assert.Equal(expected, _server.Projects["iris"]);
        Assert.Single(log.Lines, line => line.StartsWith("Creating the bucket 'iris'", StringComparison.Ordinal));
        Assert.Equal(["a", "b"], await store.ListAsync("", Token).Select(found => found.Key).Order().ToArrayAsync(Token));
    }

    [Fact]
    public async Task Credentials_that_Google_refuses_are_one_error_that_names_the_bucket()
    {
        await AssertErrorAsync("CredentialsRefused", ErrorKind.PermissionDenied, New("gs://iris", null));
        await AssertErrorAsync("CredentialsRefused", ErrorKind.PermissionDenied, New("gs://iris", Credentials("no-token")));
        await AssertErrorAsync("CredentialsNotFound", ErrorKind.PermissionDenied, New("gs://iris", "not JSON"));
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("with space")]
    public async Task A_name_that_no_bucket_can_have_is_an_error_that_says_so(string name)
    {
        foreach (var ask in new Func<IObjectStore, Task>[]
            { store => store.ReadAsync("a", Token), store => store.PutAsync("a", Content, cancellationToken: Token) })
        {
            var error = await Assert.ThrowsAsync<ReplicateException>(() => ask(New($"gs://{name}", Credentials())));
            Assert.Equal(("InvalidBucketName", ErrorKind.InvalidArgument), (error.Id, error.Kind));
            Assert.Contains($"'{name}'", error.Message);
        }
    }

    [Fact]
    public async Task Without_a_network_or_an_answer_there_is_one_error_soon()
    {
        using var silent = new FaultProxy("http://127.0.0.1:9", _ => new Fault.Silence(TimeSpan.FromMinutes(5)));
        var clock = Stopwatch.StartNew();

        string[] endpoints = ["http://127.0.0.1:9", "http://no-such-host.invalid", "http://192.0.2.1", silent.Url];
        await Task.WhenAll(endpoints.Select(endpoint => AssertErrorAsync(
            "StoreUnreachable", ErrorKind.Unavailable, new GcsStore("gs://iris", new GcsSettings(endpoint)))));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task A_server_that_has_answered_before_may_be_silent_for_longer()
    {
        var reads = 0;
        using var busy = new FaultProxy(_server.Url, request => request.Method == "GET" && request.Target.Contains("/o/a")
            && Interlocked.Increment(ref reads) <= 2 ? new Fault.Silence(TimeSpan.FromMinutes(5)) : null);
        var settings = new GcsSettings(busy.Url, Credentials());
        await new GcsStore("gs://iris", settings).PutAsync("a", Content, cancellationToken: Token);

        Assert.NotNull(await new GcsStore("gs://iris", settings).ReadAsync("a", Token));

        Assert.Equal(3, reads);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(9_000_000)]
    public async Task What_arrives_damaged_is_an_error_and_is_not_kept(int length)
    {
        var store = New("gs://iris", Credentials());
        await store.PutAsync("first", Content, cancellationToken: Token);
        _server.IsDamaging = true;
        using var directory = new TemporaryDirectory();
        var file = directory.Combine("weights");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(length), Token);

        var error = await Assert.ThrowsAsync<ReplicateException>(
            () => store.PutAsync("a", ObjectContent.FromFile(file), cancellationToken: Token));

        Assert.Equal("UploadDamaged", error.Id);
        Assert.Null(await store.StatAsync("a", Token));
    }

    private static async Task AssertErrorAsync(string id, ErrorKind kind, GcsStore store)
    {
        var error = await Assert.ThrowsAsync<ReplicateException>(() => store.ReadAsync("a", Token));
        Assert.Equal((id, kind), (error.Id, error.Kind));
        Assert.Contains("'iris'", error.Message);
    }

    private GcsStore New(string url, string? credentials) => new(url, new GcsSettings(_server.Url, credentials));

    /// <summary>The key of a service account that exists nowhere but here.</summary>
    private string Credentials(string tokenPath = "token")
    {
        using var key = RSA.Create(2048);
        return JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["type"] = "service_account", ["project_id"] = "project-of-the-credentials", ["private_key_id"] = "1",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(), ["client_email"] = "tests@example.org",
            ["token_uri"] = $"{_server.Url}/{tokenPath}",
        });
    }
}
