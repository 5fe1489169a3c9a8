using System.Security.Cryptography;
using System.Text;
using Replicate.Archives.Indexing;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public sealed class ArchiveIndexTests : IDisposable
{
    private readonly TemporaryDirectory _project = new();
    private readonly TemporaryDirectory _target = new();

    public void Dispose()
    {
        _project.Dispose();
        _target.Dispose();
    }

    [Fact]
    public async Task Files_of_all_sizes_come_back_as_they_were()
    {
        var random = new Random(1);
        var contents = new Dictionary<string, byte[]>();
        foreach (var length in new[] { 0, 1, 511, 512, 513, 200_000, 262_144, 600_000, 1 << 20, (1 << 20) + 1, 3_500_000 })
        {
            contents[$"random/{length}"] = Bytes(random, length);
            contents[$"text/{length}"] = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, (length / 6) + 1).Select(n => $"{n:D5} "))[..length]);
        }

        foreach (var (path, content) in contents)
        {
            await File.WriteAllBytesAsync(_project.Write(path, ""), content, Archive.Token);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_project.Combine("link"), "text/1"); // Takes a right there.
        }

        var tarball = await Archive.SaveAsync(_project);

        Assert.Equal(
            contents.Select(file => $"{file.Key} {file.Value.Length} {Hash(file.Value)}").Concat(OperatingSystem.IsWindows() ? [] : ["link 0 "]).Order(StringComparer.Ordinal),
            (await ListAsync(tarball)).Select(file => $"{file} {file.Length} {file.Sha256}").Order(StringComparer.Ordinal));
        Assert.Equal(await Archive.ListAsync(tarball), (await ListAsync(tarball)).Select(file => file with { Sha256 = null }));
        await Archive.CheckOutAsync(_target.Path, null, (Archive.Id, tarball));
        foreach (var (path, content) in contents)
        {
            Assert.Equal(content, await File.ReadAllBytesAsync(_target.Combine(path), Archive.Token));
            Assert.Equal(content, await OpenAsync(tarball, path));
        }
    }

    [Fact]
    public async Task A_directory_of_many_files_checks_out_alone()
    {
        for (var i = 0; i < 300; i++)
        {
            await File.WriteAllBytesAsync(_project.Write($"{i % 3}/{i:D3}", ""), Bytes(new Random(i), 20_000), Archive.Token);
        }

        var tarball = await Archive.SaveAsync(_project);
        var written = await Archive.CheckOutAsync(_target.Path, "1", (Archive.Id, tarball));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"1/{(i * 3) + 1:D3}"), written);
        Assert.All(written, path => Assert.Equal(File.ReadAllBytes(_project.Combine(path)), File.ReadAllBytes(_target.Combine(path))));
    }

    [Fact]
    public async Task Only_what_is_needed_is_read()
    {
        for (var i = 0; i < 20; i++)
        {
            await File.WriteAllBytesAsync(_project.Write($"{i:D2}", ""), Bytes(new Random(i), 1 << 20), Archive.Token);
        }

        var tarball = await Archive.SaveAsync(_project);
        var (requests, bytes) = (0, 0L);
        var counted = new ArchiveFile(tarball.Length, (offset, length, _) =>
        {
            (requests, bytes) = (requests + 1, bytes + length);
            return Task.FromResult<Stream>(new MemoryStream(tarball, (int)offset, (int)length));
        });

        await using (var content = await ArchiveReader.OpenAsync(Archive.Id, counted, "13", cancellationToken: Archive.Token))
        {
            Assert.Equal(Hash(await File.ReadAllBytesAsync(_project.Combine("13"), Archive.Token)), Hash(await ReadAsync(content!)));
        }

        Assert.Equal(2, requests);
        Assert.InRange(bytes, 1 << 20, 3_000_000);

        (requests, bytes) = (0, 0);
        Assert.Equal(20, (await ArchiveReader.ListAsync(Archive.Id, counted, cancellationToken: Archive.Token)).Count);
        Assert.Equal((1, 65_536), (requests, bytes));
    }

    [Fact]
    public async Task The_summary_is_that_of_the_bytes()
    {
        _project.Write("a", new string('a', 2_000_000));
        using var output = new MemoryStream();

        var summary = await ArchiveWriter.WriteAsync(Archive.Id, Archive.Select(_project), output, null, Archive.Token);

        Assert.Equal(new ArchiveSummary(output.Length, Hash(output.ToArray())), summary);
    }

    [Fact]
    public async Task The_same_files_give_the_same_bytes()
    {
        for (var i = 0; i < 50; i++)
        {
            _project.Write($"{i}", string.Concat(Enumerable.Range(0, i * 2000)));
        }

        Assert.Equal(await Archive.SaveAsync(_project), await Archive.SaveAsync(_project));
    }

    [Fact]
    public async Task A_long_index_is_read_whole()
    {
        for (var i = 0; i < 3000; i++)
        {
            _project.Write($"directory/{i:D4}", $"{i}");
        }

        var tarball = await Archive.SaveAsync(_project);

        Assert.True(Index(tarball).Entries.Count == 3000 && tarball.Length > 2 * 65_536);
        Assert.Equal("2999"u8.ToArray(), await OpenAsync(tarball, "directory/2999"));
    }

    [Fact]
    public async Task Weights_are_stored_and_text_is_compressed_each_by_itself()
    {
        await File.WriteAllBytesAsync(_project.Write("a", ""), Bytes(new Random(1), 3 << 20), Archive.Token);
        _project.Write("b", string.Concat(Enumerable.Repeat("some text ", 300_000)));

        var lengths = Index(await Archive.SaveAsync(_project)).MemberLengths;

        Assert.Equal(3, lengths.Count(length => length > 1 << 20));
        Assert.True(lengths[^1] < 100_000);
    }

    [Fact]
    public async Task Text_of_few_letters_is_compressed_though_it_never_repeats()
    {
        await File.WriteAllTextAsync(_project.Write("a", ""), Convert.ToBase64String(Bytes(new Random(1), 3 << 20)), Archive.Token);

        Assert.InRange((await Archive.SaveAsync(_project)).Length, 3 << 20, (4 << 20) * 0.8);
    }

    [Fact]
    public async Task Zeros_are_no_decompression_bomb()
    {
        await using (var file = new FileStream(_project.Write("zeros", ""), FileMode.Open))
        {
            file.SetLength(20 << 20);
        }

        var tarball = await Archive.SaveAsync(_project);

        Assert.True(tarball.Length > (20 << 20) / 1000);
    }

    internal static ArchiveIndex Index(byte[] tarball)
    {
        var start = IndexFormat.ReadFooter(tarball.Length, tarball.AsSpan(tarball.Length - IndexFormat.FooterLength))!.Value;
        return IndexFormat.Read(Archive.Id, tarball.AsSpan((int)start), ExpansionLimit.Of(tarball.Length, null));
    }

    internal static async Task<IReadOnlyList<SavedFile>> ListAsync(byte[] tarball) =>
        await ArchiveReader.ListAsync(Archive.Id, Archive.FileOf(tarball), cancellationToken: Archive.Token);

    internal static async Task<byte[]> OpenAsync(byte[] tarball, string path)
    {
        await using var content = await ArchiveReader.OpenAsync(Archive.Id, Archive.FileOf(tarball), path, cancellationToken: Archive.Token);
        return await ReadAsync(content!);
    }

    private static async Task<byte[]> ReadAsync(Stream content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Archive.Token);
        return copy.ToArray();
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
