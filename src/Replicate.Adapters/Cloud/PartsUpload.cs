using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Adapters.Cloud;

/// <summary>An object that is put in parts: it appears when the last is there, and leaves nothing that is listed otherwise.</summary>
internal abstract class PartsUpload : IAsyncDisposable
{
    private const int Parallel = 4;

    /// <summary>Uploads a part, several at the same time.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="open">Opens its content for a try.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public abstract Task SendAsync(int number, Func<Attempt, MovingStream> open, CancellationToken cancellationToken);

    /// <summary>Puts the parts together; null when the condition was not met.</summary>
    public abstract Task<string?> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Takes back what was not completed, where the cloud doesn't by itself.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Puts a file; null when the condition was not met.</summary>
    public async Task<string?> PutAsync(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        await CutAsync(length, PartSize.For(length), (number, start, count, token) =>
            SendAsync(number, attempt => MovingStream.Of(file, start, count, attempt), token), cancellationToken);
        return await CompleteAsync(cancellationToken);
    }

    /// <summary>Puts what is written, while it is; null when the condition was not met.</summary>
    /// <param name="content">What writes it.</param>
    /// <param name="putSmall">Puts what fits into one part.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<string?> PutAsync(
        ObjectContent content, Func<ReadOnlyMemory<byte>, Task<string?>> putSmall, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var parts = new PartsStream(
            (number, bytes) => SendAsync(number, attempt => MovingStream.Of(bytes, attempt), stop.Token), stop.Token);
        try
        {
            await content.WriteToAsync(parts, cancellationToken);
            if (parts.IsSmall)
            {
                return await putSmall(parts.Rest);
            }

            await parts.CompleteAsync();
            return await CompleteAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await parts.SettleAsync();
        }
    }

    /// <summary>Does something with the ranges of a length, a few at the same time; they are numbered from 1.</summary>
    protected static Task CutAsync(
        long length, long size, Func<int, long, long, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
        return System.Threading.Tasks.Parallel.ForAsync(0, (length + size - 1) / size, options, async (index, token) =>
            await send((int)index + 1, index * size, Math.Min(size, length - (index * size)), token));
    }
}
