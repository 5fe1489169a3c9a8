using System.Buffers;

namespace Replicate.Adapters.Cloud;

/// <summary>
/// Cuts what is written to it into parts and uploads them while the next is written. What fits into one part is only
/// kept, to be put with one request.
/// </summary>
/// <param name="upload">Uploads a part, numbered from 1.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class PartsStream(Func<int, ReadOnlyMemory<byte>, Task> upload, CancellationToken cancellationToken) : AsyncStream
{
    private const int Parallel = 2;

    private readonly SemaphoreSlim _free = new(Parallel);
    private readonly List<Task> _uploads = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(PartSize.OfPart(0));
    private int _count;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Whether all that was written is in <see cref="Rest"/>.</summary>
    public bool IsSmall => _uploads.Count == 0;

    /// <summary>What was written after the last part.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(0, _count);

    /// <summary>Uploads the rest, and waits until all parts are there.</summary>
    public async Task CompleteAsync()
    {
        if (_count > 0)
        {
            await SendAsync();
        }

        await Task.WhenAll(_uploads);
    }

    /// <summary>Waits until nothing runs any more, whatever came of it.</summary>
    public Task SettleAsync() => Task.WhenAll(_uploads).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var size = PartSize.OfPart(_uploads.Count);
            if (_count == size)
            {
                await SendAsync();
                continue;
            }

            var count = Math.Min(buffer.Length, size - _count);
            buffer[..count].CopyTo(_buffer.AsMemory(_count));
            _count += count;
            buffer = buffer[count..];
        }
    }

    private async Task SendAsync()
    {
        if (_uploads.Find(sent => sent.IsFaulted) is { } failed)
        {
            await failed;
        }

        await _free.WaitAsync(cancellationToken);
        _uploads.Add(UploadAsync(_uploads.Count + 1, _buffer, _count));
        _buffer = ArrayPool<byte>.Shared.Rent(PartSize.OfPart(_uploads.Count));
        _count = 0;
    }

    private async Task UploadAsync(int number, byte[] buffer, int count)
    {
        try
        {
            await upload(number, buffer.AsMemory(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _free.Release();
        }
    }
}
