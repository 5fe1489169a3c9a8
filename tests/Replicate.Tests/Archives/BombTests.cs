using System.IO.Compression;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class BombTests
{
    private const string Id = TarBytes.Id;
    private const long Large = 1L << 30;

    private static readonly byte[] Bomb = MakeBomb();

    [Fact]
    public async Task A_tarball_that_expands_to_more_than_its_limit_is_refused()
    {
        using var target = new TemporaryDirectory();
        var list = await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(Id, new MemoryStream(Bomb)));
        var open = await Assert.ThrowsAsync<ReplicateException>(
            () => ArchiveReader.OpenAsync(Id, Archive.FileOf(Bomb), "b", cancellationToken: Archive.Token));

        Assert.Equal(("ArchiveTooLarge", "ArchiveTooLarge"), (list.Id, open.Id));
        Assert.True(Bomb.Length * 1000L < Large);
    }

    [Fact]
    public async Task A_higher_limit_lets_it_through() =>
        Assert.Equal("a", Assert.Single(await ArchiveReader.ListAsync(Id, Archive.FileOf(Bomb), Large + (1 << 20), Archive.Token)).Path);

    [Fact]
    public async Task A_lower_limit_than_the_usual_changes_nothing()
    {
        var tarball = TarBytes.Empty.File(Id + "/a").Tarball().ToArray();

        Assert.Single(await ArchiveReader.ListAsync(Id, Archive.FileOf(tarball), 1, Archive.Token));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public async Task Records_longer_than_any_name_are_not_even_read(char type)
    {
        var tarball = TarBytes.Empty.Entry("record", type, "", new byte[2 << 20], 420).File(Id + "/a").Tarball();

        Assert.Equal("ArchiveDamaged", (await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(Id, tarball))).Id);
    }

    [Fact]
    public async Task More_entries_than_bytes_to_hold_them_are_refused()
    {
        var tarball = TarBytes.Empty.File(Id + "/a", "").File(Id + "/b", "").File(Id + "/c", "").Tarball();
        var counter = new ByteCounter(null, "", null);
        using var reader = new TarballReader(
            Id, Gzip.Decompress(new MarkedInput(tarball, counter)), counter, new ExpansionLimit(2048));

        Assert.NotNull(await reader.NextAsync(Archive.Token));
        Assert.NotNull(await reader.NextAsync(Archive.Token));
        Assert.Equal("ArchiveTooLarge", (await Assert.ThrowsAsync<ReplicateException>(() => reader.NextAsync(Archive.Token))).Id);
    }

    /// <summary>Zeros that take a thousandth of their length and less, made of one compressed MiB again and again.</summary>
    private static byte[] MakeBomb()
    {
        using var output = new MemoryStream();
        output.Write(TarBytes.Gzip(TarBytes.Empty.Entry(Id + "/a", '0', "", [], 420, Convert.ToString(Large, 8).PadLeft(11, '0')).Tar(0)));
        var zeros = new byte[64 << 20];
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(zeros);
        }

        for (var length = 0L; length < Large; length += zeros.Length)
        {
            member.WriteTo(output);
        }

        output.Write(TarBytes.Gzip(new byte[1024]));
        return output.ToArray();
    }
}
