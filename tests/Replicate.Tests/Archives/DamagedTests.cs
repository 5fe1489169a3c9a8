using System.IO.Compression;
using Replicate.Archives.Reading;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

public class DamagedTests
{
    private static readonly byte[] Whole = TarBytes.Empty
        .File(TarBytes.Id + "/a", "some text, some text, some text")
        .File(TarBytes.Id + "/b", string.Concat(Enumerable.Range(0, 2000)))
        .Tar();

    [Fact]
    public async Task A_tarball_cut_short_anywhere_is_damaged()
    {
        var tarball = TarBytes.Gzip(Whole);
        for (var length = 0; length < tarball.Length; length += length > 64 && length < tarball.Length - 64 ? 13 : 1)
        {
            await AssertDamagedAsync(tarball[..length]);
        }
    }

    [Fact]
    public async Task A_tarball_stored_uncompressed_and_cut_short_anywhere_is_damaged()
    {
        using var output = new MemoryStream();
        await using (var gzip = new GZipStream(output, CompressionLevel.NoCompression))
        {
            gzip.Write(Whole);
        }

        var tarball = output.ToArray();
        for (var length = 0; length < tarball.Length; length += 17)
        {
            await AssertDamagedAsync(tarball[..length]);
        }
    }

    [Fact]
    public async Task A_tar_file_cut_short_before_it_was_compressed_is_damaged()
    {
        for (var length = 0; length < Whole.Length; length += 64)
        {
            await AssertDamagedAsync(TarBytes.Gzip(Whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public async Task A_changed_byte_is_found()
    {
        var tarball = TarBytes.Gzip(Whole);
        for (var position = 10; position < tarball.Length; position += 7)
        {
            var changed = tarball.ToArray();
            changed[position] ^= 0x20;
            if (!StillWhole(changed))
            {
                await AssertDamagedAsync(changed);
            }
        }
    }

    [Fact]
    public async Task A_header_with_a_wrong_checksum_is_damaged()
    {
        var tar = Whole.ToArray();
        tar[TarBytes.Id.Length + 1] = (byte)'z';

        await AssertDamagedAsync(TarBytes.Gzip(tar));
    }

    [Fact]
    public async Task Foreign_bytes_after_the_end_are_damage()
    {
        await AssertDamagedAsync([.. TarBytes.Gzip(Whole), 1, 2, 3]);
        await AssertDamagedAsync([.. TarBytes.Gzip(Whole), 0]);
        await AssertDamagedAsync([.. TarBytes.Gzip(Whole), 0x1f]);
        await AssertDamagedAsync([.. TarBytes.Gzip(Whole), .. TarBytes.Gzip("more"u8)]);
        await AssertDamagedAsync(TarBytes.Gzip([.. Whole, .. "more"u8]));
        await AssertDamagedAsync(TarBytes.Gzip([.. Whole, .. new byte[511], 1]));
    }

    [Fact]
    public async Task Sizes_that_are_none_are_damage()
    {
        foreach (var size in new[] { "77777777777", "9999999999", "-1", "\u00ff\u00ff\u00ff\u00ff" })
        {
            await AssertDamagedAsync(
                TarBytes.Gzip(TarBytes.Empty.Entry(TarBytes.Id + "/a", '0', "", "x"u8.ToArray(), 420, size).Tar()));
        }

        foreach (var size in new[] { "-1", "many", "9223372036854775807", "99999999999999999999999" })
        {
            await AssertDamagedAsync(TarBytes.Gzip(TarBytes.Empty.Record("size", size).File(TarBytes.Id + "/a").Tar()));
        }
    }

    [Fact]
    public async Task Neither_an_empty_file_nor_plain_text_is_a_tarball()
    {
        await AssertDamagedAsync([]);
        await AssertDamagedAsync("not a tarball at all"u8.ToArray());
        await AssertDamagedAsync(Whole);
    }

    [Fact]
    public async Task Several_gzip_members_and_more_zeros_are_whole()
    {
        byte[] padded = [.. Whole, .. new byte[9 * 512]];
        for (var cut = 0; cut <= padded.Length; cut += 500)
        {
            byte[] tarball = [.. TarBytes.Gzip(padded.AsSpan(0, cut)), .. TarBytes.Gzip(padded.AsSpan(cut))];
            Assert.Equal(2, (await Archive.ListAsync(TarBytes.Id, new TrickleStream(tarball, cut % 7 + 1))).Count);
        }
    }

    /// <summary>A run of zeros can be compressed in more than one way; a changed byte may be another one.</summary>
    private static bool StillWhole(byte[] tarball)
    {
        try
        {
            using var content = new MemoryStream();
            new GZipStream(new MemoryStream(tarball), CompressionMode.Decompress).CopyTo(content);
            return content.ToArray().AsSpan().SequenceEqual(Whole);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static async Task AssertDamagedAsync(byte[] tarball)
    {
        var exception = await Assert.ThrowsAsync<ReplicateException>(() => Archive.ListAsync(tarball, TarBytes.Id));
        Assert.Equal(("ArchiveDamaged", ErrorKind.InvalidData), (exception.Id, exception.Kind));

        using var target = new TemporaryDirectory();
        var output = target.Combine("output");
        exception = await Assert.ThrowsAsync<ReplicateException>(
            () => Archive.CheckOutAsync(output, null, (TarBytes.Id, tarball)));
        Assert.Equal("ArchiveDamaged", exception.Id);
        Assert.Empty(Archive.Everything(target.Path));
    }

    /// <summary>Gives a few bytes at a time and cannot seek, as a network does.</summary>
    private sealed class TrickleStream(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(step, buffer.Length)], cancellationToken);
    }
}
