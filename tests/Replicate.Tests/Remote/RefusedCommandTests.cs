using System.Diagnostics;
using Replicate.Adapters.Azure;
using Replicate.Adapters.S3;
using Replicate.Storage;
using Replicate.Tests.Storage;
using Replicate.Tests.Storage.Azure;
using Replicate.Tests.Storage.S3;
using Replicate.Tests.Storage.Servers;

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

        await AssertRefusedAsync(
            $"s3://{bucket}", expected, action, $"'{bucket}'",
            ("AWS_ENDPOINT_URL_S3", expected == "cannot be reached" ? "http://127.0.0.1:9" : settings.Endpoint!),
            ("AWS_ACCESS_KEY_ID", accessKey), ("AWS_SECRET_ACCESS_KEY", secretKey.Length > 0 ? secretKey : "any"));
    }

    [Theory]
    [InlineData("tester", "AZURE_STORAGE_KEY", "d3Jvbmc=", "refuses the credentials", "Check AZURE_STORAGE_KEY")]
    [InlineData("tester", "AZURE_STORAGE_SAS_TOKEN", "?sv=2024-11-04&se=2020-01-01T00%3A00%3A00Z&sr=c&sp=rl&sig=x", "expired at 2020-01-01", "Make a new one")]
    [InlineData("guest", "AZURE_STORAGE_KEY", null, "is of the storage account 'tester', not of 'guest'", "Write az://tester/")]
    [InlineData("tester", "AZURE_STORAGE_KEY", null, "There is no container", "Check its name")]
    [InlineData("tester", "AZURE_STORAGE_BLOB_ENDPOINT", "http://127.0.0.1:9", "cannot be reached", "Check the network")]
    [InlineData("tester", "AZURE_STORAGE_CONNECTION_STRING", "hush", "is no connection string", "show-connection-string")]
    public async Task One_error_names_the_storage_account_and_what_to_do_within_20_seconds(
        string account, string variable, string? value, string expected, string action)
    {
        var settings = await servers.AzuriteAsync();
        var variables = AzureTestStore.ToVariables(settings).Where(given => value is null || given.Name is "AZURE_STORAGE_BLOB_ENDPOINT" || !variable.Contains("SAS"))
            .Append(("AZURE_STORAGE_ACCOUNT", "tester")).Append((variable, value ?? settings.Key!));

        await AssertRefusedAsync(
            $"az://{account}/{S3TestStore.NewBucket()}", expected, action,
            variable.Contains("CONNECTION") ? variable : $"'{account}'", variables.ToArray());
    }

    private static async Task AssertRefusedAsync(
        string url, string expected, string action, string named, params (string Name, string Value)[] variables)
    {
        var clock = Stopwatch.StartNew();
        using var command = new ChildProcess(["ls", "-R", url], variables, "Replicate.Cli.dll");
        var (exitCode, output, errors) = await command.WaitAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.Contains(action, errors, StringComparison.OrdinalIgnoreCase);
        Assert.Single(errors.Split('\n'), line => line.StartsWith("Error:", StringComparison.Ordinal));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }
}
