using System.Buffers;
using System.Net;

namespace Replicate.Adapters.Cloud;

/// <summary>What is asked for of an object: the whole of it, or a range.</summary>
/// <param name="Name">The object's name in the bucket.</param>
/// <param name="Range">The first byte and the last; null for all.</param>
/// <param name="Version">The version that it must have; null for any.</param>
internal sealed record RangeRequest(string Name, (long First, long Last)? Range, string? Version);

/// <summary>An answer whose bytes are still to come.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Total">How many the whole object has.</param>
/// <param name="Version">The version that they are of.</param>
/// <param name="Answer">What holds the connection.</param>
internal sealed record OpenedRange(Stream Content, long Length, long Total, string Version, IDisposable Answer) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Answer.Dispose();
}

/// <summary>Sends a request for bytes; null when the range begins at the end of the object or after it.</summary>
internal delegate Task<OpenedRange?> OpenRange<TClient>(TClient client, RangeRequest request, CancellationToken cancellationToken);

/// <summary>Fetches one range of an object, going on where a connection broke.</summary>
internal sealed class RangeDownload<TClient>(
    CloudBucket<TClient> bucket, OpenRange<TClient> open, string name, ArrayPool<byte>? buffers = null)
{
    private byte[]? _buffer;
    private int _count;
    private string? _version;

    /// <summary>Fetches the whole object; null when there is none.</summary>
    public Task<ObjectRange?> FetchAsync(CancellationToken cancellationToken) => FetchAsync(0, int.MaxValue, null, cancellationToken);

    /// <summary>Fetches a range, less at the end of the object; null when there is no object.</summary>
    /// <exception cref="ReplicateException">The object isn't of the version any more (<c>ObjectChanged</c>).</exception>
    public async Task<ObjectRange?> FetchAsync(long offset, int count, string? version, CancellationToken cancellationToken)
    {
        _version = version;
        try
        {
            return await bucket.FindAsync<ObjectRange>("read", (client, attempt) => FetchAsync(client, attempt, offset, count), cancellationToken)
                ?? (_version is null ? null : throw Changed(null));
        }
        catch (ReplicateException e) when (bucket.Errors.ReadCause(e) is { } refusal)
        {
            switch (refusal)
            {
                case { Kind: RefusalKind.ConditionNotMet }:
                    throw Changed(e.InnerException);
                case { Status: HttpStatusCode.RequestedRangeNotSatisfiable }:
                    return AfterTheEnd();
                default:
                    throw;
            }
        }
    }

    private async Task<ObjectRange?> FetchAsync(TClient client, Attempt attempt, long offset, int count)
    {
        var isWhole = count == int.MaxValue && _count == 0;
        var request = new RangeRequest(name, isWhole ? null : (offset + _count, offset + count - 1), _version);
        using var answer = await open(client, request, attempt.Token);
        if (answer is null)
        {
            return AfterTheEnd();
        }

        attempt.MovedIn();
        _version = answer.Version;
        var end = _count + checked((int)answer.Length);
        _buffer ??= isWhole ? new byte[end] : buffers!.Rent(end);
        while (_count < end)
        {
            var read = await answer.Content.ReadAsync(_buffer.AsMemory(_count, end - _count), attempt.Token);
            if (read == 0)
            {
                throw new EndOfStreamException($"The answer ended before its {answer.Length} bytes had come.");
            }

            attempt.MovedIn();
            _count += read;
        }

        return new ObjectRange(_buffer, _count, answer.Total, _version);
    }

    private ObjectRange AfterTheEnd() => new([], 0, 0, _version ?? "");

    private ReplicateException Changed(Exception? cause) => new(
        ErrorKind.Conflict, "ObjectChanged", $"'{name}' in the {bucket.Url.Place} changed while it was read.", "Read it again.", cause);
}
