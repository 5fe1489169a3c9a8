using System.IO.Compression;
using System.Text.RegularExpressions;
using Replicate.Comparisons;
using Replicate.Tests.Support;

namespace Replicate.Tests.Comparisons;

public sealed class FileComparisonTests : IDisposable
{
    private readonly TestProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task What_was_added_removed_and_changed_is_told_with_sizes_and_the_lines_of_text()
    {
        var left = await SaveAsync(("train.py", "a\nb\n"), ("same.txt", "same"), ("gone.txt", "12345"));
        File.Delete(_project.Directory.Combine("code", "gone.txt"));
        var right = await SaveAsync(("train.py", "a\nc\n"), ("new.bin", "\0"));
        var files = await BetweenAsync(left, right);
        Assert.Equal(
            [
                "code/gone.txt Removed 5 bytes / ",
                "code/new.bin Added  / 1 byte",
                "code/train.py Changed 4 bytes / 4 bytes",
            ],
            files.Select(file => $"{file.Name} {file.Change} {file.Left} / {file.Right}"));
        Assert.All(files, file => Assert.Equal("Files", file.Section));
        Assert.Equal([true, false], files[0].IsSet);
        Assert.Equal(
            $"--- {left.Experiment.ShortId}/code/train.py\n+++ {right.Experiment.ShortId}/code/train.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n",
            files[2].Diff);
        Assert.Null(files[0].Diff);
    }

