using Amazon.S3.Model;
using Replicate.Adapters.Cloud;
using Replicate.Stores;

namespace Replicate.Adapters.S3;

/// <summary>Puts objects: small ones with one request, others in parts.</summary>
internal sealed class S3Upload(S3Bucket bucket, S3Store store)
{
    private const int ParallelParts = 4;

    private readonly S3Conditions _conditions = new(bucket, store);

    /// <summary>Puts an object; null when the condition was not met.</summary>
    public async Task<string?> PutAsync(
        string key, string name, ObjectContent content, PutCondition condition, CancellationToken cancellationToken)
    {
        await bucket.PrepareAsync(cancellationToken);
        var target = new S3Target(key, name, condition);
        return content switch
        {
            ObjectContent.Bytes { Value.Length: <= PartSize.Smallest } bytes => await PutSmallAsync(target, bytes.Value, cancellationToken),
            ObjectContent.LocalFile file => await PutFileAsync(target, file, cancellationToken),
            _ => await PutWrittenAsync(target, content, cancellationToken),
        };
    }

    private Task<string?> PutSmallAsync(S3Target target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _conditions.PutAsync(target, content, async (client, attempt, ifMatch, ifNoneMatch) =>
        {
            var request = new PutObjectRequest
            {
                BucketName = bucket.Name, Key = target.Name, IfMatch = ifMatch, IfNoneMatch = ifNoneMatch,
                InputStream = MovingStream.Of(content, attempt), UseChunkEncoding = bucket.IsAmazon,
            };
            return S3Store.Version((await client.PutObjectAsync(request, attempt.Token)).ETag);
        }, cancellationToken);

    private async Task<string?> PutFileAsync(S3Target target, ObjectContent.LocalFile content, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(content.Path, options: FileOptions.Asynchronous);
        var length = RandomAccess.GetLength(file);
        if (length <= PartSize.Smallest)
        {
            return await PutSmallAsync(target, await File.ReadAllBytesAsync(content.Path, cancellationToken), cancellationToken);
        }

        var size = PartSize.For(length);
        await using var upload = new MultipartUpload(bucket, target, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, (length + size - 1) / size, options, async (index, token) => await upload.SendAsync(
            (int)index + 1, attempt => MovingStream.Of(file, index * size, Math.Min(size, length - (index * size)), attempt), token));
        return await upload.CompleteAsync(_conditions, store);
    }

    private async Task<string?> PutWrittenAsync(S3Target target, ObjectContent content, CancellationToken cancellationToken)
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
                return await PutSmallAsync(target, parts.Rest, cancellationToken);
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
