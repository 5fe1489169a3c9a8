using Replicate;
using Replicate.Storage;

/// <summary>A store that does not answer.</summary>
internal sealed class SilentStore(string url) : IObjectStore
{
    public string Url { get; } = url;

    private static ReplicateException Silence => new(ErrorKind.Unavailable, "StoreSilent", "The store does not answer.", "Try again.");

    public Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) => throw Silence;

    public Task<Stream?> OpenReadAsync(string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) => throw Silence;

    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) => throw Silence;

    public Task<string?> PutAsync(string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) => throw Silence;

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) => throw Silence;

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) => throw Silence;
}
