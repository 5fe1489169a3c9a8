using System.Buffers;
using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>Fetches one range of an object, going on where a connection broke.</summary>
internal sealed class S3Download(S3Bucket bucket, string name, ArrayPool<byte>? buffers = null)
{
    private byte[]? _buffer;
    private int _count;
    private long _total;
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
        catch (ReplicateException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            throw Changed(e.InnerException);
        }
    }

    private async Task<ObjectRange?> FetchAsync(AmazonS3Client client, Attempt attempt, long offset, int count)
    {
        var isWhole = count == int.MaxValue && _count == 0;
        using var answer = await OpenAsync(client, attempt, isWhole ? null : new ByteRange(offset + _count, offset + count - 1));
        if (answer is null)
        {
            return new ObjectRange([], 0, 0, _version ?? "");
        }

        attempt.MovedIn();
        _version = S3Store.Version(answer.ETag);
        _total = answer.ContentRange is { } range ? long.Parse(range.AsSpan(range.IndexOf('/') + 1), CultureInfo.InvariantCulture) : answer.ContentLength;
        var end = _count + checked((int)answer.ContentLength);
        _buffer ??= isWhole ? new byte[end] : buffers!.Rent(end);
        while (_count < end)
        {
            var read = await answer.ResponseStream.ReadAsync(_buffer.AsMemory(_count, end - _count), attempt.Token);
            if (read == 0)
            {
                throw new EndOfStreamException($"The answer ended before its {answer.ContentLength} bytes had come.");
            }

            attempt.MovedIn();
            _count += read;
        }

        return new ObjectRange(_buffer, _count, _total, _version);
    }

    /// <returns>Null when the range begins at the end of the object or after it.</returns>
    private async Task<GetObjectResponse?> OpenAsync(AmazonS3Client client, Attempt attempt, ByteRange? range)
    {
        try
        {
            return await client.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = bucket.Name,
                    Key = name,
                    ByteRange = range,
                    EtagToMatch = _version is null ? null : $"\"{_version}\"",
                },
                attempt.Token);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
    }

    private ReplicateException Changed(Exception? cause) => new(
        ErrorKind.Conflict, "ObjectChanged", $"'{name}' in the bucket '{bucket.Name}' changed while it was read.", "Read it again.", cause);
}
