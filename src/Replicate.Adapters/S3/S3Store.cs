using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;
using Replicate.Storage;

namespace Replicate.Adapters.S3;

/// <summary>A bucket of Amazon S3, or of a compatible server, as a store; an object's version is its etag.</summary>
internal sealed class S3Store : PartsStore<AmazonS3Client, S3Settings>
{
    private const int MaxListed = 1000;
    private const int FewListed = 100;

    private readonly S3Bucket _bucket;
    private readonly S3Conditions _conditions;

    /// <summary>The store of an <c>s3://</c> URL; nothing is asked of it yet.</summary>
    public S3Store(string url, S3Settings settings)
        : base(settings, new S3Bucket(BucketUrl.Parse(url), settings))
    {
        _bucket = (S3Bucket)Bucket;
        _conditions = new S3Conditions(_bucket, this);
        Deletion = new S3Deletion(_bucket);
    }

    /// <summary>In ranges of how many bytes the server copies large objects.</summary>
    internal long CopiedPartLength { get; init; } = S3Copy.UsualPartLength;

    /// <inheritdoc/>
    protected override Deletion Deletion { get; }

    /// <summary>The version that an etag stands for.</summary>
    internal static string Version(string etag) => etag.Trim('"');

    /// <inheritdoc/>
    protected override async Task<OpenedRange?> OpenAsync(AmazonS3Client client, RangeRequest request, CancellationToken cancellationToken)
    {
        var answer = await client.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = _bucket.Name,
                Key = request.Name,
                ByteRange = request.Range is var (first, last) ? new ByteRange(first, last) : null,
                EtagToMatch = request.Version is null ? null : $"\"{request.Version}\"",
            },
            cancellationToken);
        var total = answer.ContentRange is { } range
            ? long.Parse(range.AsSpan(range.IndexOf('/') + 1), CultureInfo.InvariantCulture)
            : answer.ContentLength;
        return new OpenedRange(answer.ResponseStream, answer.ContentLength, total, Version(answer.ETag), answer);
    }

    /// <inheritdoc/>
    protected override async Task<ObjectInfo> StatAsync(AmazonS3Client client, string name, CancellationToken cancellationToken)
    {
        var answer = await client.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = _bucket.Name, Key = name }, cancellationToken);
        return new ObjectInfo(name, answer.ContentLength, Version(answer.ETag)) { LastModified = answer.LastModified?.ToUniversalTime() };
    }

    /// <inheritdoc/>
    protected override async Task<ListedPage> ListPageAsync(
        AmazonS3Client client, string prefix, KeyRange names, string? next, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _bucket.Name, Prefix = prefix, StartAfter = names.After, ContinuationToken = next,

            // A page takes no end: between two bounds there is little, and no page of what is behind them is wanted.
            MaxKeys = names.Before is not null && next is null ? FewListed : MaxListed,
        };
        var page = await client.ListObjectsV2Async(request, cancellationToken);
        var found = page.S3Objects ?? [];
        var isLast = page.IsTruncated != true || (found.Count > 0 && names.IsBehind(found[^1].Key));
        return new ListedPage(
            found.Select(listed => new ObjectInfo(listed.Key, listed.Size ?? 0, Version(listed.ETag))
            {
                LastModified = listed.LastModified?.ToUniversalTime(),
            }),
            isLast ? null : page.NextContinuationToken);
    }

    /// <inheritdoc/>
    protected override Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _conditions.PutAsync(target, content, async (client, attempt, ifMatch, ifNoneMatch) =>
        {
            var request = new PutObjectRequest
            {
                BucketName = _bucket.Name, Key = target.Name, IfMatch = ifMatch, IfNoneMatch = ifNoneMatch,
                InputStream = MovingStream.Of(content, attempt), UseChunkEncoding = _bucket.IsAmazon,
            };
            return Version((await client.PutObjectAsync(request, attempt.Token)).ETag);
        }, cancellationToken);

    /// <inheritdoc/>
    protected override PartsUpload BeginParts(PutTarget target) => new MultipartUpload(_bucket, this, _conditions, target);

    /// <inheritdoc/>
    protected override async Task<bool> CopyAsync(
        CloudStore<AmazonS3Client, S3Settings> source, PutTarget target, CancellationToken cancellationToken)
    {
        if (await source.StatAsync(target.Key, cancellationToken) is not { } found)
        {
            return false;
        }

        await new S3Copy(_bucket, this) { PartLength = CopiedPartLength }
            .CopyAsync(source.PlaceOf(target.Key), found.Length, target, cancellationToken);
        return true;
    }
}
