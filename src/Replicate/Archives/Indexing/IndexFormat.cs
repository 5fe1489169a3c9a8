using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Replicate.Archives.Reading;

namespace Replicate.Archives.Indexing;

/// <summary>
/// The index of a tarball as bytes: in the extra fields of empty gzip members at its end, so that to any other program
/// there is nothing. docs/FORMAT.md describes it.
/// </summary>
internal static class IndexFormat
{
    /// <summary>The length of the last member, which tells where the index is.</summary>
    public const int FooterLength = FooterPayload + IndexMember.Overhead;

    private const int FooterPayload = SumStart + SHA256.HashSizeInBytes;
    private const int SumStart = 36;
    private const uint Version = 1;
    private const int MaxPart = 60_000;

    /// <summary>No longer index is written or read: it is held in memory. This is enough for half a million files.</summary>
    private const int MaxLength = 1 << 26;

    /// <summary>The members to be written after the last of the tar file.</summary>
    /// <returns>The bytes; empty when the index would be too long.</returns>
    public static byte[] Write(ArchiveIndex index)
    {
        var content = IndexContent.Write(index);
        if (content.Length > MaxLength)
        {
            return [];
        }

        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            content.WriteTo(deflate);
        }

        var parts = deflated.GetBuffer().AsSpan(0, (int)deflated.Length);
        var footer = new byte[FooterPayload];
        var dataLength = index.MemberLengths.Sum(length => (long)length);
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Version);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(4), dataLength + IndexLength(parts.Length) + FooterLength);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(12), dataLength);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(20), parts.Length);
        BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(28), content.Length);
        Sum(parts, footer).CopyTo(footer.AsSpan(SumStart));

        using var tail = new MemoryStream();
        for (var part = 0; part < parts.Length; part += MaxPart)
        {
            IndexMember.Write(tail, IndexMember.Index, parts[part..Math.Min(parts.Length, part + MaxPart)]);
        }

        IndexMember.Write(tail, IndexMember.Footer, footer);
        return tail.ToArray();
    }

    /// <summary>Reads where the index is.</summary>
    /// <param name="fileLength">How long the tarball is.</param>
    /// <param name="footer">Its last <see cref="FooterLength"/> bytes.</param>
    /// <returns>The length of what comes before the index; null where there is no footer.</returns>
    /// <exception cref="FormatException">There is one, but it is not of this file or version.</exception>
    public static long? ReadFooter(long fileLength, ReadOnlySpan<byte> footer)
    {
        if (IndexMember.Read(footer, IndexMember.Footer) is not { Length: FooterPayload } payload)
        {
            return null;
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (version != Version)
        {
            throw new FormatException($"it is of version {version}");
        }

        var (length, data, deflated, content) = (Long(payload, 4), Long(payload, 12), Long(payload, 20), Long(payload, 28));
        return length == fileLength && data > 0 && deflated is > 0 and < MaxLength && content is > 0 and <= MaxLength
            && data + IndexLength((int)deflated) + FooterLength == fileLength
            ? data
            : throw new FormatException("its lengths are not those of the file");
    }

    /// <summary>Reads the index.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="tail">All that follows the last member of the tar file.</param>
    /// <param name="limit">What the tarball may expand to.</param>
    /// <returns>The index, whose entries are as good as those of a tar file.</returns>
    /// <exception cref="FormatException">It is damaged, or not of this file.</exception>
    /// <exception cref="ReplicateException">A file would lie outside its directory (<c>ArchiveRefused</c>).</exception>
    public static ArchiveIndex Read(string id, ReadOnlySpan<byte> tail, ExpansionLimit limit)
    {
        var footer = IndexMember.Read(tail[^FooterLength..], IndexMember.Footer);
        var parts = new byte[(int)Long(footer, 20)];
        var rest = tail[..^FooterLength];
        var done = 0;
        while (done < parts.Length)
        {
            var count = Math.Min(MaxPart, parts.Length - done);
            var part = IndexMember.Read(rest[..(count + IndexMember.Overhead)], IndexMember.Index);
            if (part.Length != count)
            {
                throw new FormatException("it is damaged");
            }

            part.CopyTo(parts.AsSpan(done));
            rest = rest[(count + IndexMember.Overhead)..];
            done += count;
        }

        if (!Sum(parts, footer).AsSpan().SequenceEqual(footer[SumStart..]))
        {
            throw new FormatException("its checksum is wrong");
        }

        return IndexContent.Read(id, Long(footer, 12), Inflate(parts, (int)Long(footer, 28)), limit);
    }

    private static byte[] Inflate(byte[] parts, int length)
    {
        var content = new byte[length];
        using var deflate = new DeflateStream(new MemoryStream(parts), CompressionMode.Decompress);
        try
        {
            deflate.ReadExactly(content);
            return deflate.ReadByte() < 0 ? content : throw new FormatException("it is longer than it says");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FormatException("it is damaged", e);
        }
    }

    private static long Long(ReadOnlySpan<byte> footer, int offset) => BinaryPrimitives.ReadInt64LittleEndian(footer[offset..]);

    /// <summary>The length of the members that hold so much.</summary>
    private static long IndexLength(int deflated) =>
        deflated + ((long)(deflated + MaxPart - 1) / MaxPart * IndexMember.Overhead);

    /// <summary>The checksum of the index and of what the footer says of it.</summary>
    private static byte[] Sum(ReadOnlySpan<byte> parts, ReadOnlySpan<byte> footer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(parts);
        hash.AppendData(footer[..SumStart]);
        return hash.GetHashAndReset();
    }
}
