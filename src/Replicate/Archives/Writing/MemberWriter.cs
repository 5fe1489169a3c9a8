using System.IO.Compression;
using System.Security.Cryptography;
using System.Threading.Channels;
using Replicate.Archives.Reading;

namespace Replicate.Archives.Writing;

/// <summary>
/// Compresses chunks on all cores and writes them as gzip members in their order. There is a fixed number of chunks, so
/// that who fills them waits for who writes them. An error of either end ends both.
/// </summary>
internal sealed class MemberWriter : IAsyncDisposable
{
    private static readonly int MaxChunks = Math.Min((2 * Environment.ProcessorCount) + 2, 40);

    private readonly Stream _output;
    private readonly CompressionLevel _level;
    private readonly CancellationTokenSource _ended;
    private readonly Channel<Task<TarChunk>> _compressing = Channel.CreateUnbounded<Task<TarChunk>>();
    private readonly Channel<TarChunk> _free = Channel.CreateUnbounded<TarChunk>();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<int> _lengths = [];
    private readonly Task _writing;
    private int _chunks;

    /// <param name="output">Where members go; it is left open, and nothing writes to it after this was disposed.</param>
    /// <param name="level">How hard to compress.</param>
    /// <param name="cancellationToken">Ends all work.</param>
    public MemberWriter(Stream output, CompressionLevel level, CancellationToken cancellationToken)
    {
        (_output, _level) = (output, level);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _writing = WriteMembersAsync(_ended.Token);
    }

    /// <summary>The lengths of the members in their order, once <see cref="CompleteAsync"/> has returned.</summary>
    public IReadOnlyList<int> Lengths => _lengths;

    /// <summary>How much was written.</summary>
    public long Length { get; private set; }

    /// <summary>An empty chunk to be filled.</summary>
    /// <exception cref="Exception">What went wrong when an earlier one was compressed or written.</exception>
    public async ValueTask<TarChunk> RentAsync()
    {
        if (_chunks < MaxChunks && !_free.Reader.TryPeek(out _) && !_writing.IsCompleted)
        {
            _chunks++;
            return new TarChunk();
        }

        // Waiting tells the error itself, where reading would wrap it.
        await _free.Reader.WaitToReadAsync(_ended.Token);
        return await _free.Reader.ReadAsync(_ended.Token);
    }

    /// <summary>Has a filled chunk compressed and written after those before it.</summary>
    public void Add(TarChunk chunk) => _compressing.Writer.TryWrite(Task.Run(
        () =>
        {
            chunk.Compress(_level);
            return chunk;
        },
        _ended.Token));

    /// <summary>Waits until all chunks are written.</summary>
    public Task CompleteAsync()
    {
        _compressing.Writer.TryComplete();
        return _writing;
    }

    /// <summary>Writes what comes after the members.</summary>
    /// <returns>The SHA-256 of all that was written, in lower-case hex digits.</returns>
    public async Task<string> EndAsync(ReadOnlyMemory<byte> tail)
    {
        await WriteAsync(tail, _ended.Token);
        return TarEntries.Hex(_hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        _compressing.Writer.TryComplete();
        await _ended.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_compressing.Reader.TryRead(out var compressing))
        {
            await ((Task)compressing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // After an error somebody may still read or write the others.
        while (_writing.IsCompletedSuccessfully && _free.Reader.TryRead(out var chunk))
        {
            chunk.Return();
        }

        _hash.Dispose();
        _ended.Dispose();
    }

    private async Task WriteMembersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var compressing in _compressing.Reader.ReadAllAsync(cancellationToken))
            {
                var chunk = await compressing;
                await WriteAsync(chunk.Member, cancellationToken);
                _lengths.Add(chunk.Member.Length);
                chunk.Count = 0;
                _free.Writer.TryWrite(chunk);
            }
        }
        catch (Exception exception)
        {
            _free.Writer.TryComplete(exception);
            throw;
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var writing = _output.WriteAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        Length += bytes.Length;
        await writing;
    }
}
