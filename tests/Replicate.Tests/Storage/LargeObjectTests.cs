using System.Globalization;
using Replicate.Tests.Storage.Gcs;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage;

/// <summary>An object of 200 MB, written and read by a process of its own, whose memory nobody else uses.</summary>
public class LargeObjectTests(TestServers servers)
{
    private const long Most = 150_000_000;
    private const int Length = 200_000_000;

    [Fact]
    public async Task On_a_disk()
    {
        using var directory = new TemporaryDirectory();
        await AssertModestAsync($"file://{directory.Path}/repository", Length);
    }

    [Fact]
    public async Task On_Ceph() => await AssertModestAsync(ServerPlace.Of(await servers.CephAsync()));

    [Fact]
    public async Task On_Swift() => await AssertModestAsync(ServerPlace.Of(await servers.SwiftAsync()));

    [Fact]
    public async Task On_Azurite() => await AssertModestAsync(ServerPlace.Of(await servers.AzuriteAsync()));

    /// <remarks>It takes 130 MB with a request, and no chunks.</remarks>
    [Fact]
    public async Task On_Googles_emulator() =>
        await AssertModestAsync("gs://large/root", 100_000_000, ("STORAGE_EMULATOR_HOST", await servers.GoogleAsync()));

    [Fact]
    public async Task On_the_stand_in_for_Google()
    {
        using var server = new GcsStandIn();
        await AssertModestAsync("gs://large/root", Length, ("STORAGE_EMULATOR_HOST", server.Url));
        Assert.Equal(2, server.Sessions);
    }

    private static Task AssertModestAsync(ServerPlace place) => AssertModestAsync(place.Url, Length, place.Variables);

    private static async Task AssertModestAsync(string url, int length, params (string Name, string Value)[] variables)
    {
        var (exitCode, output, errors) = await ChildProcess.RunAsync(["large", url, $"{length}"], variables);
        Assert.True(exitCode == 0, errors);
        var grown = long.Parse(output, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"The process grew by {grown} bytes.");
        Assert.InRange(grown, 0, Most);
    }
}
