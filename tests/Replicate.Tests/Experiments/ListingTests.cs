using System.Collections;
using Replicate.Tests.Support;

namespace Replicate.Tests.Experiments;

public class ListingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"id\":\"abc\",\"created\":\"2020-09-01T21:42:25Z\"")]
    public async Task A_metadata_file_that_cannot_be_read_is_named_and_the_rest_listed(string content)
    {
        using var project = new TestProject();
        var good = await project.CreateAsync();
        project.Directory.Write(".replicate/metadata/experiments/abc.json", content);
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);

        Assert.Equal(good.Id, Assert.Single(await project.ListAsync()).Id);
        Assert.Contains("metadata/experiments/abc.json", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_are_anded_and_the_order_is_asked_for()
    {
        using var project = new TestProject();
        foreach (var rate in new[] { 0.1, 0.01, 1 })
        {
            await project.CreateAsync(new Hashtable { ["rate"] = rate });
        }

        var found = await project.Project.Experiments.ListAsync(
            new ExperimentQuery { Filter = ["rate > 0.01", "rate <= 1"], Sort = "rate-desc" }, cancellationToken: Token);

        Assert.Equal([1L, 0.1], found.Select(experiment => experiment.Params["rate"]));
    }

    [Fact]
    public async Task An_id_is_found_by_its_prefix_over_experiments_and_checkpoints()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        var checkpoint = await experiment.AddAsync();

        Assert.Null((await project.Project.FindAsync(experiment.Id[..10], Token)).Checkpoint);
        Assert.Equal(checkpoint.Id, (await project.Project.FindAsync(checkpoint.Id[..10].ToUpperInvariant(), Token)).Checkpoint!.Id);
        var exception = await Assert.ThrowsAsync<ReplicateException>(() => project.Project.FindAsync("zzz", Token));
        Assert.Equal("IdNotFound", exception.Id);
    }
}
