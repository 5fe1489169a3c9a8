using Replicate.Repositories;
using Replicate.Tests.Support;

namespace Replicate.Tests.Repositories.Cache;

public class DiskIndexTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_indexed_is_not_read_again()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Write("b", "two");
        string[] expected = ["a one da 2", "b two db 2"];
        Assert.Equal(expected, await project.ListAsync());

        // What is read from the store is told of.
        var progress = new Reports();
        Assert.Equal(2, (await project.Open().Experiments.ListAsync(null, progress, Token)).Count);
        Assert.Equal(0, progress.Count);
        Assert.Equal(expected, await project.ListAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_content_of_the_same_size_and_time_is_read(bool isReplaced)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing tells there");
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Write("b", "two");
        await project.ListAsync();
        Assert.True(project.HasIndex);

        if (isReplaced)
        {
            project.Write("x", "ONE");
            var path = project.Directory.Combine(".replicate", RepositoryKeys.Metadata("x"));
            var text = await File.ReadAllTextAsync(path, Token);
            var written = File.GetLastWriteTimeUtc(path);
            await File.WriteAllTextAsync(path, text.Replace("\"x\"", "\"a\"", StringComparison.Ordinal).Replace("cx", "ca", StringComparison.Ordinal).Replace("dx", "da", StringComparison.Ordinal), Token);
            File.SetLastWriteTimeUtc(path, written);
            File.Move(path, project.Directory.Combine(".replicate", RepositoryKeys.Metadata("a")), overwrite: true);
        }
        else
        {
            project.Write("a", "ONE");
        }

        Assert.Equal(["a ONE da 2", "b two db 2"], await project.ListAsync());
        Assert.Equal(["a ONE da 2", "b two db 2"], await project.ListAsync());
    }

    [Fact]
    public async Task What_changed_is_read_again_and_what_is_gone_is_forgotten()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Write("b", "two");
        project.Write("c", "three");
        await project.ListAsync();
        var length = new FileInfo(project.IndexFile).Length;

        project.Write("a", "ONE", DateTime.UtcNow.AddMinutes(-5));
        project.Write("b", "longer than before");
        project.Delete("c");
        project.Write("e", "new");

        Assert.Equal(["a ONE da 2", "b longer than before db 2", "e new de 2"], await project.ListAsync());
        project.Delete("b");
        project.Delete("e");
        Assert.Equal(["a ONE da 2"], await project.ListAsync());
        Assert.InRange(new FileInfo(project.IndexFile).Length, 1, length - 1);
    }

    [Fact]
    public async Task A_file_that_was_just_written_is_read_each_time()
    {
        using var project = new DiskProject();
        var now = DateTime.UtcNow;
        project.Write("a", "one", now);
        project.Write("b", "two", now.AddHours(1));
        Assert.Equal(["a one da 2", "b two db 2"], await project.ListAsync());

        // The same size and, by a coarse clock, the same time.
        project.Write("a", "ONE", now);
        project.Write("b", "TWO", now.AddHours(1));

        Assert.Equal(["a ONE da 2", "b TWO db 2"], await project.ListAsync());
        Assert.False(project.HasIndex);
    }

    [Fact]
    public async Task A_damaged_index_costs_only_time()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Write("b", "two");
        string[] expected = ["a one da 2", "b two db 2"];
        await project.ListAsync();
        var (file, good) = (project.IndexFile, await File.ReadAllBytesAsync(project.IndexFile, Token));
        for (var i = 0; i < good.Length; i++)
        {
            var damaged = good.ToArray();
            damaged[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(file, damaged, Token);
            Assert.Equal(expected, await project.ListAsync());
            Assert.Equal(good.Length, new FileInfo(file).Length);

            await File.WriteAllBytesAsync(file, good[..i], Token);
            Assert.Equal(expected, await project.ListAsync());
        }
    }

    [Fact]
    public async Task The_index_of_another_repository_is_not_believed()
    {
        using var project = new DiskProject();
        using var other = new DiskProject();
        project.Write("a", "one");
        other.Write("a", "two");
        await project.ListAsync();
        await other.ListAsync();

        File.Copy(other.IndexFile, project.IndexFile, overwrite: true);

        Assert.Equal(["a one da 2"], await project.ListAsync());
    }

    [Fact]
    public async Task Where_no_index_can_be_written_listing_works()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        project.Directory.Write(project.CacheDirectory, "a file is in the way");

        Assert.Equal(["a one da 2"], await project.ListAsync());
        Assert.Equal(["a one da 2"], await project.ListAsync());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_warned_of_each_time()
    {
        using var project = new DiskProject();
        project.Write("a", "one");
        File.SetLastWriteTimeUtc(project.Directory.Write(".replicate/metadata/experiments/b.json", "{"), DateTime.UtcNow.AddHours(-1));
        for (var i = 0; i < 3; i++)
        {
            var log = new Support.CollectedLog();
            using (Log.SendTo(log))
            {
                Assert.Equal(["a one da 2"], await project.ListAsync());
            }

            Assert.Contains("b.json", Assert.Single(log.Warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_experiment_or_checkpoint_is_found_by_a_prefix_in_any_case()
    {
        using var project = new DiskProject();
        var id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
        project.Write(id, "one");
        project.Directory.Write($".replicate/metadata/experiments/e.json", $$"""
            {"id": "e", "created": "2020-09-01T21:42:25Z", "checkpoints": [
              {"id": "f{{id[1..]}}", "created": "2020-09-01T21:42:26Z", "step": 7},
              {"id": "odd-id", "created": "2020-09-01T21:42:27Z", "step": 8}]}
            """);
        File.SetLastWriteTimeUtc(project.Directory.Combine(".replicate", "metadata", "experiments", "e.json"), DateTime.UtcNow.AddHours(-1));
        for (var i = 0; i < 2; i++)
        {
            var found = project.Open();
            Assert.Null((await found.FindAsync("0123456789A", Token)).Checkpoint);
            Assert.Equal(7, (await found.FindAsync("F123456789abcdef01", Token)).Checkpoint?.Step);
            Assert.Equal(7, (await found.FindAsync($"f{id[1..]}", Token)).Checkpoint?.Step);
            Assert.Equal(8, (await found.FindAsync("ODD", Token)).Checkpoint?.Step);
            Assert.Equal("e", (await found.FindAsync("odd-id", Token)).Checkpoint?.Experiment.Id);
            foreach (var none in new[] { $"f{id[1..]}0", "fx", "f12345678é" })
            {
                await Assert.ThrowsAsync<ReplicateException>(() => found.FindAsync(none, Token));
            }
        }
    }

    private sealed class Reports : IProgress<Progress>
    {
        private int _count;

        public int Count => _count;

        public void Report(Progress value) => Interlocked.Increment(ref _count);
    }
}
