using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.S3;

/// <summary>A multipart upload of S3.</summary>
internal sealed class MultipartUpload(S3Bucket bucket, S3Store store, S3Conditions conditions, PutTarget target) : PartsUpload
{
    private readonly ConcurrentDictionary<int, string> _parts = new();
    private readonly SemaphoreSlim _beginning = new(1);
    private string? _id;
    private long _length;

    /// <inheritdoc/>
    public override async Task SendAsync(int number, Func<Attempt, MovingStream> open, CancellationToken cancellationToken)
    {
        var id = await BeginAsync(cancellationToken);
        var length = 0L;
        _parts[number] = await bucket.RunAsync("write", async (client, attempt) =>
        {
            var content = open(attempt);
            length = content.Length;
            var request = new UploadPartRequest
            {
                BucketName = bucket.Name, Key = target.Name, UploadId = id, PartNumber = number,
                InputStream = content, PartSize = length, UseChunkEncoding = bucket.IsAmazon,
            };
            return (await client.UploadPartAsync(request, attempt.Token)).ETag;
        }, cancellationToken);
        Interlocked.Add(ref _length, length);
    }

    /// <summary>Has the server put it together from ranges of another object.</summary>
    /// <param name="source">The bucket of the other object, and its name.</param>
    /// <param name="length">Its length.</param>
    /// <param name="size">How long the ranges are.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task CopyAsync((string Bucket, string Name) source, long length, long size, CancellationToken cancellationToken)
    {
        await CutAsync(length, size, (number, start, count, token) => CopyPartAsync(number, source, start, count, token), cancellationToken);
        await CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<string?> CompleteAsync(CancellationToken cancellationToken)
    {
        // Some servers ignore the condition here, and would replace what is there.
        if (target.Condition != PutCondition.None
            && (await store.StatAsync(target.Key, cancellationToken))?.Version != target.Condition.Version)
        {
            return null;
        }

        var version = await conditions.PutAsync(target, null, async (client, attempt, ifMatch, ifNoneMatch) =>
        {
            attempt.MovedOut();
            try
            {
                var answer = await client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest
                    {
                        BucketName = bucket.Name, Key = target.Name, UploadId = _id, IfMatch = ifMatch, IfNoneMatch = ifNoneMatch,
                        PartETags = _parts.OrderBy(part => part.Key).Select(part => new PartETag(part.Key, part.Value)).ToList(),
                    },
                    attempt.Token);
                return S3Store.Version(answer.ETag);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload" && attempt.Number > 1)
            {
                // An earlier try may have done it, and its answer was lost.
                var there = await store.StatAsync(target.Key, attempt.Token);
                return there?.Length == _length ? there.Version : throw new IOException($"The upload of '{target.Name}' was lost.", e);
            }
        }, cancellationToken);
        _id = version is null ? _id : null;
        return version;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _beginning.Dispose();
        if (_id is null)
        {
            return;
        }

        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await bucket.RunAsync(
                "delete",
                (client, attempt) => client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = bucket.Name, Key = target.Name, UploadId = _id }, attempt.Token),
                soon.Token);
        }
        catch (Exception e) when (e is ReplicateException or OperationCanceledException)
        {
            Log.Verbose($"The unfinished upload of '{target.Name}' stays in the bucket '{bucket.Name}': {e.Message}");
        }
    }

    private async Task CopyPartAsync(int number, (string Bucket, string Name) source, long start, long length, CancellationToken token)
    {
        var id = await BeginAsync(token);
        _parts[number] = await bucket.RunAsync("write", async (client, attempt) =>
        {
            attempt.MovedOut();
            var request = new CopyPartRequest
            {
                SourceBucket = source.Bucket, SourceKey = source.Name, FirstByte = start, LastByte = start + length - 1,
                DestinationBucket = bucket.Name, DestinationKey = target.Name, UploadId = id, PartNumber = number,
            };
            return (await client.CopyPartAsync(request, attempt.Token)).ETag;
        }, token);
        Interlocked.Add(ref _length, length);
    }

    private async Task<string> BeginAsync(CancellationToken token)
    {
        await _beginning.WaitAsync(token);
        try
        {
            return _id ??= await bucket.RunAsync("write", async (client, attempt) => (await client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = target.Name }, attempt.Token)).UploadId, token);
        }
        finally
        {
            _beginning.Release();
        }
    }
}
