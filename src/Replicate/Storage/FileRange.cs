using Microsoft.Win32.SafeHandles;

namespace Replicate.Storage;

/// <summary>A range of a file as a stream, read once from start to end. It owns the file.</summary>
internal sealed class FileRange(SafeFileHandle file, long offset, long length) : ReadOnlyStream
{
    private long _position = offset;
    private long _left = length;

    public override int Read(Span<byte> buffer) =>
        Advance(RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, _left)], _position));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Advance(await RandomAccess.ReadAsync(file, buffer[..(int)Math.Min(buffer.Length, _left)], _position, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Advance(int count)
    {
        _position += count;
        _left -= count;
        return count;
    }
}
