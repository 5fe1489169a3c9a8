using Replicate.Archives.Indexing;
using Replicate.Archives.Reading;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class DamagedTableTests : IDisposable
{
    private static readonly Dictionary<string, string> Contents = new()
    {
        ["a"] = "some text, some text, some text",
        ["b/c"] = string.Concat(Enumerable.Range(0, 200)),
        ["z"] = "last",
    };

    private readonly TemporaryDirectory _project = new();

    public DamagedTableTests()
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
        var data = (int)Table(tarball).MemberLengths.Sum(length => (long)length);
        var ignored = 0;
        for (var position = 0; position < tarball.Length; position++)
        {
            tarball[position] ^= (byte)(1 << (position % 8));
            using var notices = new VerboseNotices();
            await AssertRightOrDamagedAsync(tarball, isNamed: position < data);
            ignored += notices.Lines.Any(line => line.Contains("is ignored", StringComparison.Ordinal)) ? 1 : 0;
            tarball[position] ^= (byte)(1 << (position % 8));
        }

        // The checksum and what it is of: all but the frame of the two members.
        Assert.True(ignored > tarball.Length - data - (4 * TableMember.Overhead));
    }

    [Fact]
    public async Task A_file_cut_short_anywhere_is_damaged_but_for_the_table()
    {
        var tarball = await Archive.SaveAsync(_project);
        for (var length = 0; length < tarball.Length; length += 3)
        {
            await AssertRightOrDamagedAsync(tarball[..length], isNamed: false);
        }
    }

    [Fact]
    public async Task A_table_with_something_behind_it_or_of_another_file_is_ignored()
    {
        var tarball = await Archive.SaveAsync(_project);
        Assert.NotNull((await ListAsync(tarball))[0].Sha256);
        using var empty = new MemoryStream();
        TableMember.Write(empty, "XX"u8, [1, 2, 3]);
        byte[] appended = [.. tarball, .. empty.ToArray()];
        byte[] prepended = [.. empty.ToArray(), .. tarball];

        Assert.All(await ListAsync(appended), file => Assert.Null(file.Sha256));
        Assert.All(await ListAsync(prepended), file => Assert.Null(file.Sha256));
        await AssertRightOrDamagedAsync(appended, isNamed: false);
        await AssertRightOrDamagedAsync(prepended, isNamed: false);
    }

    [Fact]
    public async Task A_table_that_lies_gives_no_file_another_content()
    {
        foreach (var lie in Lies(Table(await Archive.SaveAsync(_project))))
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
    public async Task A_table_with_a_path_that_no_tarball_may_hold_is_ignored(string path)
    {
        var table = Table(await Archive.SaveAsync(_project));
        var entries = table.Entries.ToList();
        entries[1] = entries[1] with { File = entries[1].File with { Path = path } };

        var tarball = await WithTableAsync(table with { Entries = entries });

        Assert.All(await ListAsync(tarball), file => Assert.Null(file.Sha256));
        await AssertRightOrDamagedAsync(tarball, isNamed: false);
    }

    private static IEnumerable<ArchiveTable> Lies(ArchiveTable table)
    {
        var (first, second) = (table.Entries[0], table.Entries[1]);
        ArchiveTable With(params ArchiveEntry[] entries) => table with { Entries = entries };
        yield return With(first, second);
        yield return With(first with { File = first.File with { Path = "other" } }, second, table.Entries[2]);
        yield return With(first with { File = first.File with { Length = 5 } }, second, table.Entries[2]);
        yield return With(first with { File = first.File with { Length = 500 } }, second, table.Entries[2]);
        yield return With(first with { File = first.File with { Sha256 = second.File.Sha256 } }, second, table.Entries[2]);
        yield return With(first with { File = first.File with { LinkTarget = "z", Kind = SavedFileKind.Link, Length = 0 } }, second, table.Entries[2]);
        yield return With(first, second with { File = second.File with { Path = "b" } }, table.Entries[2]);
        yield return With(second with { File = second.File with { Path = "a" } }, table.Entries[2]);
        yield return table with { Entries = [] };
        yield return table with { BlockLength = 512 };
        yield return table with { TarLength = table.TarLength + 512 };
        yield return table with { TarLength = 1L << 50 };
        yield return table with { MemberLengths = [.. table.MemberLengths, 10] };
        yield return table with { MemberLengths = [table.MemberLengths[0] - 1] };
    }

    private async Task<byte[]> WithTableAsync(ArchiveTable table)
    {
        var tarball = await Archive.SaveAsync(_project);
        var data = (int)Table(tarball).MemberLengths.Sum(length => (long)length);
        return [.. tarball[..data], .. TableFormat.Write(table)];
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

    private static ArchiveTable Table(byte[] tarball) => TableTests.Table(tarball);

    private static Task<IReadOnlyList<SavedFile>> ListAsync(byte[] tarball) => TableTests.ListAsync(tarball);
}
