using Replicate.Storage;

namespace Replicate.Archives.Writing;

/// <summary>
/// A compressed file followed by one gzip member more, which holds <see cref="Mark"/>. The runtime's decompressor takes a
/// file that ends too early, and one with foreign bytes after its end, for a whole one; but only where the file ends
/// exactly at the end of a member does the mark come out behind its content.
/// </summary>
internal sealed class MarkedInput : ReadOnlyStream
{
    private static readonly byte[] MarkMember = CompressMark();

    private readonly Stream _archive;
    private readonly ByteCounter _counter;
    private readonly bool _leaveOpen;
    private int _markPosition = -1;

    public MarkedInput(Stream archive, ByteCounter counter, bool leaveOpen = true) =>
        (_archive, _counter, _leaveOpen) = (archive, counter, leaveOpen);

    /// <summary>The gzip member that holds <see cref="Mark"/>.</summary>
    public static ReadOnlySpan<byte> CompressedMark => MarkMember;

    /// <summary>What comes out last; it holds no zero byte.</summary>
    public static ReadOnlySpan<byte> Mark => "The file ended at a member's end."u8;

    public override int Read(Span<byte> buffer) =>
        _markPosition < 0 && Count(_archive.Read(buffer)) is > 0 and var read ? read : ReadMark(buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _markPosition < 0 && Count(await _archive.ReadAsync(buffer, cancellationToken)) is > 0 and var read
            ? read
            : ReadMark(buffer.Span);

    protected override void Dispose(bool disposing)
    {
        if (!_leaveOpen)
        {
            _archive.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] CompressMark()
    {
        using var compressed = new MemoryStream();
        using (var gzip = Gzip.Compress(compressed))
        {
            gzip.Write(Mark);
        }

        return compressed.ToArray();
    }

    private int Count(int read)
    {
        _counter.Add(read);
        return read;
    }

    private int ReadMark(Span<byte> buffer)
    {
        _markPosition = Math.Max(0, _markPosition);
        var count = Math.Min(buffer.Length, CompressedMark.Length - _markPosition);
        CompressedMark.Slice(_markPosition, count).CopyTo(buffer);
        _markPosition += count;
        return count;
    }
}