    [Fact]
    public async Task A_checkpoint_has_its_own_files_over_those_of_its_experiment()
    {
        var left = await SaveAsync(("train.py", "code"), ("model", "first"));
        _project.Directory.Write("code/model", "second");
        var checkpoint = await left.Experiment.CheckpointAsync(
            new CheckpointOptions { Path = "code/model" }, cancellationToken: TestContext.Current.CancellationToken);
        _project.Directory.Write("code/model", "third");
        var later = await left.Experiment.CheckpointAsync(
            new CheckpointOptions { Path = "code/model" }, cancellationToken: TestContext.Current.CancellationToken);
        var file = Assert.Single(await BetweenAsync(new Match(left.Experiment, checkpoint), new Match(left.Experiment, later)));
        Assert.Equal("code/model", file.Name);
        Assert.Contains("-second\n", file.Diff, StringComparison.Ordinal);
        Assert.Contains("+third\n", file.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_permissions_differ_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links and permissions are those of Unix.");
        var left = await SaveAsync(("run.sh", "x"), ("a", "1"), ("b", "1"));
        var link = _project.Directory.Combine("code", "link");
        File.CreateSymbolicLink(link, "a");
        var linked = await SaveAsync();
        File.Delete(link);
        File.CreateSymbolicLink(link, "b");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_project.Directory.Combine("code", "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var right = await SaveAsync();
        Assert.Equal(
            ["code/link Changed -> a / -> b", "code/run.sh Mode 1 byte / 1 byte"],
            (await BetweenAsync(linked, right)).Select(file => $"{file.Name} {file.Change} {file.Left} / {file.Right}"));
        Assert.Equal(FileChange.Added, (await BetweenAsync(left, linked)).Single().Change);
    }

    [Fact]
    public async Task Binary_and_large_files_differ_by_digest_and_size_alone()
    {
        var left = await SaveAsync(("large.txt", new string('x', TextContent.MaxLength + 1)), ("binary", "a\0"));
        var right = await SaveAsync(("large.txt", new string('y', TextContent.MaxLength + 1)), ("binary", "b\0"));
        var files = await BetweenAsync(left, right);
        Assert.Equal(["code/binary", "code/large.txt"], files.Select(file => file.Name));
        Assert.All(files, file => Assert.Null(file.Diff));
        Assert.All(files, file => Assert.NotEqual(((ComparedFile)file.Left!).Sha256, ((ComparedFile)file.Right!).Sha256));
    }

    [Fact]
    public async Task Of_what_is_the_same_or_no_text_nothing_is_read()
    {
        using var elsewhere = new TemporaryDirectory();
        var store = new ByteCountingStore(elsewhere.Combine("bucket"));
        var configuration = ProjectConfiguration.Resolve($"file://{elsewhere.Combine("unused")}", _project.Directory.Path, _project.Directory.Path);
        var project = new Project(configuration, () => store);
        var noise = new byte[8_000_000];
        new Random(7).NextBytes(noise);
        _project.Directory.Write("code/0.py", "first\n");
        await File.WriteAllBytesAsync(_project.Directory.Combine("code", "same"), noise, Token);
        await File.WriteAllBytesAsync(_project.Directory.Combine("code", "weights"), noise, Token);
        var left = await SaveAsync(project);
        _project.Directory.Write("code/0.py", "second\n");
        noise[5] ^= 1;
        await File.WriteAllBytesAsync(_project.Directory.Combine("code", "weights"), noise, Token);
        var right = await SaveAsync(project);
        var saved = new DirectoryInfo(elsewhere.Combine("bucket", "experiments")).EnumerateFiles().Sum(file => file.Length);
        store.TakeOpened();

        var files = await BetweenAsync(left, right);

        Assert.Equal(["code/0.py", "code/weights"], files.Select(file => file.Name));
        Assert.Contains("-first\n+second\n", files[0].Diff, StringComparison.Ordinal);
        Assert.Null(files[1].Diff);
        Assert.InRange(store.TakeOpened(), 1, saved / 5);

        // Between more than two no lines are shown.
        Assert.Equal(2, (await BetweenAsync(left, right, right)).Count);
        Assert.InRange(store.TakeOpened(), 1, 2 * (1 << 16));
    }

    [Fact]
    public async Task A_text_that_is_damaged_is_named_and_its_side_not_known()
    {
        var left = await SaveAsync(("train.py", "first\n"));
        var right = await SaveAsync(("train.py", "second\n"));
        var path = Path.Combine(_project.RepositoryPath, "experiments", right.Id + ".tar.gz");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[30] ^= 0xff;
        await File.WriteAllBytesAsync(path, bytes, Token);
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            Assert.Empty(await BetweenAsync(left, right));
        }

        Assert.Contains(right.Experiment.ShortId, Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tarball_without_a_index_is_compared_like_one_that_has_one()
    {
        var left = await SaveAsync(("train.py", "first\n"), ("same", "1"));
        var right = await SaveAsync(("train.py", "second\n"));
        RemoveIndex(Path.Combine(_project.RepositoryPath, "experiments", right.Id + ".tar.gz"));
        await right.Experiment.RefreshAsync(Token);

        var file = Assert.Single(await BetweenAsync(left, right));

        Assert.Contains("-first\n+second\n", file.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_two_have_a_value_each_and_no_lines()
    {
        var first = await SaveAsync(("train.py", "1"));
        var second = await SaveAsync(("train.py", "1"));
        var third = await SaveAsync(("train.py", "333"));
        var file = Assert.Single(await BetweenAsync(first, second, third));
        Assert.Equal(["1 byte", "1 byte", "3 bytes"], file.Values.Select(value => value!.ToString()));
        Assert.Equal(FileChange.Changed, file.Change);
        Assert.Null(file.Diff);
    }

    [Fact]
    public async Task A_side_whose_tarball_is_missing_is_named_and_not_known()
    {
        var first = await SaveAsync(("train.py", "1"));
        var missing = await SaveAsync(("train.py", "2"));
        var third = await SaveAsync(("train.py", "3"));
        File.Delete(Path.Combine(_project.RepositoryPath, "experiments", missing.Id + ".tar.gz"));
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            Assert.Empty(await BetweenAsync(first, missing));
            var file = Assert.Single(await BetweenAsync(missing, first, third));
            Assert.Same(ComparedFile.Unknown, file.Left);
            Assert.Equal(FileChange.Changed, file.Change);
        }

        Assert.All(log.Warnings, warning => Assert.Contains(missing.Experiment.ShortId, warning, StringComparison.Ordinal));
        Assert.Equal(2, log.Warnings.Count);
    }

    [Fact]
    public async Task Only_the_paths_asked_for_are_compared()
    {
        var left = await SaveAsync(("a", "1"), ("b", "1"));
        var right = await SaveAsync(("a", "2"), ("b", "2"));
        var files = await FileComparison.BetweenAsync(
            [left, right], path => path == "code/b", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("code/b", Assert.Single(files).Name);
    }

    [Fact]
    public async Task What_saved_nothing_has_no_files()
    {
        var left = new Match(await _project.CreateAsync(), null);
        var right = await SaveAsync(("a", "1"));
        Assert.Equal(FileChange.Added, Assert.Single(await BetweenAsync(left, right)).Change);
    }

    [Fact]
    public async Task The_same_text_in_another_encoding_differs_without_lines_where_no_line_does()
    {
        var left = await SaveAsync(("a", "x\n"));
        File.WriteAllText(_project.Directory.Combine("code", "a"), "x\n", System.Text.Encoding.UTF8);
        var right = await SaveAsync();
        Assert.Contains("+\ufeffx\n", Assert.Single(await BetweenAsync(left, right)).Diff, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The checksum that was recorded for it goes, too: it is another file now.
    private void RemoveIndex(string tarball)
    {
        using (var gzip = new GZipStream(new MemoryStream(File.ReadAllBytes(tarball)), CompressionMode.Decompress))
        using (var other = new GZipStream(File.Create(tarball), CompressionLevel.Fastest))
        {
            gzip.CopyTo(other);
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(_project.RepositoryPath, "metadata", "experiments")))
        {
            File.WriteAllText(file, Regex.Replace(File.ReadAllText(file), "\"sha256\": \"[0-9a-f]*\"", "\"sha256\": \"\""));
        }
    }

    private static async Task<Match> SaveAsync(Project project)
    {
        var experiment = await project.Experiments.CreateAsync(
            new ExperimentOptions { Path = "code", Heartbeat = HeartbeatMode.None }, cancellationToken: Token);
        return new Match(await experiment.SyncAsync(cancellationToken: Token), null);
    }

    private static Task<IReadOnlyList<FileDifference>> BetweenAsync(params Match[] sides) =>
        FileComparison.BetweenAsync(sides, cancellationToken: TestContext.Current.CancellationToken);

    private async Task<Match> SaveAsync(params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            _project.Directory.Write($"code/{path}", text);
        }

        return new Match(await _project.CreateAsync(path: "code"), null);
    }

    /// <summary>Counts the bytes of the ranges that are opened.</summary>
    private sealed class ByteCountingStore(string directory) : CountingStore(directory)
    {
        private long _opened;

        public long TakeOpened() => Interlocked.Exchange(ref _opened, 0);

        public override Task<Stream?> OpenReadAsync(
            string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref _opened, length ?? int.MaxValue);
            return base.OpenReadAsync(key, offset, length, cancellationToken);
        }
    }
}
