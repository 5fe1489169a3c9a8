using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reliability;

/// <summary>A secret in the URL of a repository is nowhere to be read.</summary>
public class SecretTests
{
    private const string Secret = "wJalrXUtnFEMI";

    public static TheoryData<string> Urls =>
    [
        $"s3://AKIAIOSFODNN7EXAMPLE:{Secret}@bucket", $"s3://AKIA:{Secret}@bucket/root", $"gs://user:{Secret}@bucket",
        $"S3://user:{Secret}@bucket", $"https://user:{Secret}@host/x", $"user:{Secret}@host", $"s3://{Secret}:@bucket", $"ssh://{Secret}@host",
        $"az://account:{Secret}@host/container", $"az://account/container?sv=2024-11-04&sig={Secret}", $"https://a.blob.core.windows.net/c?sig={Secret}",
    ];

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task It_is_refused_and_not_repeated(string url)
    {
        using var directory = new TemporaryDirectory();
        await AssertRefusedAsync(directory, "ls", "--verbose", "-R", url);

        directory.Write("replicate.yaml", $"repository: \"{url}\"\n");
        await AssertRefusedAsync(directory, "ls", "--verbose");
        Assert.Throws<ReplicateException>(() => ProjectConfiguration.Write(directory.Combine("new"), url));
        Assert.False(Directory.Exists(directory.Combine("new")));
        var error = Assert.Throws<ReplicateException>(() => ProjectConfiguration.Resolve(null, null, directory.Combine("other"), environment: url));
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_recorded_of_a_run_holds_no_secret()
    {
        using var project = new TestProject();
        await project.Project.Experiments.CreateAsync(
            new ExperimentOptions
            {
                Command = $"train.py --api-key {Secret} s3://user:{Secret}@bucket", Heartbeat = HeartbeatMode.None,
                Params = new Dictionary<string, object> { ["password"] = Secret, ["url"] = $"https://user:{Secret}@host/" },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        foreach (var file in project.RepositoryFiles())
        {
            Assert.DoesNotContain(
                Secret, await File.ReadAllTextAsync(Path.Combine(project.RepositoryPath, file), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static async Task AssertRefusedAsync(TemporaryDirectory directory, params string[] arguments)
    {
        var result = await CommandResult.OfAsync(directory.Path, arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain(Secret, result.Output + result.Error, StringComparison.Ordinal);
    }
}
