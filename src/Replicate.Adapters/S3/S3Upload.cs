using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Replicate.Adapters.Cloud;
using Replicate.Stores;

namespace Replicate.Adapters.S3;

/// <summary>Puts objects: small ones with one request, others in parts.</summary>
internal sealed class S3Upload(S3Bucket bucket, S3Store store)
{
    private const int ParallelParts = 4;

    private readonly S3Conditions _conditions = new(bucket, store);

    /// <summary>Puts a small object; null when the condition was not met.</summary>
    public Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _conditions.PutAsync(target, content, async (client, attempt, ifMatch, ifNoneMatch) =>
        {
            var request = new PutObjectRequest
            {
                BucketName = bucket.Name, Key = target.Name, IfMatch = ifMatch, IfNoneMatch = ifNoneMatch,
                InputStream = MovingStream.Of(content, attempt), UseChunkEncoding = bucket.IsAmazon,
            };
            return S3Store.Version((await client.PutObjectAsync(request, attempt.Token)).ETag);
        }, cancellationToken);

    /// <summary>Puts a file in parts; null when the condition was not met.</summary>
    public async Task<string?> PutLargeAsync(PutTarget target, SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        var size = PartSize.For(length);
        await using var upload = new MultipartUpload(bucket, target, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, (length + size - 1) / size, options, async (index, token) => await upload.SendAsync(
            (int)index + 1, attempt => MovingStream.Of(file, index * size, Math.Min(size, length - (index * size)), attempt), token));
        return await upload.CompleteAsync(_conditions, store);
    }

    /// <summary>Puts what is written, while it is; null when the condition was not met.</summary>
    public async Task<string?> PutWrittenAsync(PutTarget target, ObjectContent content, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var upload = new MultipartUpload(bucket, target, cancellationToken);
        await using var parts = new PartsStream(
            (number, bytes) => upload.SendAsync(number, attempt => MovingStream.Of(bytes, attempt), stop.Token), stop.Token);
        try
        {
            await content.WriteToAsync(parts, cancellationToken);
            if (parts.IsSmall)
            {
                return await PutBytesAsync(target, parts.Rest, cancellationToken);
            }

            await parts.CompleteAsync();
            return await upload.CompleteAsync(_conditions, store);
        }
        finally
        {
            await stop.CancelAsync();
            await parts.SettleAsync();
        }
    }
}
