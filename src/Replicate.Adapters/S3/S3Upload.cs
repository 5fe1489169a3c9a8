using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.S3;

/// <summary>Puts objects: small ones with one request, others in parts.</summary>
internal sealed class S3Upload(S3Bucket bucket, S3Store store)
{
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
        await using var upload = new MultipartUpload(bucket, store, _conditions, target);
        return await upload.PutAsync(file, length, cancellationToken);
    }

    /// <summary>Puts what is written, while it is; null when the condition was not met.</summary>
    public async Task<string?> PutWrittenAsync(PutTarget target, ObjectContent content, CancellationToken cancellationToken)
    {
        await using var upload = new MultipartUpload(bucket, store, _conditions, target);
        return await upload.PutAsync(content, small => PutBytesAsync(target, small, cancellationToken), cancellationToken);
    }
}
