using Replicate.Configuration;
using Replicate.Recording;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public sealed class RepositoryTrustTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("s3://theirs")]
    [InlineData("gs://theirs/root")]
    [InlineData("az://theirs/container")]
    public async Task A_remote_repository_of_a_file_is_refused_where_nobody_can_be_asked(string url)
    {
        var error = await Assert.ThrowsAsync<ReplicateException>(() => RequireAsync(Of(url), answer: null));

        Assert.Equal(("RepositoryNotTrusted", ErrorKind.PermissionDenied), (error.Id, error.Kind));
        Assert.Contains(url, error.Message, StringComparison.Ordinal);
        Assert.Contains($"REPLICATE_TRUST={url}", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_yes_is_asked_for_once_and_stands_for_this_project_and_this_repository_only()
    {
        Assert.Equal(1, await RequireAsync(Of("s3://one"), answer: true));
        Assert.Equal(0, await RequireAsync(Of("s3://one"), answer: false));
        await Assert.ThrowsAsync<ReplicateException>(() => RequireAsync(Of("s3://two"), answer: false));
        await Assert.ThrowsAsync<ReplicateException>(() => RequireAsync(Of("s3://one", "another"), answer: false));
    }

    [Fact]
    public async Task A_no_is_not_remembered_beyond_the_command()
    {
        var asked = new Answers(false);
        using (Log.SendTo(asked))
        {
            var trust = new RepositoryTrust(Of("s3://one"), _ => null);
            await Assert.ThrowsAsync<ReplicateException>(() => trust.RequireAsync(TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<ReplicateException>(() => trust.RequireAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(1, asked.Count);
        Assert.Equal(1, await RequireAsync(Of("s3://one"), answer: true));
    }

    [Theory]
    [InlineData("REPLICATE_TRUST", "s3://one", true)]
    [InlineData("REPLICATE_TRUST", "gs://x s3://one/", true)]
    [InlineData("REPLICATE_TRUST", "*", true)]
    [InlineData("REPLICATE_TRUST", "s3://on", false)]
    [InlineData("REPLICATE_TRUST", "s3://one/below", false)]
    [InlineData("REPLICATE_TRUST", "", false)]
    [InlineData("TF_BUILD", "True", true)]
    [InlineData("GITHUB_ACTIONS", "true", true)]
    [InlineData("CI", "true", false)]
    public async Task The_environment_can_say_so(string name, string value, bool isTrusted)
    {
        var trust = new RepositoryTrust(Of("s3://one"), variable => variable == name ? value : null);
        var error = await Record.ExceptionAsync(() => trust.RequireAsync(TestContext.Current.CancellationToken));

        Assert.Equal(isTrusted ? null : "RepositoryNotTrusted", (error as ReplicateException)?.Id);
    }

    [Fact]
    public async Task What_was_named_on_purpose_is_trusted_from_then_on()
    {
        Assert.Equal(0, await RequireAsync(Of("s3://one", argument: "s3://one"), answer: null));
        Assert.Equal(0, await RequireAsync(Of("s3://one"), answer: null));

        Project.Initialize(_directory.Combine("begun"), "gs://two");
        Assert.Equal(0, await RequireAsync(ProjectConfiguration.Resolve(null, null, _directory.Combine("begun"), null), answer: null));
    }

    [Fact]
    public async Task A_repository_on_the_disk_needs_no_trust() =>
        Assert.Equal(0, await RequireAsync(Of("file:///elsewhere"), answer: null));

    [Fact]
    public async Task What_another_project_remembers_is_not_taken_for_this_ones()
    {
        var configuration = Of("s3://one");
        var path = Path.Combine(LocalState.DirectoryFor(configuration), "trusted", LocalState.NameOf("s3://one"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "/another\ns3://one\n", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ReplicateException>(() => RequireAsync(configuration, answer: null));
    }

    [Fact]
    public async Task Nothing_is_written_without_it_and_reading_needs_none()
    {
        var store = new CountingStore(_directory.Combine("bucket"), "s3://one");
        _directory.Write("bucket/metadata/experiments/e1.json", """{"id": "e1", "created": "2020-09-01T21:42:25Z", "checkpoints": []}""");
        var project = new Project(Of("s3://one"), () => store);
        var before = Files();
        var experiment = Assert.Single(await project.Experiments.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
        Func<Task>[] writes =
        [
            () => project.Experiments.CreateAsync(new ExperimentOptions { Heartbeat = HeartbeatMode.None }),
            () => experiment.CheckpointAsync(new CheckpointOptions()), () => experiment.StopAsync(), () => experiment.SetAsync(["x"], "note"),
            () => experiment.DeleteAsync(), () => project.Experiments.CopyFromAsync([experiment]),
        ];
        foreach (var write in writes)
        {
            Assert.Equal("RepositoryNotTrusted", (await Assert.ThrowsAsync<ReplicateException>(write)).Id);
        }

        Assert.Equal(before, Files());
        Assert.False(LocalState.HasSpool(project.Configuration));

        string[] Files() => [.. Directory.EnumerateFiles(_directory.Combine("bucket"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static async Task<int> RequireAsync(ProjectConfiguration configuration, bool? answer)
    {
        var answers = new Answers(answer);
        using var log = Log.SendTo(answers);
        await new RepositoryTrust(configuration, _ => null).RequireAsync(TestContext.Current.CancellationToken);
        return answers.Count;
    }

    private ProjectConfiguration Of(string url, string project = "project", string? argument = null)
    {
        _directory.Write($"{project}/replicate.yaml", $"repository: {url}");
        return ProjectConfiguration.Resolve(argument, null, _directory.Combine(project), environment: null);
    }

    private sealed class Answers(bool? answer) : ILogSink
    {
        public int Count { get; private set; }

        public void Warn(string message)
        {
        }

        public void Verbose(string message)
        {
        }

        public Task<bool?> AskAsync(string question, CancellationToken cancellationToken)
        {
            Count++;
            return Task.FromResult(answer);
        }
    }
}
