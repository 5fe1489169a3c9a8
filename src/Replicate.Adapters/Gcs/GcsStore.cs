using System.Globalization;
using System.Runtime.CompilerServices;
using Replicate.Adapters.Cloud;
using Replicate.Stores;

namespace Replicate.Adapters.Gcs;

/// <summary>A bucket of Google Cloud Storage as a store; an object's version is its generation.</summary>
internal sealed class GcsStore : IObjectStore, IRangeListing, IServerSideCopy
{
    private const int ParallelDeletes = 16;

    private readonly GcsSettings _settings;
    private readonly BucketUrl _url;
    private readonly GcsBucket _bucket;
    private readonly GcsUpload _upload;

    /// <summary>The store of a <c>gs://</c> URL; nothing is asked of it yet.</summary>
    public GcsStore(string url, GcsSettings settings)
    {
        _settings = settings;
        _url = BucketUrl.Parse(url);
        _bucket = new GcsBucket(_url, settings);
        _upload = new GcsUpload(_bucket, this);
    }

    /// <inheritdoc/>
    public string Url => _url.Url;

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) =>
        await new GcsDownload(_bucket, _url.ToName(key)).FetchAsync(cancellationToken) is { } all
            ? new StoredObject(all.Buffer.AsMemory(0, all.Count), all.Version)
            : null;

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var name = _url.ToName(key);
        return RangedStream.OpenAsync(
            (start, count, version, buffers, token) => new GcsDownload(_bucket, name, buffers).FetchAsync(start, count, version, token),
            offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        var path = $"{GcsService.Path(_bucket.Name, _url.ToName(key))}?fields=name,size,generation,updated";
        return await _bucket.FindAsync<GcsObject>(
            "read", async (service, attempt) => await new GcsRequest<GcsObject>(service, "GET", path).ExecuteAsync(attempt.Token),
            cancellationToken) is { } found ? ToInfo(found) : null;
    }

    /// <inheritdoc/>
    public Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) =>
        _upload.PutAsync(key, _url.ToName(key), content, condition, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletes, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(keys.Select(_url.ToName).ToArray(), options, async (name, token) => await _bucket.FindAsync<string>(
            "delete",
            async (service, attempt) =>
                await new GcsRequest<string>(service, "DELETE", GcsService.Path(_bucket.Name, name)).ExecuteAsync(attempt.Token),
            token));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        ListAsync(prefix, null, null, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after, string? before, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var range = new KeyRange(after, before);
        var path = $"{GcsService.Path(_bucket.Name, null)}?prefix={Uri.EscapeDataString(_url.Prefix + prefix)}"
            + Bound("startOffset", after) + Bound("endOffset", before) + "&fields=nextPageToken,items(name,size,generation,updated)";
        string? next = null;
        do
        {
            var page = await _bucket.FindAsync<GcsPage>(
                "list",
                async (service, attempt) => await new GcsRequest<GcsPage>(
                    service, "GET", path + (next is null ? "" : $"&pageToken={Uri.EscapeDataString(next)}")).ExecuteAsync(attempt.Token),
                cancellationToken);

            // The first bound is included there, and emulators know neither.
            foreach (var info in (page?.Items ?? []).Select(ToInfo).Where(info => range.Contains(info.Key)))
            {
                yield return info;
            }

            next = page?.NextPageToken;
        }
        while (next is not null);

        string Bound(string name, string? key) => key is null ? "" : $"&{name}={Uri.EscapeDataString(_url.Prefix + key)}";
    }

    /// <inheritdoc/>
    /// <remarks>Who may read there and write here need not be allowed to do both in one request: then the bytes come here.</remarks>
    public async Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default)
    {
        if (source is not GcsStore other || other._settings != _settings)
        {
            return false;
        }

        var path = $"{GcsService.Path(other._bucket.Name, other._url.ToName(key))}/rewriteTo/"
            + $"{GcsService.Path(_bucket.Name, _url.ToName(key))}?fields=done,rewriteToken";
        try
        {
            await _bucket.PrepareAsync(cancellationToken);
            for (GcsRewrite? done = null; done?.IsDone != true;)
            {
                var token = done is null ? "" : $"&rewriteToken={Uri.EscapeDataString(done.Token!)}";
                done = await _bucket.RunAsync("write", (service, attempt) =>
                {
                    attempt.MovedOut();
                    return new GcsRequest<GcsRewrite>(service, "POST", path + token).ExecuteAsync(attempt.Token);
                }, cancellationToken);
            }

            return true;
        }
        catch (ReplicateException e) when (e.InnerException is Google.GoogleApiException)
        {
            Notices.Verbose($"The server does not copy {key} from '{source.Url}' by itself: {e.Message}");
            return false;
        }
    }

    private ObjectInfo ToInfo(GcsObject found) =>
        new(_url.ToKey(found.Name), found.Size, found.Generation.ToString(CultureInfo.InvariantCulture)) { LastModified = found.Updated?.UtcDateTime };
}
