using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>The next bytes of a stream as one of their own.</summary>
internal sealed class SlicedStream(Stream stream, long length, bool leaveOpen = false) : ReadOnlyStream
{
    private long _left = length;

    /// <summary>The same, with its end coming only where the bytes are those of a saved file.</summary>
    public VerifiedStream Verified(string id, SavedFile file) => new(this, id, file);

    public override int Read(Span<byte> buffer) => Take(stream.Read(buffer[..Wanted(buffer.Length)]));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Take(await stream.ReadAsync(buffer[..Wanted(buffer.Length)], cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Wanted(int count) => (int)Math.Min(count, _left);

    private int Take(int read)
    {
        _left -= read;
        return read;
    }
}
