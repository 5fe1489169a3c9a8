using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>The decompressed bytes of a tarball, of which none can be missing without an error.</summary>
internal sealed class TarballContent : ReadOnlyStream
{
    private readonly string _id;
    private readonly Stream _content;
    private readonly ByteCounter _counter;
    private readonly ExpansionLimit _limit;
    private readonly byte[] _lastBytes = new byte[MarkedInput.Mark.Length];
    private readonly HeaderSums _headers = new();
    private long _length;
    private bool _mayEnd;

    /// <param name="id">The id, for error messages.</param>
    /// <param name="content">The tar file, and <see cref="MarkedInput.Mark"/> where it is whole.</param>
    /// <param name="counter">Knows how many compressed bytes were read.</param>
    /// <param name="limit">What may come out.</param>
    public TarballContent(string id, Stream content, ByteCounter counter, ExpansionLimit limit) =>
        (_id, _content, _counter, _limit) = (id, content, counter, limit);

    /// <exception cref="ReplicateException">The file is damaged or at its end (<c>ArchiveDamaged</c>), or too long (<c>ArchiveTooLarge</c>).</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return buffer.IsEmpty ? 0 : Check(buffer[.._content.Read(buffer)]);
        }
        catch (InvalidDataException e)
        {
            throw ArchiveErrors.Damaged(_id, e);
        }
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _content.ReadAsync(buffer, cancellationToken);
            return buffer.IsEmpty ? 0 : Check(buffer.Span[..read]);
        }
        catch (InvalidDataException e)
        {
            throw ArchiveErrors.Damaged(_id, e);
        }
    }

    /// <summary>Tells how much data follows the header that was just read.</summary>
    public void ExpectData(long length) => _headers.ExpectData(length);

    /// <summary>Reads on to the end, which has to be the end of a whole gzip file.</summary>
    public void SkipToEnd()
    {
        _mayEnd = true;
        var buffer = new byte[1 << 16];
        while (Read(buffer) > 0)
        {
        }
    }

    /// <inheritdoc cref="SkipToEnd"/>
    public async Task SkipToEndAsync(CancellationToken cancellationToken)
    {
        _mayEnd = true;
        var buffer = new byte[1 << 16];
        while (await ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Reads what follows the first of the two blocks that end a tarball: nothing but zeros.</summary>
    public async Task ReadEndAsync(CancellationToken cancellationToken)
    {
        _mayEnd = true;
        var buffer = new byte[1 << 16];
        var (zeros, others) = (0L, 0L);
        while (await ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var zerosRead = buffer.AsSpan(0, read).Count((byte)0);
            (zeros, others) = (zeros + zerosRead, others + read - zerosRead);
        }

        if (zeros < HeaderSums.Block || zeros % HeaderSums.Block != 0 || others != _lastBytes.Length)
        {
            throw ArchiveErrors.Damaged(_id);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _content.Dispose();
        base.Dispose(disposing);
    }

    private int Check(ReadOnlySpan<byte> read)
    {
        _length += read.Length;
        if (_length > _limit.Bytes && _length > ExpansionLimit.Of(_counter.Done, null).Bytes)
        {
            throw ArchiveErrors.TooLarge(_id, _limit);
        }

        var isWhole = read.IsEmpty
            ? _mayEnd && _lastBytes.AsSpan().SequenceEqual(MarkedInput.Mark)
            : _mayEnd || _headers.Take(read);
        if (!isWhole)
        {
            throw ArchiveErrors.Damaged(_id);
        }

        var kept = Math.Max(0, _lastBytes.Length - read.Length);
        _lastBytes.AsSpan(_lastBytes.Length - kept).CopyTo(_lastBytes);
        read[^(_lastBytes.Length - kept)..].CopyTo(_lastBytes.AsSpan(kept));
        return read.Length;
    }
}
