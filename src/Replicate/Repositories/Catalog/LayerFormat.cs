using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Replicate.Repositories.Cache;
using Replicate.Storage;

namespace Replicate.Repositories.Catalog;

/// <summary>Takes an entry of a layer: a metadata file as it was in a version.</summary>
/// <param name="id">The id in its name.</param>
/// <param name="version">The version: <see cref="ObjectInfo.Version"/>.</param>
/// <param name="content">Its bytes, which must not be kept.</param>
internal delegate void UseEntry(string id, string version, ReadOnlyMemory<byte> content);

/// <summary>A layer of the catalog as bytes: blocks of entries, each compressed and with a checksum. docs/FORMAT.md describes it.</summary>
internal static class LayerFormat
{
    /// <summary>No longer metadata file has an entry: reading it costs its length rather than a request.</summary>
    internal const int LongestEntry = 1 << 20;

    /// <summary>From this length on a block is full.</summary>
    internal const int FullBlock = 1 << 20;

    /// <summary>Who reads all of a layer, whatever it is worth, refuses what expands to more than this times its length.</summary>
    internal const int MostExpansion = 1_000;

    /// <summary>What comes before the blocks, and behind them.</summary>
    internal const int Overhead = MarkLength + HeadLength;

    // A full block may have got one more entry, with its id and version.
    private const int LongestBlock = FullBlock + LongestEntry + (1 << 16);
    private const int MarkLength = 8;
    private const int HeadLength = 3 * sizeof(int);

    // Of the settings of the encoder the one that is as fast as a disk and still finds what experiments have in common.
    private const int Quality = 1;
    private const int Window = 20;

    private static readonly PackedTables NoTables = PackedTables.Of([0, 0]);

    private static ReadOnlySpan<byte> Mark => "RPLCAT1\n"u8;

    /// <summary>Compresses a block.</summary>
    /// <param name="entries">Entries, as <see cref="Put"/> writes them.</param>
    internal static byte[] WriteBlock(ReadOnlySpan<byte> entries)
    {
        var block = new byte[HeadLength + BrotliEncoder.GetMaxCompressedLength(entries.Length)];
        if (!BrotliEncoder.TryCompress(entries, block.AsSpan(HeadLength), out var length, Quality, Window))
        {
            throw new InvalidOperationException("What is compressed is longer than it can be.");
        }

        Array.Resize(ref block, HeadLength + length);
        WriteHead(block, length, entries.Length);
        return block;
    }

    /// <summary>Puts blocks together.</summary>
    internal static byte[] WriteLayer(IReadOnlyList<byte[]> blocks)
    {
        var layer = new byte[Overhead + blocks.Sum(block => block.Length)];
        Mark.CopyTo(layer);
        var position = MarkLength;
        foreach (var block in blocks)
        {
            block.CopyTo(layer, position);
            position += block.Length;
        }

        WriteHead(layer.AsSpan(position), 0, blocks.Count);
        return layer;
    }

    /// <summary>Adds an entry to a block.</summary>
    internal static void Put(PackedBuffer block, string id, string version, ReadOnlySpan<byte> content)
    {
        block.Text(id);
        block.Text(version);
        block.Number((ulong)content.Length);
        content.CopyTo(block.Take(content.Length));
    }

    /// <summary>Reads blocks, each still compressed, with its head.</summary>
    /// <exception cref="FormatException">It is no layer, or is cut short.</exception>
    internal static async IAsyncEnumerable<byte[]> ReadBlocksAsync(Stream layer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        await ReadAsync(layer, head.AsMemory(0, MarkLength), cancellationToken);
        if (!head.AsSpan(0, MarkLength).SequenceEqual(Mark))
        {
            throw new FormatException("It does not begin as a layer of this version does.");
        }

        for (var count = 0; ; count++)
        {
            await ReadAsync(layer, head, cancellationToken);
            var (length, told) = (BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(int))));
            if (length == 0)
            {
                CheckSum(head);
                if (told != count || await layer.ReadAtLeastAsync(head, 1, throwOnEndOfStream: false, cancellationToken) != 0)
                {
                    throw new FormatException("It does not end where it says.");
                }

                yield break;
            }

            if (length < 0 || length > BrotliEncoder.GetMaxCompressedLength(LongestBlock) || told is <= 0 or > LongestBlock)
            {
                throw new FormatException("A block has an impossible length.");
            }

            var block = new byte[HeadLength + length];
            head.CopyTo(block, 0);
            await ReadAsync(layer, block.AsMemory(HeadLength), cancellationToken);
            yield return block;
        }
    }

    /// <summary>How long the entries of a block are together, as its head says.</summary>
    internal static int LengthOf(ReadOnlySpan<byte> block) => BinaryPrimitives.ReadInt32LittleEndian(block[sizeof(int)..]);

    /// <summary>Reads the entries of a block.</summary>
    /// <exception cref="FormatException">It is not what was written.</exception>
    internal static void ReadEntries(ReadOnlySpan<byte> block, UseEntry use)
    {
        CheckSum(block);
        var entries = ArrayPool<byte>.Shared.Rent(LengthOf(block));
        try
        {
            if (!BrotliDecoder.TryDecompress(block[HeadLength..], entries, out var length) || length != LengthOf(block))
            {
                throw new FormatException("A block has another length than it says.");
            }

            for (var position = 0; position < length;)
            {
                var (id, version, content) = ReadEntry(entries.AsMemory(position, length - position));
                position = length - content.After;
                use(id, version, content.Bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(entries);
        }
    }

    private static (string Id, string Version, (ReadOnlyMemory<byte> Bytes, int After) Content) ReadEntry(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new PackedReader(bytes.Span, NoTables);
            var (id, version, count) = (reader.UniqueText(), reader.UniqueText(), reader.BoundedCount());
            var content = bytes.Slice(reader.Position, count);
            return (id, version, (content, bytes.Length - reader.Position - count));
        }
        catch (Exception e) when (IndexedFiles.IsDamage(e))
        {
            throw new FormatException("An entry is not what was written.", e);
        }
    }

    private static async Task ReadAsync(Stream layer, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (await layer.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken) != bytes.Length)
        {
            throw new FormatException("It is cut short.");
        }
    }

    private static void WriteHead(Span<byte> block, int length, int entries)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block, length);
        BinaryPrimitives.WriteInt32LittleEndian(block[sizeof(int)..], entries);
        BinaryPrimitives.WriteUInt32LittleEndian(block[(2 * sizeof(int))..], SumOf(block));
    }

    private static void CheckSum(ReadOnlySpan<byte> block)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(block[(2 * sizeof(int))..]) != SumOf(block))
        {
            throw new FormatException("A block is not what its checksum says.");
        }
    }

    private static uint SumOf(ReadOnlySpan<byte> block) =>
        ~Crc32C.Append(Crc32C.Append(Crc32C.Start, block[..(2 * sizeof(int))]), block[HeadLength..]);
}
