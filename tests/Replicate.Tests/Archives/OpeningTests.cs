using Replicate.Archives.Reading;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class OpeningTests
{
    private const string Id = TarBytes.Id;

    private static TarBytes Files => TarBytes.Empty.File(Id + "/a", "first").File(Id + "/data/weights", "0123456789")
        .Link(Id + "/data/latest", "../a").File(Id + "/z", "last");

    [Theory]
    [InlineData("data/weights")]
    [InlineData("./data/weights")]
    [InlineData("data/../data//weights")]
    public async Task A_saved_file_opens_by_its_path(string path)
    {
        await using var content = await Archive.OpenAsync(Id, Files.Tarball(), path);
        Assert.Equal("0123456789", await new StreamReader(content!).ReadToEndAsync(Archive.Token));

        await using var again = await Archive.OpenAsync(Id, Files.Tarball(), path);
        Assert.Equal("0123456789", new StreamReader(again!).ReadToEnd());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("data")]
    [InlineData("data/weight")]
    [InlineData("../a")]
    [InlineData("/a")]
    [InlineData("")]
    public async Task What_is_not_saved_opens_as_null(string path)
    {
        var tarball = Files.Tarball();

        Assert.Null(await Archive.OpenAsync(Id, tarball, path));
        Assert.False(tarball.CanRead);
    }

    [Fact]
    public async Task A_link_is_an_error_that_tells_where_it_leads()
    {
        var tarball = Files.Tarball();

        var exception = await Assert.ThrowsAsync<ReplicateException>(
            () => Archive.OpenAsync(Id, tarball, "data/latest"));

        Assert.Equal("FileIsLink", exception.Id);
        Assert.Contains("'a'", exception.RecommendedAction, StringComparison.Ordinal);
        Assert.False(tarball.CanRead);
    }

    [Fact]
    public async Task Disposing_closes_the_tarball()
    {
        var tarball = Files.Tarball();
        var content = await Archive.OpenAsync(Id, tarball, "a");
        Assert.True(tarball.CanRead);

        await content!.DisposeAsync();

        Assert.False(tarball.CanRead);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_file_comes_only_where_the_tarball_is_whole(bool asynchronous)
    {
        var whole = Files.Tarball().ToArray();
        var content = await Archive.OpenAsync(Id, new MemoryStream(whole[..^1]), "a");
        using var reader = new StreamReader(content!);

        var exception = asynchronous
            ? await Assert.ThrowsAsync<ReplicateException>(() => reader.ReadToEndAsync(Archive.Token))
            : Assert.Throws<ReplicateException>(() => reader.ReadToEnd());

        Assert.Equal("ArchiveDamaged", exception.Id);
    }

    [Fact]
    public async Task Disposing_early_needs_no_whole_tarball()
    {
        var whole = Files.Tarball().ToArray();
        await using var content = await Archive.OpenAsync(Id, new MemoryStream(whole[..^1]), "a");
        var buffer = new byte[3];

        Assert.Equal(3, await content!.ReadAsync(buffer, Archive.Token));
        Assert.Equal("fir"u8.ToArray(), buffer);
    }

    [Fact]
    public async Task An_empty_file_opens_empty()
    {
        using var project = new TemporaryDirectory();
        project.Write("empty", "");
        project.Write("full", "1");

        await using var content = await Archive.OpenAsync(
            Archive.Id, new MemoryStream(await Archive.SaveAsync(project)), "empty");

        Assert.Equal("", await new StreamReader(content!).ReadToEndAsync(Archive.Token));
    }
}
