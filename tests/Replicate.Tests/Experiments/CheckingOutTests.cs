using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

public class CheckingOutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_files_of_the_checkpoint_go_over_those_of_the_experiment()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        project.Directory.Write("train.py", "v1");
        project.Directory.Write("model.pth", "untrained");
        var experiment = await project.CreateAsync(path: ".");
        project.Directory.Write("model.pth", "trained");
        var checkpoint = await experiment.AddAsync(path: "model.pth");

        var result = await experiment.CheckOutAsync(checkpoint, new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);

        Assert.Equal(["model.pth", "train.py"], result.Files);
        Assert.Equal("trained", await File.ReadAllTextAsync(output.Combine("model.pth"), Token));
        await using var stream = await experiment.OpenFileAsync(checkpoint, "train.py", Token);
        Assert.Equal("v1", await new StreamReader(stream).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_needs_force()
    {
        using var project = new TestProject();
        project.Directory.Write("train.py", "v1");
        var experiment = await project.CreateAsync(path: "train.py");
        project.Directory.Write("train.py", "v2");

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.CheckOutAsync(null, new CheckOutOptions(), cancellationToken: Token));
        Assert.Equal("DirectoryNotEmpty", exception.Id);
        Assert.Equal("v2", await File.ReadAllTextAsync(project.Directory.Combine("train.py"), Token));

        await experiment.CheckOutAsync(null, new CheckOutOptions { Force = true }, cancellationToken: Token);
        Assert.Equal("v1", await File.ReadAllTextAsync(project.Directory.Combine("train.py"), Token));
    }

    [Fact]
    public async Task A_path_is_compared_by_its_components()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        project.Directory.Write("data/a", "a");
        project.Directory.Write("data2/b", "b");
        var experiment = await project.CreateAsync(path: ".");

        var result = await experiment.CheckOutAsync(
            null, new CheckOutOptions { OutputDirectory = output.Path, Path = "data" }, cancellationToken: Token);

        Assert.Equal(["data/a"], result.Files);
    }

    [Fact]
    public async Task A_missing_tarball_is_an_error_and_writes_nothing()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        project.Directory.Write("train.py", "v1");
        var experiment = await project.CreateAsync(path: "train.py");
        var checkpoint = await experiment.AddAsync(path: "train.py");
        File.Delete(project.Directory.Combine(".replicate", "checkpoints", checkpoint.Id + ".tar.gz"));

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => experiment.CheckOutAsync(
            checkpoint, new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token));

        Assert.Equal("ArchiveMissing", exception.Id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(output.Path));
    }

    [Fact]
    public async Task Metrics_alone_have_nothing_to_check_out()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.CheckOutAsync(null, new CheckOutOptions { Force = true }, cancellationToken: Token));

        Assert.Equal("NothingSaved", exception.Id);
    }
}
