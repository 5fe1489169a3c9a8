using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Tests.Support;

/// <summary>A store on disk whose clock is ahead of the one of this machine, or behind it.</summary>
internal sealed class ShiftedStore(string directory, TimeSpan ahead) : IObjectStore
{
    private readonly DiskStore _inner = new(directory);

    public string Url => _inner.Url;

    public Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default) => _inner.ReadAsync(key, cancellationToken);

    public Task<Stream?> OpenReadAsync(string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        _inner.OpenReadAsync(key, offset, length, cancellationToken);

    public async Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) =>
        await _inner.StatAsync(key, cancellationToken) is { } info ? Shift(info) : null;

    public Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default) =>
        _inner.PutAsync(key, content, condition, cancellationToken);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        _inner.DeleteAsync(keys, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _inner.ListAsync(prefix, cancellationToken).Select(Shift);

    private ObjectInfo Shift(ObjectInfo info) => info with { LastModified = info.LastModified + ahead };
}
