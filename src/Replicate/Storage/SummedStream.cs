namespace Replicate.Storage;

/// <summary>Passes on what is written and sums it up, CRC-32C.</summary>
/// <param name="target">Gets it; it is left open.</param>
internal sealed class SummedStream(Stream target) : WriteOnlyStream
{
    private uint _crc = Crc32C.Start;

    /// <summary>The checksum of what was written.</summary>
    internal uint Sum => ~_crc;

    /// <summary>How many bytes were written.</summary>
    internal long Written { get; private set; }

    public override void Flush() => target.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        NoteWritten(buffer);
        target.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        NoteWritten(buffer.Span);
        return target.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private void NoteWritten(ReadOnlySpan<byte> bytes)
    {
        _crc = Crc32C.Append(_crc, bytes);
        Written += bytes.Length;
    }
}
