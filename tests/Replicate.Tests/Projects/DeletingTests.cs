using Replicate.Tests.Support;

namespace Replicate.Tests.Projects;

public class DeletingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_experiment_goes_with_all_that_belongs_to_it()
    {
        using var project = new TestProject();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "model.pth" }, cancellationToken: Token);
        await experiment.AddAsync(path: "model.pth");
        Assert.Equal(5, project.RepositoryFiles().Count(file => !file.StartsWith("journal/", StringComparison.Ordinal)));

        await experiment.DeleteAsync(Token);

        Assert.Equal(["repository.json"], project.RepositoryFiles());
    }

    [Fact]
    public async Task A_checkpoint_goes_with_its_entry_and_the_rest_checks_out()
    {
        using var project = new TestProject();
        using var output = new TemporaryDirectory();
        project.Directory.Write("model.pth", "weights");
        var experiment = await project.CreateAsync(path: "model.pth");
        await experiment.AddAsync(path: "model.pth");
        var second = await experiment.AddAsync(path: "model.pth");

        await experiment.DeleteCheckpointAsync(second, Token);

        var listed = Assert.Single(await project.ListAsync());
        Assert.DoesNotContain(project.RepositoryFiles(), file => file.Contains(second.Id, StringComparison.Ordinal));
        var result = await listed.CheckOutAsync(listed.Latest(), new CheckOutOptions { OutputDirectory = output.Path }, cancellationToken: Token);
        Assert.Equal(["model.pth"], result.Files);
    }
}
