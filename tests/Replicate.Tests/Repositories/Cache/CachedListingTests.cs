using System.Globalization;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Cache;

public class CachedListingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_listing_reads_only_what_changed()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        string[] ids = [.. Enumerable.Range(0, 40).Select(i => i.ToString("x8", CultureInfo.InvariantCulture))];
        Array.ForEach(ids, id => project.Write(id));

        Assert.Equal(ids, await project.ListAsync(store));
        Assert.Equal((3, 40 + 1), store.TakeCounts()); // One list more is that of the catalog, one read repository.json.

        Assert.Equal(ids, await project.ListAsync(store));
        Assert.Equal((2, 1), store.TakeCounts());

        project.Write(ids[3], "changed");
        project.Write("new");
        project.Delete(ids[7]);
        var expected = ids.Except([ids[7]]).Select(id => id == ids[3] ? $"{id} changed" : id).Append("new");
        Assert.Equal(expected, await project.ListAsync(store));
        Assert.Equal((2, 2 + 1), store.TakeCounts());

        Assert.Equal(expected, await project.ListAsync(store));
        Assert.Equal((2, 1), store.TakeCounts());
    }

    [Fact]
    public async Task The_file_is_written_only_when_something_changed_and_forgets_what_is_gone()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write("a");
        project.Write("b", "something-long-to-remember");
        await project.ListAsync(store);
        var written = File.GetLastWriteTimeUtc(project.CacheFile);

        File.SetLastWriteTimeUtc(project.CacheFile, written = written.AddHours(-1));
        await project.ListAsync(store);
        Assert.Equal(written, File.GetLastWriteTimeUtc(project.CacheFile));

        project.Delete("b");
        await project.ListAsync(store);
        Assert.DoesNotContain("something-long-to-remember", await File.ReadAllTextAsync(project.CacheFile, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_experiment_is_found_with_what_is_cached_and_the_rest_stays_cached()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write("aa");
        project.Write("ab");
        project.Write("b");
        await project.ListAsync(store);
        store.TakeCounts();

        Assert.Equal("aa", (await project.Open(store).Experiments.GetAsync("aa", Token)).Id);
        Assert.Equal((2, 1), store.TakeCounts());

        await project.ListAsync(store);
        Assert.Equal((2, 1), store.TakeCounts());
    }

    [Fact]
    public async Task Heartbeats_are_read_each_time_but_only_those_of_experiments()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write("a");
        foreach (var id in new[] { "a", "deleted" })
        {
            project.Directory.Write($"bucket/metadata/heartbeats/{id}.json", $$"""
                {"experiment_id": "{{id}}", "last_heartbeat": "{{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}}"}
                """);
        }

        for (var i = 0; i < 2; i++)
        {
            var experiment = Assert.Single(await project.Open(store).Experiments.ListAsync(cancellationToken: Token));
            Assert.True(experiment.IsRunning);
        }

        Assert.Equal((5, 5), store.TakeCounts());
    }

    [Fact]
    public async Task What_another_repository_or_nobody_wrote_is_not_believed()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write("a", "one");
        await project.ListAsync(store);
        var good = await File.ReadAllBytesAsync(project.CacheFile, Token);
        store.TakeCounts();

        for (var i = 0; i < good.Length; i += 7)
        {
            var damaged = good.ToArray();
            damaged[i] ^= 0x20;
            await File.WriteAllBytesAsync(project.CacheFile, damaged, Token);
            Assert.Equal(["a one"], await project.ListAsync(store));
            Assert.Equal((3, 2), store.TakeCounts());

            await File.WriteAllBytesAsync(project.CacheFile, good[..i], Token);
            Assert.Equal(["a one"], await project.ListAsync(store));
            Assert.Equal((3, 2), store.TakeCounts());
        }

        var file = project.CacheFile;
        await project.ListAsync(new CountingStore(project.Bucket, "gs://other"));
        File.Copy(Directory.GetFiles(project.CacheDirectory).Single(other => other != file), file, overwrite: true);
        Assert.Equal(["a one"], await project.ListAsync(store));
        Assert.Equal((3, 2), store.TakeCounts());
    }

    [Fact]
    public async Task Where_nothing_can_be_cached_listing_works()
    {
        using var project = new RemoteProject();
        var store = new CountingStore(project.Bucket);
        project.Write("a");
        project.Directory.Write(project.CacheDirectory, "a file is in the way");

        Assert.Equal(["a"], await project.ListAsync(store));
        Assert.Equal(["a"], await project.ListAsync(store));
        Assert.Equal((6, 4), store.TakeCounts());
    }

    [Fact]
    public async Task Several_share_the_cache_and_each_lists_what_is_there()
    {
        using var project = new RemoteProject();
        string[] ids = [.. Enumerable.Range(0, 60).Select(i => i.ToString("x2", CultureInfo.InvariantCulture))];
        Array.ForEach(ids, id => project.Write(id));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            var store = new CountingStore(project.Bucket);
            for (var round = 0; round < 10; round++)
            {
                var own = ids[(number * 15) + round];
                project.Write(own, $"round {round}");
                Assert.Contains($"{own} round {round}", await project.ListAsync(store));
            }
        }, Token)));

        var last = new CountingStore(project.Bucket);
        Assert.Equal(60, (await project.ListAsync(last)).Length);
        Assert.Single(Directory.GetFiles(project.CacheDirectory));
    }

    [Fact]
    public async Task A_long_listing_is_taken_in_parts_and_misses_no_id()
    {
        using var project = new RemoteProject();
        var store = new RangedStore(project.Bucket);
        string[] odd = ["-x", "0", "9~", OperatingSystem.IsWindows() ? ";a" : ":a", "A-1", "Y", "_", "`", "f~", "g", "z", "é", "日本", "🌭"];
        string[] ids = [.. Enumerable.Range(0, 2_100).Select(i => $"{i % 16:x}{i:x4}"), .. odd];
        Array.ForEach(ids, id => project.Write(id));
        Array.Sort(ids, StringComparer.Ordinal);

        Assert.Equal(ids, await project.ListAsync(store));
        Assert.Equal((3, ids.Length + 1), store.TakeCounts());

        Assert.Equal(ids, await project.ListAsync(store));
        Assert.Equal((1 + 16 + 3, 1), store.TakeCounts());

        Assert.Equal("9~", (await project.Open(store).Experiments.GetAsync("9~", Token)).Id);
        Assert.Equal((2, 1), store.TakeCounts());
    }
}
