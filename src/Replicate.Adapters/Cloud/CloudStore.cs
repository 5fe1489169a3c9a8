using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Adapters.Cloud;

/// <summary>What is put, and when.</summary>
/// <param name="Key">The key.</param>
/// <param name="Name">The name in the bucket.</param>
/// <param name="Condition">On what condition.</param>
internal sealed record PutTarget(string Key, string Name, PutCondition Condition);

/// <summary>A page of a listing, with names in the bucket instead of keys.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
internal sealed record ListedPage(IEnumerable<ObjectInfo> Objects, string? Next);

/// <summary>A bucket of a cloud as a store: what all clouds have in common.</summary>
/// <typeparam name="TClient">The cloud's client.</typeparam>
/// <typeparam name="TSettings">What the environment says of access to it.</typeparam>
/// <param name="settings">Settings; between stores of equal ones the server copies.</param>
/// <param name="bucket">The bucket; nothing is asked of it yet.</param>
internal abstract class CloudStore<TClient, TSettings>(TSettings settings, CloudBucket<TClient> bucket)
    : IObjectStore, IRangeListing, IServerSideCopy
    where TSettings : notnull
{
    private readonly TSettings _settings = settings;
    private readonly BucketUrl _url = bucket.Url;

    /// <inheritdoc/>
    public string Url => _url.Url;

    /// <inheritdoc/>
    StoreCapabilities IObjectStore.Capabilities => new() { Ranges = this, ServerSideCopy = this };

    /// <summary>The bucket.</summary>
    protected CloudBucket<TClient> Bucket { get; } = bucket;

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) =>
        await new RangeDownload<TClient>(Bucket, OpenAsync, _url.ToName(key)).FetchAsync(cancellationToken) is { } all
            ? new StoredObject(all.Buffer.AsMemory(0, all.Count), all.Version)
            : null;

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        var name = _url.ToName(key);
        return RangedStream.OpenAsync(
            (start, count, version, buffers, token) =>
                new RangeDownload<TClient>(Bucket, OpenAsync, name, buffers).FetchAsync(start, count, version, token),
            offset, length, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        var name = _url.ToName(key);
        return await Bucket.FindAsync<ObjectInfo>(
            "read", async (client, attempt) => await StatAsync(client, name, attempt.Token), cancellationToken) is { } found
            ? found with { Key = key }
            : null;
    }

    /// <inheritdoc/>
    public async Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        var target = new PutTarget(key, _url.ToName(key), condition);
        await Bucket.PrepareAsync(cancellationToken);
        switch (content)
        {
            case ObjectContent.Bytes { Value.Length: <= PartSize.Smallest } bytes:
                return await PutBytesAsync(target, bytes.Value, cancellationToken);
            case ObjectContent.LocalFile local:
                using (var file = File.OpenHandle(local.Path, options: FileOptions.Asynchronous))
                {
                    return await PutFileAsync(target, file, cancellationToken);
                }

            default:
                return await PutWrittenAsync(target, content, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        DeleteNamesAsync(keys.Select(_url.ToName).ToArray(), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        ListAsync(prefix, null, null, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after, string? before, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Servers include the first bound or know none of them.
        var keys = new KeyRange(after, before);
        var names = new KeyRange(InBucket(after), InBucket(before));
        string? next = null;
        do
        {
            var page = await Bucket.FindAsync<ListedPage>(
                "list", async (client, attempt) => await ListPageAsync(client, _url.Prefix + prefix, names, next, attempt.Token), cancellationToken);
            foreach (var found in page?.Objects ?? [])
            {
                if (_url.ToKey(found.Key) is var key && keys.Contains(key))
                {
                    yield return found with { Key = key };
                }
            }

            next = page?.Next;
        }
        while (next is not null);

        string? InBucket(string? key) => key is null ? null : _url.Prefix + key;
    }

    /// <inheritdoc/>
    /// <remarks>Who may read there and write here need not be allowed to do both in one request: then the bytes come here.</remarks>
    public async Task<bool> TryCopyFromAsync(IObjectStore source, string key, CancellationToken cancellationToken = default)
    {
        if (source is not CloudStore<TClient, TSettings> other || !other._settings.Equals(_settings))
        {
            return false;
        }

        try
        {
            await Bucket.PrepareAsync(cancellationToken);
            return await CopyAsync(other, new PutTarget(key, _url.ToName(key), PutCondition.None), cancellationToken);
        }
        catch (ReplicateException e) when (Bucket.Errors.ReadCause(e) is not null)
        {
            Log.Verbose($"The server does not copy {key} from '{source.Url}' by itself: {e.Message}");
            return false;
        }
    }

    /// <summary>The version of an object if it has just this content, which an earlier try may have put; null otherwise.</summary>
    internal async Task<string?> FindSameAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await ReadAsync(key, cancellationToken) is { } there && there.Content.Span.SequenceEqual(content.Span) ? there.Version : null;

    /// <summary>The bucket, and the name of a key's object in it.</summary>
    internal (string Bucket, string Name) PlaceOf(string key) => (Bucket.Name, _url.ToName(key));

    /// <summary>Asks for bytes; null when the range begins at the end of the object or after it.</summary>
    protected abstract Task<OpenedRange?> OpenAsync(TClient client, RangeRequest request, CancellationToken cancellationToken);

    /// <summary>Asks for length, version and time of an object.</summary>
    protected abstract Task<ObjectInfo> StatAsync(TClient client, string name, CancellationToken cancellationToken);

    /// <summary>Asks for a page of the names with a prefix; bounds, where the server knows them, spare pages.</summary>
    protected abstract Task<ListedPage> ListPageAsync(
        TClient client, string prefix, KeyRange names, string? next, CancellationToken cancellationToken);

    /// <summary>Puts a small object; null when the condition was not met.</summary>
    protected abstract Task<string?> PutBytesAsync(PutTarget target, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Puts a file with more than <see cref="PartSize.Smallest"/> bytes; null when the condition was not met.</summary>
    protected abstract Task<string?> PutLargeAsync(
        PutTarget target, SafeFileHandle file, long length, CancellationToken cancellationToken);

    /// <summary>Puts what is written once; null when the condition was not met.</summary>
    protected abstract Task<string?> PutWrittenAsync(PutTarget target, ObjectContent content, CancellationToken cancellationToken);

    /// <summary>Deletes objects; missing ones are passed over.</summary>
    protected abstract Task DeleteNamesAsync(string[] names, CancellationToken cancellationToken);

    /// <summary>Has the server copy the object with the target's key from another bucket; false when there is none.</summary>
    protected abstract Task<bool> CopyAsync(
        CloudStore<TClient, TSettings> source, PutTarget target, CancellationToken cancellationToken);

    /// <summary>Puts a file; null when the condition was not met.</summary>
    protected async Task<string?> PutFileAsync(PutTarget target, SafeFileHandle file, CancellationToken cancellationToken)
    {
        var length = RandomAccess.GetLength(file);
        if (length > PartSize.Smallest)
        {
            return await PutLargeAsync(target, file, length, cancellationToken);
        }

        var content = new byte[length];
        var count = 0;
        for (int read; (read = await RandomAccess.ReadAsync(file, content.AsMemory(count), count, cancellationToken)) > 0; count += read)
        {
        }

        return await PutBytesAsync(target, content.AsMemory(0, count), cancellationToken);
    }
}
