using System.Collections;
using Replicate.Tests.Support;

namespace Replicate.Tests.Recording;

public class CreatingTests
{
    private static readonly Hashtable Params = new() { ["learning_rate"] = 0.01, ["epochs"] = 5 };

    [Fact]
    public async Task An_experiment_is_listed_with_its_params()
    {
        using var project = new TestProject();
        var created = await project.CreateAsync(Params);

        var listed = Assert.Single(await project.ListAsync());

        Assert.Equal(created.Id, listed.Id);
        Assert.Matches("^[0-9a-f]{64}$", listed.Id);
        Assert.Equal(0.01, listed.Params["learning_rate"]);
        Assert.Equal(5L, listed.Params["epochs"]);
        Assert.Equal(DateTimeKind.Local, listed.Created.Kind);
    }

    [Fact]
    public async Task Without_a_path_there_is_metadata_alone()
    {
        using var project = new TestProject();
        var created = await project.CreateAsync();

        Assert.Equal(new[] { $"metadata/experiments/{created.Id}.json", "repository.json" }, project.RepositoryFiles());
    }

    [Theory]
    [InlineData("../outside.txt", "PathOutsideProject")]
    [InlineData("missing.txt", "PathNotFound")]
    public async Task A_wrong_path_is_refused_before_anything_is_written(string path, string error)
    {
        using var project = new TestProject();
        await File.WriteAllTextAsync(project.Directory.Combine("..", "outside.txt"), "", TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => project.CreateAsync(Params, path));

        Assert.Equal(error, exception.Id);
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task A_param_that_cannot_be_recorded_is_named()
    {
        using var project = new TestProject();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => project.CreateAsync(new Hashtable { ["secret"] = new System.Security.SecureString() }));

        Assert.Equal("UnsupportedValue", exception.Id);
        Assert.Contains("secret", exception.Message, StringComparison.Ordinal);
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task Nothing_is_listed_whose_files_are_all_ignored()
    {
        using var project = new TestProject();
        project.Directory.Write("data/a.txt", "a");
        project.Directory.Write(".replicateignore", "data/*\n");

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => project.CreateAsync(Params, "data"));

        Assert.Equal("NothingToSave", exception.Id);
        Assert.Empty(await project.ListAsync());
    }

    [Fact]
    public async Task The_repository_itself_is_not_saved()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("train.py", "pass");
        var project = new Project("file://runs/repository", directory.Path);
        var options = new ExperimentOptions { Path = ".", Heartbeat = HeartbeatMode.None };
        await project.Experiments.CreateAsync(options, cancellationToken: TestContext.Current.CancellationToken);

        var second = await project.Experiments.CreateAsync(options, cancellationToken: TestContext.Current.CancellationToken);

        var files = await second.ListFilesAsync(null, TestContext.Current.CancellationToken);
        Assert.Equal("train.py", Assert.Single(files).Path);
    }

    [Fact]
    public async Task A_repository_of_the_future_is_refused_with_both_versions()
    {
        using var project = new TestProject();
        project.Directory.Write(".replicate/repository.json", """{"version":2}""");

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => project.CreateAsync());

        Assert.Equal(ErrorKind.UnsupportedVersion, exception.Kind);
        Assert.Contains("version 2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("up to 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains(project.Project.Repository, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"version\":\"one\"}")]
    public async Task A_corrupt_specification_is_an_error_and_never_overwritten(string content)
    {
        using var project = new TestProject();
        var file = project.Directory.Write(".replicate/repository.json", content);

        await Assert.ThrowsAsync<ReplicateException>(() => project.CreateAsync());
        var exception = await Assert.ThrowsAsync<ReplicateException>(() => project.ListAsync());

        Assert.Equal("RepositoryDamaged", exception.Id);
        Assert.Equal(content, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Listing_where_nothing_is_creates_nothing()
    {
        using var project = new TestProject();

        Assert.Empty(await project.ListAsync());
        Assert.False(Directory.Exists(project.RepositoryPath));
    }

    [Fact]
    public async Task Cancelling_leaves_no_experiment()
    {
        using var project = new TestProject();
        project.Directory.Write("train.py", "pass");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "." }, cancellationToken: cancelled.Token));

        Assert.Empty(await project.ListAsync());
    }
}
