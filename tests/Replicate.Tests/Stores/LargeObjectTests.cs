using System.Diagnostics;
using System.Globalization;
using Replicate.Adapters.S3;
using Replicate.Tests.Stores.Gcs;
using Replicate.Tests.Stores.S3;
using Replicate.Tests.Stores.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Stores;

/// <summary>An object of 200 MB, written and read by a process of its own, whose memory nobody else uses.</summary>
public class LargeObjectTests(TestServers servers)
{
    private const long Most = 150_000_000;

    [Fact]
    public async Task On_a_disk()
    {
        using var directory = new TemporaryDirectory();
        await AssertModestAsync($"file://{directory.Path}/repository");
    }

    [Fact]
    public async Task On_Ceph() => await AssertModestAsync(await servers.CephAsync());

    [Fact]
    public async Task On_Swift() => await AssertModestAsync(await servers.SwiftAsync());

    [Fact]
    public async Task On_Googles_emulator() =>
        await AssertModestAsync("gs://large/root", ("STORAGE_EMULATOR_HOST", await servers.GoogleAsync()));

    [Fact]
    public async Task On_the_stand_in_for_Google()
    {
        using var server = new GcsStandIn();
        await AssertModestAsync("gs://large/root", ("STORAGE_EMULATOR_HOST", server.Url));
        Assert.Equal(2, server.Sessions);
    }

    private static Task AssertModestAsync(S3Settings settings) => AssertModestAsync(
        $"s3://{S3TestStore.NewBucket()}/root", ("AWS_ENDPOINT_URL_S3", settings.Endpoint!),
        ("AWS_ACCESS_KEY_ID", settings.AccessKey!), ("AWS_SECRET_ACCESS_KEY", settings.SecretKey!));

    private static async Task AssertModestAsync(string url, params (string Name, string Value)[] variables)
    {
        var child = Path.Combine(AppContext.BaseDirectory, "child", "Replicate.Tests.Child.dll");
        var start = new ProcessStartInfo("dotnet", [child, "large", url]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        Assert.InRange(long.Parse(output, CultureInfo.InvariantCulture), 0, Most);
    }
}
