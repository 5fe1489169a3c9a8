using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Cache;

public class LookupTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a0")]
    [InlineData("A0B")]
    [InlineData("a0b1c2d3e4f5a6b7")]
    [InlineData("a0b1c2d3e4f5a6b7c")]
    [InlineData(" b ")]
    [InlineData("c")]
    [InlineData("odd")]
    [InlineData("0")]
    [InlineData("+a0")]
    [InlineData("")]
    public async Task What_an_id_stands_for_does_not_depend_on_the_index(string id)
    {
        using var project = new DiskProject();
        Write(project, Hex("a0b1c2d3e4f5a6b7c"), Hex("b"), Hex("a0b1c2d3e4f5a6b7d"));
        Write(project, Hex("a0c"), Hex("a0b1c2d3e4f5a6b8"), Hex("c0"));
        Write(project, Hex("d"), "odd-id", Hex("e"));
        var before = await FindAsync(project, id);
        Assert.True(project.HasIndex);

        Assert.Equal(before, await FindAsync(project, id));
    }

    [Fact]
    public async Task A_full_id_is_looked_up_without_a_list()
    {
        using var project = new DiskProject();
        Write(project, Hex("a"), Hex("c"));
        Write(project, Hex("b"));

        var found = await project.Open().FindAsync($" {Hex("a").ToUpperInvariant()}", Token);
        Assert.Equal(Hex("a"), found.Id);
        Assert.Equal(Hex("c"), Assert.Single(found.Experiment.Checkpoints).Id);
        Assert.False(project.HasIndex);

        Assert.Equal("checkpoint", (await FindAsync(project, Hex("c"))).Split(' ')[0]);
        Assert.Contains("IdNotFound", await FindAsync(project, Hex("d")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_may_be_meant_is_listed_and_what_changed()
    {
        using var project = new DiskProject();
        string[] ids = [Hex("a"), Hex("b"), Hex("c")];
        Array.ForEach(ids, id => Write(project, id, Hex($"1{id[0]}")));
        await project.ListAsync();

        Assert.Equal([ids[1]], await KnownAsync(project, "B"));
        Assert.Equal([ids[2]], await KnownAsync(project, "1c"));
        Assert.Equal(ids, await KnownAsync(project, ""));
        Assert.Equal(ids, await KnownAsync(project, "1"));
        Assert.Empty(await KnownAsync(project, "x"));

        Write(project, ids[0], Hex("b0"), Hex("b1"));
        Assert.Equal("checkpoint", (await FindAsync(project, "b1")).Split(' ')[0]);
        Assert.Equal([ids[0], ids[1]], await KnownAsync(project, "b"));
    }

    [Fact]
    public async Task Looking_one_up_keeps_the_index_of_the_others()
    {
        using var project = new DiskProject();
        string[] ids = [Hex("a"), Hex("b"), Hex("c")];
        Array.ForEach(ids, id => Write(project, id));
        await project.ListAsync();
        var written = DateTime.UtcNow.AddHours(-2);
        File.SetLastWriteTimeUtc(project.IndexFile, written);

        await FindAsync(project, "a");
        Assert.Equal(written, File.GetLastWriteTimeUtc(project.IndexFile));

        project.Delete(ids[1]);
        Write(project, Hex("d"));
        await FindAsync(project, "a");
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(project.IndexFile));
        Assert.Equal([ids[2]], await KnownAsync(project, "c"));
    }

    [Fact]
    public async Task A_checkpoint_that_only_the_journal_has_is_found()
    {
        using var project = new DiskProject();
        Write(project, Hex("a"), Hex("c1"));
        Write(project, Hex("b"));
        await project.ListAsync();
        project.Directory.Write(
            $".replicate/journal/{Hex("a")}.jsonl",
            $$"""{"id": "{{Hex("c2")}}", "created": "2020-09-01T21:42:27Z", "step": 7}""" + "\n");

        Assert.Equal(7, (await project.Open().FindAsync("c2", Token)).Checkpoint?.Step);
        Assert.Contains("2 ids begin with 'c'", await FindAsync(project, "c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_of_a_bucket_is_told_without_asking_it()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write(Hex("a"));
        project.Write(Hex("b"));
        await project.ListAsync(store);
        store.TakeCounts();

        var found = await project.Open(store).Experiments.ListKnownAsync("B", Token);

        Assert.Equal(Hex("b"), Assert.Single(found).Id);
        Assert.Equal((0, 0), store.TakeCounts());
    }

    private static string Hex(string beginning) => beginning.PadRight(64, '0');

    private static void Write(DiskProject project, string id, params string[] checkpoints)
    {
        var entries = checkpoints.Select((checkpoint, step) => $$"""{"id": "{{checkpoint}}", "created": "2020-09-01T21:42:26Z", "step": {{step}}}""");
        var path = project.Directory.Write(
            $".replicate/metadata/experiments/{id}.json",
            $$"""{"id": "{{id}}", "created": "2020-09-01T21:42:25Z", "checkpoints": [{{string.Join(',', entries)}}]}""");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
    }

    private static async Task<string[]> KnownAsync(DiskProject project, string prefix) =>
        [.. (await project.Open().Experiments.ListKnownAsync(prefix, Token)).Select(experiment => experiment.Id)];

    /// <summary>What an id stands for, as a new process sees it, or the error.</summary>
    private static async Task<string> FindAsync(DiskProject project, string id)
    {
        try
        {
            var match = await project.Open().FindAsync(id, Token);
            return $"{(match.Checkpoint is null ? "experiment" : "checkpoint")} {match.Id} of {match.Experiment.Id}";
        }
        catch (ReplicateException error)
        {
            return $"{error.Id}: {error.Message}";
        }
    }
}
