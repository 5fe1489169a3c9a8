using Replicate.Archives.CheckingOut;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class CheckOutTests : IDisposable
{
    private const string Id = TarBytes.Id;

    private readonly TemporaryDirectory _target = new();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task A_later_tarball_goes_over_an_earlier_one()
    {
        var experiment = Tarball(tar => tar.File(Id + "/train.py", "v1").File(Id + "/model", "untrained"));
        var checkpoint = Tarball(tar => tar.File(Id + "/model", "trained"));

        var files = await Archive.CheckOutAsync(_target.Path, null, (Id, experiment), (Id, checkpoint));

        Assert.Equal(["model", "train.py"], files);
        Assert.Equal(["model", "train.py"], Archive.Everything(_target.Path));
        Assert.Equal("trained", Text("model"));
    }

    [Fact]
    public async Task A_file_that_is_read_only_is_replaced()
    {
        File.SetAttributes(_target.Write("data/model", "untrained"), FileAttributes.ReadOnly);

        await Archive.CheckOutAsync(_target.Path, null, (Id, Tarball(tar => tar.File(Id + "/data/model", "trained"))));

        Assert.Equal("trained", Text("data/model"));
        Assert.Equal(["data", "data/model"], Archive.Everything(_target.Path));
    }

    [Fact]
    public async Task A_later_tarball_may_have_a_directory_where_an_earlier_one_has_a_link()
    {
        var experiment = Tarball(tar => tar.File(Id + "/runs/5/model", "five").Link(Id + "/latest", "runs/5").File(Id + "/a/b"));
        var checkpoint = Tarball(tar => tar.File(Id + "/latest/model", "six").File(Id + "/a", "file"));

        await Archive.CheckOutAsync(_target.Path, null, (Id, experiment), (Id, checkpoint));

        Assert.Equal("five", Text("runs/5/model"));
        Assert.Equal("six", Text("latest/model"));
        Assert.Equal("file", Text("a"));
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data/")]
    [InlineData("./data")]
    [InlineData("data2/../data")]
    public async Task A_path_is_compared_by_its_components(string path)
    {
        var tarball = Tarball(tar => tar.File(Id + "/data/a").File(Id + "/data/sub/b").File(Id + "/data2").File(Id + "/data-3/c"));

        Assert.Equal(["data/a", "data/sub/b"], await Archive.CheckOutAsync(_target.Path, path, (Id, tarball)));
        Assert.Equal(["data", "data/a", "data/sub", "data/sub/b"], Archive.Everything(_target.Path));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("dat")]
    [InlineData("../data")]
    [InlineData("data/a/b")]
    public async Task A_path_that_matches_nothing_leaves_nothing_behind(string path)
    {
        var tarball = Tarball(tar => tar.File(Id + "/data/a"));

        Assert.Empty(await Archive.CheckOutAsync(_target.Combine("new", "deep"), path, (Id, tarball)));
        Assert.Empty(Archive.Everything(_target.Path));
    }

    [Fact]
    public async Task A_missing_target_is_created_and_stays_only_when_something_was_checked_out()
    {
        var tarball = Tarball(tar => tar.File(Id + "/a"));
        await using (var checkOut = new CheckOut(_target.Combine("new", "deep"), null))
        {
            await checkOut.AddAsync(Id, Archive.FileOf(tarball), cancellationToken: Archive.Token);
        }

        Assert.Empty(Archive.Everything(_target.Path));

        await Archive.CheckOutAsync(_target.Combine("new", "deep"), null, (Id, tarball));
        Assert.Equal(["new", "new/deep", "new/deep/a"], Archive.Everything(_target.Path));
    }

    [Fact]
    public async Task Nothing_is_in_its_place_before_the_commit()
    {
        _target.Write("a", "old");
        await using var checkOut = new CheckOut(_target.Path, null);
        await checkOut.AddAsync(
            Id, Archive.FileOf(Tarball(tar => tar.File(Id + "/a", "new").File(Id + "/b"))), cancellationToken: Archive.Token);

        Assert.Equal("old", Text("a"));
        Assert.False(File.Exists(_target.Combine("b")));

        checkOut.Commit();
        Assert.Equal("new", Text("a"));
    }

    [Fact]
    public async Task Of_a_damaged_second_tarball_and_a_whole_first_one_nothing_is_written()
    {
        _target.Write("a", "old");
        var first = Tarball(tar => tar.File(Id + "/a", "new"));
        var second = Tarball(tar => tar.File(Id + "/b"))[..^4];

        await Assert.ThrowsAsync<ReplicateException>(() => Archive.CheckOutAsync(_target.Path, null, (Id, first), (Id, second)));

        Assert.Equal(["a"], Archive.Everything(_target.Path));
        Assert.Equal("old", Text("a"));
    }

    [Fact]
    public async Task Existing_files_are_replaced_and_others_stay()
    {
        _target.Write("data/a", "a long old text");
        _target.Write("data/other", "other");

        await Archive.CheckOutAsync(_target.Path, null, (Id, Tarball(tar => tar.File(Id + "/data/a", "new"))));

        Assert.Equal(["data", "data/a", "data/other"], Archive.Everything(_target.Path));
        Assert.Equal("new", Text("data/a"));
    }

    [Fact]
    public async Task An_existing_link_is_replaced_itself()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        using var elsewhere = new TemporaryDirectory();
        elsewhere.Write("precious", "precious");
        File.CreateSymbolicLink(_target.Combine("a"), elsewhere.Combine("precious"));
        File.CreateSymbolicLink(_target.Combine("b"), elsewhere.Path);
        File.CreateSymbolicLink(_target.Combine("c"), "nowhere");
        File.CreateSymbolicLink(_target.Combine("d"), elsewhere.Path);
        _target.Write("e", "file");

        await Archive.CheckOutAsync(_target.Path, null, (Id, Tarball(tar => tar
            .File(Id + "/a", "new").File(Id + "/b", "new").File(Id + "/c", "new").Link(Id + "/d", "a").Link(Id + "/e", "b"))));

        Assert.Equal(["a", "b", "c", "d", "e"], Archive.Everything(_target.Path));
        Assert.All(Archive.Everything(_target.Path), path => Assert.Equal("new", Text(path)));
        Assert.Null(new FileInfo(_target.Combine("b")).LinkTarget);
        Assert.Equal("a", new FileInfo(_target.Combine("d")).LinkTarget);
        Assert.Equal(["precious"], Archive.Everything(elsewhere.Path));
        Assert.Equal("precious", await File.ReadAllTextAsync(elsewhere.Combine("precious"), Archive.Token));
    }

    [Fact]
    public async Task All_that_is_in_the_way_is_listed_before_anything_is_moved()
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        using var elsewhere = new TemporaryDirectory();
        _target.Write("file", "old");
        _target.Write("directory/x", "old");
        _target.Write("replaced", "old");
        Directory.CreateSymbolicLink(_target.Combine("link"), elsewhere.Path);
        var tarball = Tarball(tar => tar.File(Id + "/a").File(Id + "/directory").File(Id + "/file/below/it")
            .File(Id + "/link/x").File(Id + "/replaced", "new"));

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => Archive.CheckOutAsync(_target.Path, null, (Id, tarball)));

        Assert.Equal(("PathInTheWay", ErrorKind.Conflict), (exception.Id, exception.Kind));
        Assert.Contains(": directory, file, link.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["directory", "directory/x", "file", "link", "replaced"], Archive.Everything(_target.Path));
        Assert.Equal("old", Text("replaced"));
        Assert.Empty(Archive.Everything(elsewhere.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_one_cannot_be_put_in_place_all_is_as_before(bool link)
    {
        Archive.SkipOnWindows("Links need a privilege on Windows.");
        foreach (var path in new[] { "a", "b", "f" })
        {
            _target.Write(path, "old");
        }

        File.CreateSymbolicLink(_target.Combine("c"), "a");
        File.CreateSymbolicLink(_target.Combine("g"), "b");
        var tarball = Tarball(tar =>
        {
            tar = tar.File(Id + "/a", "new").File(Id + "/c", "new").File(Id + "/d/e", "new").Link(Id + "/f", "d").Link(Id + "/g", "a")
                .Record("path", Id + "/" + new string('z', 300));
            return link ? tar.Link("z", "a") : tar.File("z");
        });

        var exception = await Assert.ThrowsAsync<ReplicateException>(() => Archive.CheckOutAsync(_target.Path, null, (Id, tarball)));

        Assert.Equal("CheckOutFailed", exception.Id);
        Assert.Equal(["a", "b", "c", "f", "g"], Archive.Everything(_target.Path));
        Assert.All(Archive.Everything(_target.Path), path => Assert.Equal("old", Text(path)));
        Assert.Equal("a", new FileInfo(_target.Combine("c")).LinkTarget);
        Assert.Equal("b", new FileInfo(_target.Combine("g")).LinkTarget);
    }

    [Fact]
    public void A_target_that_is_a_file_is_an_error()
    {
        _target.Write("file", "1");

        var exception = Assert.Throws<ReplicateException>(() => new CheckOut(_target.Combine("file"), null));

        Assert.Equal("CheckOutFailed", exception.Id);
    }

    [Fact]
    public async Task Progress_counts_the_bytes_of_the_tarball()
    {
        var tarball = Tarball(tar => tar.File(Id + "/a"));
        var last = default(Progress);
        await using var checkOut = new CheckOut(_target.Path, null);

        await checkOut.AddAsync(Id, Archive.FileOf(tarball), null, new LastReport(report => last = report), Archive.Token);

        Assert.Equal((tarball.Length, tarball.Length), (last.Done, last.Total));
    }

    private static byte[] Tarball(Func<TarBytes, TarBytes> fill) => fill(TarBytes.Empty).Tarball().ToArray();

    private string Text(string path) => File.ReadAllText(_target.Combine(path));

    private sealed class LastReport(Action<Progress> action) : IProgress<Progress>
    {
        public void Report(Progress value) => action(value);
    }
}
