namespace Replicate.Adapters.Cloud;

/// <summary>
/// What an HTTP client sends: memory, or a window of a file read where it lies. Tells its attempt whenever bytes go out.
/// </summary>
internal sealed class MovingStream : AsyncStream
{
    private readonly Func<long, Memory<byte>, CancellationToken, ValueTask<int>> _read;
    private long _position;

    private MovingStream(long length, Attempt attempt, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read) =>
        (Length, Attempt, _read) = (length, attempt, read);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>The attempt that is told.</summary>
    public Attempt Attempt { get; set; }

    /// <summary>Sends bytes in memory.</summary>
    public static MovingStream Of(ReadOnlyMemory<byte> bytes, Attempt attempt) => new(bytes.Length, attempt, (position, buffer, _) =>
    {
        var count = (int)Math.Min(buffer.Length, bytes.Length - position);
        bytes.Slice((int)position, count).CopyTo(buffer);
        return ValueTask.FromResult(count);
    });

    /// <summary>Sends a window of a file.</summary>
    public static MovingStream Of(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long length, Attempt attempt) =>
        new(length, attempt, (position, buffer, token) => RandomAccess.ReadAsync(
            file, buffer[..(int)Math.Min(buffer.Length, length - position)], offset + position, token));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Attempt.MovedOut();
        var count = await _read(_position, buffer, cancellationToken);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };
}
