using System.Text;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Indexing;

/// <summary>What an index says, as bytes: numbers of seven bits a byte, the lowest first; texts of UTF-8 after their length.</summary>
internal static class IndexContent
{
    private const int MaxChunkLength = 1 << 22;
    private const int MaxHeaderBlocks = 128;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes it.</summary>
    public static MemoryStream Write(ArchiveIndex index)
    {
        var output = new MemoryStream();
        using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt64(index.ChunkLength);
        writer.Write7BitEncodedInt64(index.TarLength);
        foreach (var length in index.MemberLengths)
        {
            writer.Write7BitEncodedInt64(length);
        }

        writer.Write7BitEncodedInt64(index.Entries.Count);
        foreach (var entry in index.Entries)
        {
            var file = entry.File;
            writer.Write((byte)(file.LinkTarget is null ? '0' : '2'));
            writer.Write7BitEncodedInt64(entry.HeaderLength / TarHeader.Block);
            writer.Write7BitEncodedInt64((long)file.Mode);
            writer.Write7BitEncodedInt64(TarHeader.Seconds(file.LastModified));
            writer.Write(file.Path);
            if (file.LinkTarget is { } target)
            {
                writer.Write(target);
            }
            else
            {
                writer.Write7BitEncodedInt64(file.Length);
                writer.Write(Convert.FromHexString(file.Sha256!));
            }
        }

        return output;
    }

    /// <summary>Reads it and holds it to what a tar file has to be: what comes out lies inside, in order, and fits.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="dataLength">The length of all members of the tar file.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="limit">What the tarball may expand to.</param>
    /// <exception cref="FormatException">They are no index of such a file.</exception>
    /// <exception cref="ReplicateException">A file would lie outside its directory (<c>ArchiveRefused</c>).</exception>
    public static ArchiveIndex Read(string id, long dataLength, byte[] content, ExpansionLimit limit)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Utf8);
        try
        {
            var index = Read(id, reader, content.Length, limit);
            return index.MemberLengths.Sum(length => (long)length) == dataLength && reader.BaseStream.Position == content.Length
                ? index
                : throw new FormatException("its lengths do not add up");
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or IOException or OverflowException)
        {
            throw new FormatException("what it says makes no sense", e);
        }
    }

    private static ArchiveIndex Read(string id, BinaryReader reader, int length, ExpansionLimit limit)
    {
        var chunkLength = Number(reader, MaxChunkLength);
        var tarLength = Number(reader, limit.Bytes);
        Require(chunkLength >= TarHeader.Block && tarLength > 0);
        var members = new int[Count(ArchiveIndex.MemberCount(tarLength, (int)chunkLength), length)];
        for (var i = 0; i < members.Length; i++)
        {
            // No member is much longer than what is in it.
            members[i] = (int)Number(reader, chunkLength + (chunkLength / 8) + 1024);
        }

        var tree = new TarballTree(id);
        var entries = new List<ArchiveEntry>(Count(Number(reader, limit.Entries), length));
        for (var (left, end) = (entries.Capacity, 0L); left > 0; left--)
        {
            var entry = ReadEntry(reader, end, tarLength);
            Require(tree.AddNew(entry.File));
            entries.Add(entry);
            end = entry.End;
        }

        Require((entries.Count == 0 ? 0 : entries[^1].End) + (2 * TarHeader.Block) == tarLength);
        return new ArchiveIndex((int)chunkLength, tarLength, members, entries);
    }

    private static ArchiveEntry ReadEntry(BinaryReader reader, long end, long tarLength)
    {
        var type = reader.ReadByte();
        Require(type is (byte)'0' or (byte)'2');
        var header = (int)Number(reader, MaxHeaderBlocks) * TarHeader.Block;
        var offset = end + header;
        Require(header > 0 && offset < tarLength);
        var file = new SavedFile
        {
            Mode = (UnixFileMode)Number(reader, (long)SavedFile.Permissions) & SavedFile.Permissions,
            LastModified = DateTimeOffset.FromUnixTimeSeconds(Number(reader, 1L << 33)).LocalDateTime,
            Path = reader.ReadString(),
        };
        file = type == '2'
            ? file with { Kind = SavedFileKind.Link, LinkTarget = reader.ReadString() }
            : file with { Length = Number(reader, tarLength - offset), Sha256 = TarEntries.Hex(reader.ReadBytes(32)) };
        Require(file.LinkTarget is not null || file.Sha256!.Length == 64);
        return new ArchiveEntry(file, offset, header);
    }

    private static long Number(BinaryReader reader, long max)
    {
        var number = reader.Read7BitEncodedInt64();
        Require(number >= 0 && number <= max);
        return number;
    }

    /// <summary>How many of something that takes a byte each at least.</summary>
    private static int Count(long count, int length)
    {
        Require(count <= length);
        return (int)count;
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new FormatException("what it says makes no sense");
        }
    }
}
