using Amazon.S3.Model;

namespace Replicate.Adapters.S3;

/// <summary>Has the server copy objects: small ones with one request, others range by range.</summary>
/// <param name="source">The bucket that has them.</param>
/// <param name="target">The bucket that gets them.</param>
internal sealed class S3Copy(S3Bucket source, S3Bucket target)
{
    /// <summary>A server takes up to 5 GiB at once, but may be silent meanwhile for longer than anybody should wait.</summary>
    public const long UsualPartLength = 256 << 20;

    private const int ParallelParts = 4;

    /// <summary>Up to this size, and in ranges of it, one request copies.</summary>
    public long PartLength { get; init; } = UsualPartLength;

    /// <summary>Copies an object.</summary>
    /// <param name="name">The name in the source.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="to">Where to.</param>
    /// <param name="store">The store that gets it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task CopyAsync(string name, long length, S3Target to, S3Store store, CancellationToken cancellationToken)
    {
        await target.PrepareAsync(cancellationToken);
        if (length <= PartLength)
        {
            await target.RunAsync("write", (client, attempt) =>
            {
                attempt.MovedOut();
                var request = new CopyObjectRequest
                {
                    SourceBucket = source.Name, SourceKey = name, DestinationBucket = target.Name, DestinationKey = to.Name,
                };
                return client.CopyObjectAsync(request, attempt.Token);
            }, cancellationToken);
            return;
        }

        var size = Math.Max(PartLength, PartSize.For(length));
        await using var upload = new MultipartUpload(target, to, cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, (length + size - 1) / size, options, async (index, token) => await upload.CopyAsync(
            (int)index + 1, source.Name, name, index * size, Math.Min(size, length - (index * size)), token));
        await upload.CompleteAsync(new S3Conditions(target, store), store);
    }
}
