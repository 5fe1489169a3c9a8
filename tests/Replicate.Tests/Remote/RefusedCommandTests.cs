using System.Diagnostics;
using Replicate.Adapters.S3;
using Replicate.Stores;
using Replicate.Tests.Stores;
using Replicate.Tests.Stores.S3;
using Replicate.Tests.Stores.Servers;

namespace Replicate.Tests.Remote;

/// <summary>What a person reads of the command when a bucket can't be read.</summary>
public class RefusedCommandTests(TestServers servers)
{
    [Theory]
    [InlineData("tester", "wrong", "refuses the credentials", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("guest", "guest-secret", "not allowed", "s3:ListBucket")]
    [InlineData("tester", "testing", "There is no bucket", "Check its name")]
    [InlineData("nobody", "", "cannot be reached", "Check the network")]
    public async Task One_error_names_the_bucket_and_what_to_do_within_20_seconds(
        string accessKey, string secretKey, string expected, string action)
    {
        var settings = await servers.CephAsync();
        var bucket = S3TestStore.NewBucket();
        if (expected != "There is no bucket")
        {
            await new S3Store($"s3://{bucket}", settings).PutAsync(
                "repository.json", ObjectContent.FromBytes("{\"version\":1}"u8.ToArray()), cancellationToken: TestContext.Current.CancellationToken);
        }

        var clock = Stopwatch.StartNew();
        using var command = new ChildProcess(
            ["ls", "-R", $"s3://{bucket}"],
            [
                ("AWS_ENDPOINT_URL_S3", expected == "cannot be reached" ? "http://127.0.0.1:9" : settings.Endpoint!),
                ("AWS_ACCESS_KEY_ID", accessKey), ("AWS_SECRET_ACCESS_KEY", secretKey.Length > 0 ? secretKey : "any"),
            ],
            "Replicate.Cli.dll");
        var (exitCode, output, errors) = await command.WaitAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Contains($"'{bucket}'", errors, StringComparison.Ordinal);
        Assert.Contains(action, errors, StringComparison.OrdinalIgnoreCase);
        Assert.Single(errors.Split('\n'), line => line.StartsWith("Error:", StringComparison.Ordinal));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }
}
