using System.Diagnostics;
using Replicate.Adapters.S3;
using Replicate.Tests.Stores.Servers;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Replicate.Tests.Stores.Servers;

/// <summary>
/// The servers that stores are tested against, each started when the first test wants it and ended after the last. A
/// server that isn't installed skips the test; with CI set it is installed first.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private readonly Lazy<Task<ServerProcess>> _ceph = new(() => ServerProcess.StartAsync(
        "/bin/sh", (directory, port) => ["ceph.sh", directory, $"{port}", "tester", "testing"]));

    private readonly Lazy<Task<ServerProcess>> _swift = new(() => ServerProcess.StartAsync(
        "/usr/bin/python3", (directory, port) => ["swift_s3.py", directory, $"{port}", "test:tester", "testing", "eu-west-1"]));

    private readonly Lazy<Task<ServerProcess>> _google = new(() => ServerProcess.StartAsync(
        "node", (_, port) => ["gcs.js", $"{port}"]));

    /// <summary>Ceph's gateway: a strict S3.</summary>
    internal async Task<S3Settings> CephAsync()
    {
        var server = await GetAsync(_ceph, "Ceph's S3 gateway", File.Exists("/usr/bin/radosgw") && File.Exists("/usr/bin/ceph-osd"));
        return new S3Settings(server.Url, null, AccessKey: "tester", SecretKey: "testing");
    }

    /// <summary>Swift's S3 middleware, in the region eu-west-1: without conditional writes, and without much else.</summary>
    internal async Task<S3Settings> SwiftAsync()
    {
        var server = await GetAsync(_swift, "Swift", Directory.Exists("/usr/lib/python3/dist-packages/swift"));
        return new S3Settings(server.Url, null, AccessKey: "test:tester", SecretKey: "testing");
    }

    /// <summary>The URL of Google's emulator.</summary>
    internal async Task<string> GoogleAsync() => (await GetAsync(
        _google, "Google's storage emulator",
        Directory.Exists(Path.Combine(ServerProcess.Scripts, "node_modules", "firebase-tools")))).Url;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _ceph, _swift, _google }.Where(server => server.IsValueCreated))
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

    private static async Task<ServerProcess> GetAsync(Lazy<Task<ServerProcess>> server, string name, bool isInstalled)
    {
        await Installed.Value;
        Assert.SkipUnless(
            isInstalled || Environment.GetEnvironmentVariable("CI") is { Length: > 0 },
            $"{name} is not installed: tests/servers/install.sh gets it from Debian's packages or from npm.");
        return await server.Value;
    }

    private static async Task InstallAsync()
    {
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
        {
            using var install = Process.Start("/bin/sh", [Path.Combine(ServerProcess.Scripts, "install.sh")]);
            await install.WaitForExitAsync();
        }
    }
}
