using System.Buffers;
using System.IO.Compression;
using System.Threading.Channels;
using Replicate.Archives.Indexing;
using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>
/// The tar file in some members of a tarball that has an index: they are decompressed in parallel, a few ahead of who reads.
/// After the last comes <see cref="MarkedInput.Mark"/>.
/// </summary>
internal sealed class ChunkStream : ReadOnlyStream
{
    private const int MemoryAhead = 64 << 20;

    private readonly string _id;
    private readonly ArchiveFile _file;
    private readonly ArchiveIndex _index;
    private readonly ByteCounter _counter;
    private readonly Channel<Task<byte[]>> _chunks;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;
    private readonly int _end;
    private readonly bool _isExact;
    private byte[] _chunk = [];
    private int _next;
    private int _position;
    private int _length;

    /// <param name="id">The id, for error messages.</param>
    /// <param name="file">The tarball.</param>
    /// <param name="index">Its index.</param>
    /// <param name="first">The first member to read.</param>
    /// <param name="count">How many members to read.</param>
    /// <param name="counter">Counts the compressed bytes.</param>
    /// <param name="isExact">Whether the end, of all members, comes only where the tarball has its recorded checksum.</param>
    public ChunkStream(
        string id, ArchiveFile file, ArchiveIndex index, int first, int count, ByteCounter counter, bool isExact = false)
    {
        _isExact = isExact;
        (_id, _file, _index, _counter, _next, _end) = (id, file, index, counter, first, first + count);
        var ahead = Math.Clamp(MemoryAhead / (2 * index.ChunkLength), 2, (2 * Environment.ProcessorCount) + 1);
        _chunks = Channel.CreateBounded<Task<byte[]>>(ahead);
        _reading = Task.Run(() => ReadMembersAsync(first));
    }

    /// <summary>The place in the tar file.</summary>
    public long Offset => ((_next - 1L) * _index.ChunkLength) + _position;

    /// <exception cref="ReplicateException">A member is damaged (<c>ArchiveDamaged</c>).</exception>
    /// <remarks>Whoever was given a saved file may read it in this way too.</remarks>
    public override int Read(Span<byte> buffer)
    {
        if (_position == _length)
        {
            MoveNextAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        return Take(buffer);
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position == _length)
        {
            await MoveNextAsync(cancellationToken);
        }

        return Take(buffer.Span);
    }

    /// <summary>Goes on to a place of the tar file that is not before this one.</summary>
    public async Task SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        while (offset >= (long)_next * _index.ChunkLength)
        {
            await MoveNextAsync(cancellationToken);
        }

        _position = (int)(offset - ((_next - 1L) * _index.ChunkLength));
    }

    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        // What is still being read or decompressed ends by itself; its memory goes to the garbage collector.
        _closed.Cancel();
        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _length - _position);
        _chunk.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private async Task MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_next > _end)
        {
            return;
        }

        if (_next == _end)
        {
            // All chunks are there; what comes after them may be wrong.
            await _chunks.Reader.Completion.WaitAsync(cancellationToken);
            (_chunk, _length) = (MarkedInput.Mark.ToArray(), MarkedInput.Mark.Length);
        }
        else
        {
            Return(_chunk);
            _chunk = [];

            // Waiting tells the error itself, where reading would wrap it.
            await _chunks.Reader.WaitToReadAsync(cancellationToken);
            _chunk = await (await _chunks.Reader.ReadAsync(cancellationToken));
            _length = _index.LengthOf(_next);
        }

        _position = 0;
        _next++;
    }

    private async Task ReadMembersAsync(int first)
    {
        try
        {
            var lengths = _index.MemberLengths;
            var start = lengths.Take(first).Sum(length => (long)length);
            var total = lengths.Skip(first).Take(_end - first).Sum(length => (long)length);
            await using var bytes = await (_isExact ? _file.OpenVerifiedAsync(_id, _closed.Token) : _file.OpenAsync(start, total, _closed.Token));
            for (var member = first; member < _end; member++)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(lengths[member] + MarkedInput.CompressedMark.Length);
                var length = lengths[member];
                await bytes.ReadExactlyAsync(buffer.AsMemory(0, length), _closed.Token);
                _counter.Add(length);
                var inflated = member;
                await _chunks.Writer.WriteAsync(Task.Run(() => Inflate(inflated, buffer, length), _closed.Token), _closed.Token);
            }

            if (_isExact)
            {
                await bytes.CopyToAsync(Stream.Null, _closed.Token);
            }

            _chunks.Writer.Complete();
        }
        catch (EndOfStreamException e)
        {
            _chunks.Writer.Complete(ArchiveErrors.Damaged(_id, e));
        }
        catch (Exception e)
        {
            _chunks.Writer.Complete(e);
        }
    }

    private byte[] Inflate(int member, byte[] buffer, int length)
    {
        MarkedInput.CompressedMark.CopyTo(buffer.AsSpan(length));
        var chunk = ArrayPool<byte>.Shared.Rent(_index.ChunkLength);
        try
        {
            using var gzip = new GZipStream(
                new MemoryStream(buffer, 0, length + MarkedInput.CompressedMark.Length), CompressionMode.Decompress);
            gzip.ReadExactly(chunk, 0, _index.LengthOf(member));
            Span<byte> mark = stackalloc byte[MarkedInput.Mark.Length + 1];
            var read = gzip.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
            return mark[..read].SequenceEqual(MarkedInput.Mark) ? chunk : throw new InvalidDataException();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveErrors.DamagedAt(_id, _index.NamesIn(member), e);
        }
        finally
        {
            Return(buffer);
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
