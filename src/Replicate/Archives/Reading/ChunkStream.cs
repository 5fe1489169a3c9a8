using System.Buffers;
using System.IO.Compression;
using System.Threading.Channels;
using Replicate.Archives.Indexing;
using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>
/// The tar file in some members of a tarball that has a table: they are decompressed in parallel, a few ahead of who reads.
/// After the last comes <see cref="MarkedInput.Mark"/>.
/// </summary>
internal sealed class BlockStream : ReadOnlyStream
{
    private const int MemoryAhead = 64 << 20;

    private readonly string _id;
    private readonly ArchiveFile _file;
    private readonly ArchiveTable _table;
    private readonly ByteCounter _counter;
    private readonly Channel<Task<byte[]>> _blocks;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;
    private readonly int _end;
    private readonly bool _isExact;
    private byte[] _block = [];
    private int _next;
    private int _position;
    private int _length;

    /// <param name="id">The id, for error messages.</param>
    /// <param name="file">The tarball.</param>
    /// <param name="table">Its table.</param>
    /// <param name="first">The first member to read.</param>
    /// <param name="count">How many members to read.</param>
    /// <param name="counter">Counts the compressed bytes.</param>
    /// <param name="isExact">Whether the end, of all members, comes only where the tarball has its recorded checksum.</param>
    public BlockStream(
        string id, ArchiveFile file, ArchiveTable table, int first, int count, ByteCounter counter, bool isExact = false)
    {
        _isExact = isExact;
        (_id, _file, _table, _counter, _next, _end) = (id, file, table, counter, first, first + count);
        var ahead = Math.Clamp(MemoryAhead / (2 * table.BlockLength), 2, (2 * Environment.ProcessorCount) + 1);
        _blocks = Channel.CreateBounded<Task<byte[]>>(ahead);
        _reading = Task.Run(() => ReadMembersAsync(first));
    }

    /// <summary>The place in the tar file.</summary>
    public long Offset => ((_next - 1L) * _table.BlockLength) + _position;

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
        while (offset >= (long)_next * _table.BlockLength)
        {
            await MoveNextAsync(cancellationToken);
        }

        _position = (int)(offset - ((_next - 1L) * _table.BlockLength));
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
        _block.AsSpan(_position, count).CopyTo(buffer);
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
            // All blocks are there; what comes after them may be wrong.
            await _blocks.Reader.Completion.WaitAsync(cancellationToken);
            (_block, _length) = (MarkedInput.Mark.ToArray(), MarkedInput.Mark.Length);
        }
        else
        {
            Return(_block);
            _block = [];

            // Waiting tells the error itself, where reading would wrap it.
            await _blocks.Reader.WaitToReadAsync(cancellationToken);
            _block = await (await _blocks.Reader.ReadAsync(cancellationToken));
            _length = _table.LengthOf(_next);
        }

        _position = 0;
        _next++;
    }

    private async Task ReadMembersAsync(int first)
    {
        try
        {
            var lengths = _table.MemberLengths;
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
                await _blocks.Writer.WriteAsync(Task.Run(() => Inflate(inflated, buffer, length), _closed.Token), _closed.Token);
            }

            if (_isExact)
            {
                await bytes.CopyToAsync(Stream.Null, _closed.Token);
            }

            _blocks.Writer.Complete();
        }
        catch (EndOfStreamException e)
        {
            _blocks.Writer.Complete(ArchiveErrors.Damaged(_id, e));
        }
        catch (Exception e)
        {
            _blocks.Writer.Complete(e);
        }
    }

    private byte[] Inflate(int member, byte[] buffer, int length)
    {
        MarkedInput.CompressedMark.CopyTo(buffer.AsSpan(length));
        var block = ArrayPool<byte>.Shared.Rent(_table.BlockLength);
        try
        {
            using var gzip = new GZipStream(
                new MemoryStream(buffer, 0, length + MarkedInput.CompressedMark.Length), CompressionMode.Decompress);
            gzip.ReadExactly(block, 0, _table.LengthOf(member));
            Span<byte> mark = stackalloc byte[MarkedInput.Mark.Length + 1];
            var read = gzip.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
            return mark[..read].SequenceEqual(MarkedInput.Mark) ? block : throw new InvalidDataException();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveErrors.DamagedAt(_id, _table.NamesIn(member), e);
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
