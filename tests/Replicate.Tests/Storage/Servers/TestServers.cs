using Replicate.Adapters.Azure;
using Replicate.Adapters.S3;
using Replicate.Tests.Storage.Azure;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Replicate.Tests.Storage.Servers;

/// <summary>
/// The servers that stores are tested against, each started when the first test wants it and ended after the last. A
/// server that isn't installed skips the test.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private readonly Lazy<Task<ServerProcess>> _ceph = new(() => ServerProcess.StartAsync(
        "/bin/sh", (directory, port) => ["ceph.sh", directory, $"{port}", "tester", "testing"]));

    private readonly Lazy<Task<ServerProcess>> _swift = new(() => ServerProcess.StartAsync(
        "/usr/bin/python3", (directory, port) => ["swift_s3.py", directory, $"{port}", "test:tester", "testing", "eu-west-1"]));

    private readonly Lazy<Task<ServerProcess>> _google = new(() => ServerProcess.StartAsync(
        "node", (_, port) => ["gcs.js", $"{port}"]));

    private readonly Lazy<Task<ServerProcess>> _azurite = new(() => ServerProcess.StartAsync(
        "node", (directory, port) => ["azurite.js", directory, $"{port}"]));

    /// <summary>Ceph's gateway: a strict S3.</summary>
    internal async Task<S3Settings> CephAsync()
    {
        var server = await GetAsync(_ceph, Needs.Ceph);
        return new S3Settings(server.Url, null, AccessKey: "tester", SecretKey: "testing");
    }

    /// <summary>Swift's S3 middleware, in the region eu-west-1: without conditional writes, and without much else.</summary>
    internal async Task<S3Settings> SwiftAsync()
    {
        var server = await GetAsync(_swift, Needs.Swift);
        return new S3Settings(server.Url, null, AccessKey: "test:tester", SecretKey: "testing");
    }

    /// <summary>The URL of Google's emulator.</summary>
    internal async Task<string> GoogleAsync() => (await GetAsync(_google, Needs.GoogleEmulator)).Url;

    /// <summary>Azurite, with the accounts "tester" and "guest"; the settings are those of the first.</summary>
    internal async Task<AzureSettings> AzuriteAsync()
    {
        var server = await GetAsync(_azurite, Needs.Azurite);
        return new AzureSettings(server.Url, "tester", Key: AzureTestStore.KeyOf("testing"), Origin: "AZURE_STORAGE_KEY");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _ceph, _swift, _google, _azurite }.Where(server => server.IsValueCreated))
        {
            try
            {
                (await server.Value).Dispose();
            }
            catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
            {
                // It never started, which its tests have told.
            }
        }
    }

    private static async Task<ServerProcess> GetAsync(Lazy<Task<ServerProcess>> server, Need need)
    {
        need.Require();
        return await server.Value;
    }
}
