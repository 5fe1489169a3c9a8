using System.Buffers;
using System.IO.Compression;

namespace Replicate.Archives.Writing;

/// <summary>A piece of a tar file that becomes a gzip member of its own.</summary>
internal sealed class TarChunk
{
    /// <summary>How much of the tar file a member holds: long enough to compress well, short enough to read one file of many.</summary>
    public const int Length = 1 << 20;

    // Memory that was never used costs more than all else about a small file: it is borrowed.
    private readonly byte[] _tar = ArrayPool<byte>.Shared.Rent(Length);

    // Nothing that the compression makes of incompressible bytes is longer.
    private readonly byte[] _member = ArrayPool<byte>.Shared.Rent(Length + (Length / 8));
    private int _memberLength;

    /// <summary>How many bytes of the tar file are in it.</summary>
    public int Count { get; set; }

    /// <summary>What is free of it.</summary>
    public Memory<byte> Free => _tar.AsMemory(Count, Length - Count);

    /// <summary>The gzip member, after <see cref="Compress"/>.</summary>
    public ReadOnlyMemory<byte> Member => _member.AsMemory(0, _memberLength);

    /// <summary>Makes it a gzip member: compressed where that makes it smaller, otherwise stored.</summary>
    public void Compress(CompressionLevel level)
    {
        var tar = _tar.AsSpan(0, Count);
        if (level == CompressionLevel.NoCompression || !Compressibility.IsWorthIt(tar) || !TryCompress(tar, level))
        {
            Write(tar, CompressionLevel.NoCompression);
        }
    }

    /// <summary>Gives its memory back; nobody may use it any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_tar);
        ArrayPool<byte>.Shared.Return(_member);
    }

    private bool TryCompress(ReadOnlySpan<byte> tar, CompressionLevel level)
    {
        Write(tar, level);
        return _memberLength < tar.Length;
    }

    private void Write(ReadOnlySpan<byte> tar, CompressionLevel level)
    {
        using var member = new MemoryStream(_member);
        Gzip.Compress(member, tar, level);
        _memberLength = (int)member.Position;
    }
}
