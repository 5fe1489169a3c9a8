using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class HostileTests
{
    private const string Id = TarBytes.Id;

    public static TheoryData<string> OutsideNames =>
    [
        "/etc/passwd",
        "../outside",
        Id + "/../outside",
        Id + "/a/../../outside",
        Id + "/..",
        "other/file",
        Id + "2/file",
        "file",
        Id,
        Id + "/",
        "C:/file",
        "C:\\file",
        Id + "//file",
        Id + "/./file",
        Id + "/a/",
        "./" + Id + "/file",
        "",
    ];

    public static TheoryData<string, string> OutsideLinks => new()
    {
        { "link", "/etc/passwd" },
        { "link", ".." },
        { "link", "../outside" },
        { "a/b/link", "../../../outside" },
        { "a/link", "sub/../../../outside" },
        { "a/link", "sub/../file" },
        { "link", "" },
    };

    [Theory]
    [MemberData(nameof(OutsideNames))]
    public async Task A_name_outside_the_top_directory_is_refused(string name) =>
        await AssertRefusedAsync(TarBytes.Empty.File(name));

    [Theory]
    [MemberData(nameof(OutsideLinks))]
    public async Task A_link_out_of_the_top_directory_is_refused(string link, string target) =>
        await AssertRefusedAsync(TarBytes.Empty.Link($"{Id}/{link}", target));

    [Fact]
    public async Task A_file_through_a_link_is_refused()
    {
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/data/a").Link(Id + "/link", "data").File(Id + "/link/b"));
        await AssertRefusedAsync(TarBytes.Empty.Link(Id + "/link", "data").File(Id + "/link/deep/er/b"));
        await AssertRefusedAsync(TarBytes.Empty.Link(Id + "/link", "data").Link(Id + "/link/b", "../a"));
        await AssertRefusedAsync(TarBytes.Empty.Link(Id + "/link", "data").File(Id + "/link/", "", '5'));
    }

    [Fact]
    public async Task A_link_that_climbs_out_through_another_link_is_refused() =>
        await AssertRefusedAsync(TarBytes.Empty.Link(Id + "/p/q/up", "../..").Link(Id + "/p/q/out", "up/../outside"));

    [Fact]
    public async Task A_path_that_is_a_file_and_a_directory_is_refused()
    {
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a").File(Id + "/a/b"));
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a/b").File(Id + "/a"));
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a/b").Link(Id + "/a", "b"));
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a").File(Id + "/a/", "", '5'));
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a/", "", '5').File(Id + "/a"));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('6')]
    public async Task What_is_neither_file_nor_directory_nor_symbolic_link_is_refused(char type) =>
        await AssertRefusedAsync(TarBytes.Empty.File(Id + "/a", "").Entry(Id + "/b", type, Id + "/a", [], 420));

    [Fact]
    public async Task A_path_longer_than_any_file_system_takes_is_refused() =>
        await AssertRefusedAsync(
            TarBytes.Empty.Record("path", Id + "/" + string.Concat(Enumerable.Repeat("a/", 50_000)) + "a").File("a"));

    [Fact]
    public async Task A_link_target_with_a_nul_character_is_refused() =>
        await AssertRefusedAsync(TarBytes.Empty.Record("linkpath", "a\0b").Link(Id + "/link", "a"));

    [Fact]
    public async Task Setuid_setgid_and_sticky_are_dropped()
    {
        using var target = new TemporaryDirectory();
        var tarball = TarBytes.Empty.File(Id + "/a", mode: 0xfed).Tarball().ToArray();

        await Archive.CheckOutAsync(target.Path, null, (Id, tarball));

        Assert.Equal((UnixFileMode)0x1ed, Assert.Single(await Archive.ListAsync(tarball, Id)).Mode);
        Assert.Equal(OperatingSystem.IsWindows() ? "644" : "755", Archive.ModeOf(target.Combine("a")));
    }

    [Fact]
    public async Task Of_a_path_that_comes_twice_the_later_one_wins()
    {
        using var target = new TemporaryDirectory();
        var tarball = TarBytes.Empty.File(Id + "/a", "first").Link(Id + "/b", "a")
            .File(Id + "/a", "second").File(Id + "/b", "file").Tarball().ToArray();

        await Archive.CheckOutAsync(target.Path, null, (Id, tarball));

        Assert.Equal("second", await File.ReadAllTextAsync(target.Combine("a"), Archive.Token));
        Assert.Equal("file", await File.ReadAllTextAsync(target.Combine("b"), Archive.Token));
        Assert.Equal([("a", 6L), ("b", 4L)], (await Archive.ListAsync(tarball, Id)).Select(file => (file.Path, file.Length)));
    }

    [Fact]
    public async Task Directories_and_global_records_are_read_over()
    {
        var tarball = TarBytes.Empty.File("pax", "18 comment=global\n", 'g').File(Id + "/", "", '5').File(Id + "/a/", "", '5')
            .File(Id + "/a/b").File(Id + "/old", type: '\0').Tarball().ToArray();

        Assert.Equal(["a/b", "old"], (await Archive.ListAsync(tarball, Id)).Select(file => file.Path));
    }

    private static async Task AssertRefusedAsync(TarBytes bytes)
    {
        var tarball = bytes.Tarball().ToArray();
        var exception = await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(tarball, Id));
        Assert.Equal("ArchiveRefused", exception.Id);

        using var target = new TemporaryDirectory();
        exception = await Assert.ThrowsAsync<ReplicateException>(
            () => Archive.CheckOutAsync(target.Combine("deep", "output"), null, (Id, tarball)));
        Assert.Equal(("ArchiveRefused", ErrorKind.InvalidData), (exception.Id, exception.Kind));
        Assert.Empty(Archive.Everything(target.Path));
    }
}
