using Replicate.Queries;
using Replicate.Runs;
using Replicate.Tests.Runs.Programs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Queries;

public class LineageTests
{
    [Fact]
    public async Task Tags_and_note_are_recorded_changed_and_filtered_by()
    {
        using var project = new TestProject();
        var experiment = await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { Tags = ["baseline", " v1 ", "v1"], Note = "First try", Heartbeat = HeartbeatMode.None },
            cancellationToken: TestContext.Current.CancellationToken);
        await project.CreateAsync();

        Assert.Equal("baseline, v1", experiment.Tags.ToString());
        Assert.Single(await project.ListAsync("tags = v1"));
        Assert.Single(await project.ListAsync("tags != v1"));
        Assert.Single(await project.ListAsync("note = \"First try\""));

        await experiment.SetAsync(["best"], note: null, TestContext.Current.CancellationToken);
        await experiment.SetAsync(null, note: "Second look", TestContext.Current.CancellationToken);

        var read = Assert.Single(await project.ListAsync("tag = best"));
        Assert.Equal(("best", "Second look"), (read.Tags.ToString(), read.Note));
        Assert.Equal("InvalidTag", (await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.SetAsync(["a,b"], null, TestContext.Current.CancellationToken))).Id);
    }

    [Theory]
    [InlineData("1 2", "6 7")]
    [InlineData("6 7", "6 7")]
    [InlineData("0 1", "6 7")]
    public async Task A_run_that_goes_on_from_a_checkpoint_names_its_parent_and_counts_on(string told, string recorded)
    {
        using var project = new TestProject();
        var parent = await project.CreateAsync();
        var checkpoint = await parent.AddAsync(step: 5);

        var result = await project.ShellAsync(
            $"for i in {told}; do echo step $i loss: 1; done", new RunOptions { Experiment = new ExperimentOptions { From = checkpoint } });

        Assert.Equal(recorded, string.Join(' ', result.Experiment.Checkpoints.Select(c => c.Step)));
        Assert.Equal(parent.Id, Assert.Single(await project.ListAsync($"parent = {parent.Id}")).Parent);
        Assert.Equal(checkpoint.Id, result.Experiment.Metadata.Extension!.ParentCheckpoint);
    }

    [Theory]
    [InlineData("c a b")]
    [InlineData("a none b")]
    [InlineData("b a a")]
    public void A_ring_of_parents_hides_nothing(string parents)
    {
        using var project = new TestProject();
        string[] ids = ["a", "b", "c"];
        var experiments = ids.Zip(parents.Split(' '), (id, parent) => new Experiment(
            project.Project, new ExperimentMetadata { Id = id, Extension = new ExperimentExtension { Parent = parent } }, heartbeat: null)).ToArray();

        Assert.Equal(ids, Lineage.Tree(experiments).Select(node => node.Experiment.Id).Order());
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_parents_is_a_tree_of_narrow_lines()
    {
        using var project = new TestProject();
        var experiments = Enumerable.Range(0, 100_000).Select(i => new Experiment(
            project.Project, new ExperimentMetadata { Id = $"{i}", Extension = new ExperimentExtension { Parent = $"{i - 1}" } }, heartbeat: null)).ToArray();

        var tree = Lineage.Tree(experiments);

        Assert.Equal(experiments, tree.Select(node => node.Experiment));
        Assert.Equal(123, tree.Max(node => node.Branch.Length));
    }

    [Fact]
    public async Task A_tree_shows_each_experiment_after_the_one_it_went_on_from()
    {
        using var project = new TestProject();
        var root = await project.CreateAsync();
        var alone = await project.CreateAsync();
        var first = await GoOnAsync(root);
        var second = await GoOnAsync(root);
        var below = await GoOnAsync(first);

        Assert.Equal(
            [(root.Id, ""), (first.Id, "├─ "), (below.Id, "│  └─ "), (second.Id, "└─ "), (alone.Id, "")],
            Lineage.Tree([root, alone, first, second, below]).Select(node => (node.Experiment.Id, node.Branch)));
        Assert.Equal(["", ""], Lineage.Tree([alone, below]).Select(node => node.Branch));

        async Task<Experiment> GoOnAsync(Experiment parent) => await project.Project.Experiments.CreateAsync(
            new ExperimentOptions { From = await parent.AddAsync(), Heartbeat = HeartbeatMode.None },
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
