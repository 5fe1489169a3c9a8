using System.Buffers;

namespace Replicate.Adapters.Cloud;

/// <summary>A part of an object.</summary>
/// <param name="Buffer">The buffer, which may be longer, from the pool of whoever asked for a range.</param>
/// <param name="Count">How many bytes of it count.</param>
/// <param name="Total">The length of the whole object.</param>
/// <param name="Version">The version the bytes are of.</param>
internal sealed record ObjectRange(byte[] Buffer, int Count, long Total, string Version);

/// <summary>
/// Fetches a range of an object whole; null when there is no such object. Given a version, anything else is an error.
/// </summary>
internal delegate Task<ObjectRange?> FetchRange(
    long offset, int count, string? version, ArrayPool<byte> buffers, CancellationToken cancellationToken);

/// <summary>
/// Reads an object from start to end in ranges, a few of them fetched ahead in parallel. Each range is fetched whole and
/// again where the connection broke, so a slow reader holds no connection open.
/// </summary>
internal sealed class RangedStream : AsyncStream
{
    private const int RangeLength = 4 << 20;
    private const int Ahead = 4;

    private readonly FetchRange _fetch;

    // Of the shared pool every thread keeps buffers for itself, and a busy machine has many threads.
    private readonly ArrayPool<byte> _buffers;
    private readonly string _version;
    private readonly long _end;
    private readonly Queue<Task<ObjectRange?>> _ranges = new();
    private readonly CancellationTokenSource _closed = new();
    private ObjectRange _current;
    private int _position;
    private long _next;

    private RangedStream(FetchRange fetch, ArrayPool<byte> buffers, ObjectRange first, long offset, long end)
    {
        _fetch = fetch;
        _buffers = buffers;
        _current = first;
        _version = first.Version;
        _next = offset + first.Count;
        _end = end;
        FetchAhead();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <summary>Opens an object; null when there is none.</summary>
    public static async Task<Stream?> OpenAsync(
        FetchRange fetch, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var count = (int)Math.Min(length ?? RangeLength, RangeLength);

        // Nothing can be asked for as a range, but whether the object is there must be known.
        var buffers = ArrayPool<byte>.Create(RangeLength, Ahead + 1);
        var first = await fetch(offset, Math.Max(count, 1), null, buffers, cancellationToken);
        return first is null ? null : new RangedStream(
            fetch, buffers, first with { Count = Math.Min(first.Count, count) }, offset,
            length < first.Total - offset ? offset + length.Value : first.Total);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _current.Count && _ranges.TryPeek(out var next))
        {
            var range = (await next.WaitAsync(cancellationToken))!;
            _ = _ranges.Dequeue();
            _buffers.Return(_current.Buffer);
            (_current, _position) = (range, 0);
            FetchAhead();
        }

        var count = Math.Min(buffer.Length, _current.Count - _position);
        _current.Buffer.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // What is still being fetched ends by itself; its buffers go to the garbage collector.
        _closed.Cancel();
        base.Dispose(disposing);
    }

    private void FetchAhead()
    {
        for (; _ranges.Count < Ahead && _next < _end; _next += RangeLength)
        {
            _ranges.Enqueue(_fetch(_next, (int)Math.Min(RangeLength, _end - _next), _version, _buffers, _closed.Token));
        }
    }
}
