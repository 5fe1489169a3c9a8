using Amazon.S3.Model;
using Replicate.Adapters.Cloud;

namespace Replicate.Adapters.S3;

/// <summary>Has the server copy objects: small ones with one request, others range by range.</summary>
/// <param name="bucket">The bucket that gets them.</param>
/// <param name="store">Its store.</param>
internal sealed class S3Copy(S3Bucket bucket, S3Store store)
{
    /// <summary>A server takes up to 5 GiB at once, but may be silent meanwhile for longer than anybody should wait.</summary>
    public const long UsualPartLength = 256 << 20;

    /// <summary>Up to this size, and in ranges of it, one request copies.</summary>
    public long PartLength { get; init; } = UsualPartLength;

    /// <summary>Copies an object.</summary>
    /// <param name="source">The bucket that has it, and its name there.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task CopyAsync((string Bucket, string Name) source, long length, PutTarget target, CancellationToken cancellationToken)
    {
        if (length <= PartLength)
        {
            await bucket.RunAsync("write", (client, attempt) =>
            {
                attempt.MovedOut();
                var request = new CopyObjectRequest
                {
                    SourceBucket = source.Bucket, SourceKey = source.Name, DestinationBucket = bucket.Name, DestinationKey = target.Name,
                };
                return client.CopyObjectAsync(request, attempt.Token);
            }, cancellationToken);
            return;
        }

        var size = Math.Max(PartLength, PartSize.For(length));
        await using var upload = new MultipartUpload(bucket, store, new S3Conditions(bucket, store), target);
        await upload.CopyAsync(source, length, size, cancellationToken);
    }
}
