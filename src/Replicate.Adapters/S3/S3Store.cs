using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using Replicate.Adapters.Cloud;
using Replicate.Stores;

namespace Replicate.Adapters.S3;

/// <summary>A bucket of Amazon S3, or of a compatible server, as a store; an object's version is its etag.</summary>
internal sealed class S3Store : IObjectStore, IRangeListing, IServerSideCopy
{
    private const int MaxListed = 1000;

    private readonly S3Settings _settings;
    private readonly BucketUrl _url;
    private readonly S3Bucket _bucket;
    private readonly S3Upload _upload;
    private readonly S3Deletion _deletion;

    /// <summary>The store of an <c>s3://</c> URL; nothing is asked of it yet.</summary>
    public S3Store(string url, S3Settings settings)
    {
        _settings = settings;
        _url = BucketUrl.Parse(url);
        _bucket = new S3Bucket(_url, settings);
        _upload = new S3Upload(_bucket, this);
        _deletion = new S3Deletion(_bucket);
    }

    /// <inheritdoc/>
    public string Url => _url.Url;

    /// <summary>In ranges of how many bytes the server copies large objects.</summary>
    internal long CopiedPartLength { get; init; } = S3Copy.UsualPartLength;

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) =>
        await new S3Download(_bucket, _url.ToName(key)).FetchAsync(cancellationToken) is { } all
            ? new StoredObject(all.Buffer.AsMemory(0, all.Count), all.Version)
            : null;

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var name = _url.ToName(key);
        return RangedStream.OpenAsync(
            (start, count, version, buffers, token) => new S3Download(_bucket, name, buffers).FetchAsync(start, count, version, token),
            offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        var request = new GetObjectMetadataRequest { BucketName = _bucket.Name, Key = _url.ToName(key) };
        return _bucket.FindAsync<ObjectInfo>("read", async (client, attempt) =>
        {
            var answer = await client.GetObjectMetadataAsync(request, attempt.Token);
            return new ObjectInfo(key, answer.ContentLength, Version(answer.ETag)) { LastModified = answer.LastModified?.ToUniversalTime() };
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) =>
        _upload.PutAsync(key, _url.ToName(key), content, condition, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        _deletion.DeleteAsync(keys.Select(_url.ToName).ToArray(), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        ListAsync(prefix, null, null, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after, string? before, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var range = new KeyRange(after, before);
        var request = new ListObjectsV2Request
        {
            BucketName = _bucket.Name, Prefix = _url.Prefix + prefix, MaxKeys = MaxListed,
            StartAfter = after is null ? null : _url.Prefix + after,
        };
        do
        {
            var page = await _bucket.RunAsync(
                "list", (client, attempt) => client.ListObjectsV2Async(request, attempt.Token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                var key = _url.ToKey(found.Key);
                if (range.IsBehind(key))
                {
                    yield break;
                }

                if (range.Contains(key))
                {
                    yield return new ObjectInfo(key, found.Size ?? 0, Version(found.ETag)) { LastModified = found.LastModified?.ToUniversalTime() };
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    /// <remarks>Who may read there and write here need not be allowed to do both in one request: then the bytes come here.</remarks>
    public async Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default)
    {
        if (source is not S3Store other || other._settings != _settings || await other.StatAsync(key, cancellationToken) is not { } found)
        {
            return false;
        }

        try
        {
            var target = new S3Target(key, _url.ToName(key), PutCondition.None);
            await new S3Copy(other._bucket, _bucket) { PartLength = CopiedPartLength }
                .CopyAsync(other._url.ToName(key), found.Length, target, this, cancellationToken);
            return true;
        }
        catch (ReplicateException e) when (e.InnerException is Amazon.S3.AmazonS3Exception)
        {
            Notices.Verbose($"The server does not copy {key} from '{source.Url}' by itself: {e.Message}");
            return false;
        }
    }

    /// <summary>The version that an etag stands for.</summary>
    internal static string Version(string etag) => etag.Trim('"');
}
