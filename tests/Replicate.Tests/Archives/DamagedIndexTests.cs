using Replicate.Archives.Indexing;
using Replicate.Archives.Reading;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class DamagedIndexTests : IDisposable
{
    private static readonly Dictionary<string, string> Contents = new()
    {
        ["a"] = "some text, some text, some text",
        ["b/c"] = string.Concat(Enumerable.Range(0, 200)),
        ["z"] = "last",
    };

    private readonly TemporaryDirectory _project = new();

    public DamagedIndexTests()
    {
        foreach (var (path, content) in Contents)
        {
            _project.Write(path, content);
        }
    }

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task A_changed_byte_anywhere_gives_the_right_files_or_an_error()
    {
        var tarball = await Archive.SaveAsync(_project);
        var data = (int)Index(tarball).MemberLengths.Sum(length => (long)length);
        var ignored = 0;
        for (var position = 0; position < tarball.Length; position++)
        {
            tarball[position] ^= (byte)(1 << (position % 8));
            using var log = new VerboseLog();
            await AssertRightOrDamagedAsync(tarball, isNamed: position < data);
            ignored += log.Lines.Any(line => line.Contains("is ignored", StringComparison.Ordinal)) ? 1 : 0;
            tarball[position] ^= (byte)(1 << (position % 8));
        }

        // The checksum and what it is of: all but the frame of the two members.
        Assert.True(ignored > tarball.Length - data - (4 * IndexMember.Overhead));
    }

    [Fact]
    public async Task A_file_cut_short_anywhere_is_damaged_but_for_the_index()
    {
        var tarball = await Archive.SaveAsync(_project);
        for (var length = 0; length < tarball.Length; length += 3)
        {
            await AssertRightOrDamagedAsync(tarball[..length], isNamed: false);
        }
    }

    [Fact]
    public async Task A_index_with_something_behind_it_or_of_another_file_is_ignored()
    {
        var tarball = await Archive.SaveAsync(_project);
        Assert.NotNull((await ListAsync(tarball))[0].Sha256);
        using var empty = new MemoryStream();
        IndexMember.Write(empty, "XX"u8, [1, 2, 3]);
        byte[] appended = [.. tarball, .. empty.ToArray()];
        byte[] prepended = [.. empty.ToArray(), .. tarball];

        Assert.All(await ListAsync(appended), file => Assert.Null(file.Sha256));
        Assert.All(await ListAsync(prepended), file => Assert.Null(file.Sha256));
        await AssertRightOrDamagedAsync(appended, isNamed: false);
        await AssertRightOrDamagedAsync(prepended, isNamed: false);
    }

    [Fact]
    public async Task A_index_that_lies_gives_no_file_another_content()
    {
        foreach (var lie in Lies(Index(await Archive.SaveAsync(_project))))
        {
            await AssertRightOrDamagedAsync(await WithTableAsync(lie), isNamed: false);
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("z")]
    [InlineData("")]
    public async Task A_index_with_a_path_that_no_tarball_may_hold_is_ignored(string path)
    {
        var index = Index(await Archive.SaveAsync(_project));
        var entries = index.Entries.ToList();
        entries[1] = entries[1] with { File = entries[1].File with { Path = path } };

        var tarball = await WithTableAsync(index with { Entries = entries });

        Assert.All(await ListAsync(tarball), file => Assert.Null(file.Sha256));
        await AssertRightOrDamagedAsync(tarball, isNamed: false);
    }

    private static IEnumerable<ArchiveIndex> Lies(ArchiveIndex index)
    {
        var (first, second) = (index.Entries[0], index.Entries[1]);
        ArchiveIndex With(params ArchiveEntry[] entries) => index with { Entries = entries };
        yield return With(first, second);
        yield return With(first with { File = first.File with { Path = "other" } }, second, index.Entries[2]);
        yield return With(first with { File = first.File with { Length = 5 } }, second, index.Entries[2]);
        yield return With(first with { File = first.File with { Length = 500 } }, second, index.Entries[2]);
        yield return With(first with { File = first.File with { Sha256 = second.File.Sha256 } }, second, index.Entries[2]);
        yield return With(first with { File = first.File with { LinkTarget = "z", Kind = SavedFileKind.Link, Length = 0 } }, second, index.Entries[2]);
        yield return With(first, second with { File = second.File with { Path = "b" } }, index.Entries[2]);
        yield return With(second with { File = second.File with { Path = "a" } }, index.Entries[2]);
        yield return index with { Entries = [] };
        yield return index with { ChunkLength = 512 };
        yield return index with { TarLength = index.TarLength + 512 };
        yield return index with { TarLength = 1L << 50 };
        yield return index with { MemberLengths = [.. index.MemberLengths, 10] };
        yield return index with { MemberLengths = [index.MemberLengths[0] - 1] };
    }

    private async Task<byte[]> WithTableAsync(ArchiveIndex index)
    {
        var tarball = await Archive.SaveAsync(_project);
        var data = (int)Index(tarball).MemberLengths.Sum(length => (long)length);
        return [.. tarball[..data], .. IndexFormat.Write(index)];
    }

    /// <summary>Reads in all ways.</summary>
    private static async Task AssertRightOrDamagedAsync(byte[] tarball, bool isNamed)
    {
        using var target = new TemporaryDirectory();
        try
        {
            await Archive.CheckOutAsync(target.Combine("all"), null, (Archive.Id, tarball));
            Assert.All(Contents, file => Assert.Equal(file.Value, File.ReadAllText(target.Combine("all", file.Key))));
        }
        catch (ReplicateException e) when (e.Id == "ArchiveDamaged")
        {
            Assert.True(!isNamed || Contents.Keys.Any(path => e.Message.Contains($"'{path}'", StringComparison.Ordinal)), e.Message);
            Assert.Empty(Archive.Everything(target.Path));
        }

        foreach (var (path, content) in Contents)
        {
            try
            {
                await using var opened = await ArchiveReader.OpenAsync(Archive.Id, Archive.FileOf(tarball), path, cancellationToken: Archive.Token);
                Assert.True(opened is null || content == await new StreamReader(opened).ReadToEndAsync(Archive.Token));
            }
            catch (ReplicateException e) when (e.Id is "ArchiveDamaged" or "FileIsLink")
            {
                Assert.True(!isNamed || e.Message.Contains($"'{path}'", StringComparison.Ordinal), e.Message);
            }
        }
    }

    private static ArchiveIndex Index(byte[] tarball) => ArchiveIndexTests.Index(tarball);

    private static Task<IReadOnlyList<SavedFile>> ListAsync(byte[] tarball) => ArchiveIndexTests.ListAsync(tarball);
}
