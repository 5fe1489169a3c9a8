using Replicate.Adapters.S3;
using Replicate.Tests.Storage.Servers;
using Replicate.Tests.Support;

namespace Replicate.Tests.Storage.S3;

/// <summary>What the environment of a process says is taken, in a process with an environment of its own.</summary>
public class S3EnvironmentTests(TestServers servers)
{
    [Fact]
    public async Task A_named_profile_says_where_and_who()
    {
        var settings = await servers.CephAsync();
        using var directory = new TemporaryDirectory();
        var credentials = directory.Write(
            "credentials", $"[lab]\naws_access_key_id={settings.AccessKey}\naws_secret_access_key={settings.SecretKey}\n");
        var config = directory.Write("config", $"[profile lab]\nendpoint_url = {settings.Endpoint}\n");

        var (exitCode, _, errors) = await ChildProcess.RunAsync(
            ["large", $"s3://{S3TestStore.NewBucket()}", "1000"],
            ("AWS_PROFILE", "lab"), ("AWS_SHARED_CREDENTIALS_FILE", credentials), ("AWS_CONFIG_FILE", config));

        Assert.True(exitCode == 0, errors);
    }

    [Fact]
    public async Task Without_credentials_there_is_one_error_soon()
    {
        using var directory = new TemporaryDirectory();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var (exitCode, _, errors) = await ChildProcess.RunAsync(
            ["large", "s3://iris", "1000"],
            ("AWS_ENDPOINT_URL_S3", (await servers.CephAsync()).Endpoint!), ("HOME", directory.Path),
            ("AWS_SHARED_CREDENTIALS_FILE", directory.Combine("none")), ("AWS_CONFIG_FILE", directory.Combine("none")));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("There are no credentials for the bucket 'iris'", errors);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"It took {clock.Elapsed}.");
    }
}
