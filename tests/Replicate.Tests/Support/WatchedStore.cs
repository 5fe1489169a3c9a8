using System.Collections.Concurrent;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Tests.Support;

/// <summary>A store on disk that keeps the keys of what was put, in order, and fails where a test wants it to.</summary>
internal sealed class WatchedStore(string directory) : IObjectStore
{
    private readonly DiskStore _inner = new(directory);

    /// <summary>Called before each operation, with its name and key; what it throws, the store throws.</summary>
    public Func<string, string, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether the store says of a key that is read, this time, that it isn't there.</summary>
    public Predicate<string> Misses { get; set; } = _ => false;

    public ConcurrentQueue<string> Puts { get; } = new();

    public string Url => _inner.Url;

    public static ReplicateException NoAnswer() =>
        new(ErrorKind.Unavailable, "StoreUnavailable", "The store does not answer.", "Try again.");

    public async Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        await Before("read", key);
        return Misses(key) ? null : await _inner.ReadAsync(key, cancellationToken);
    }

    public async Task<Stream?> OpenReadAsync(string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        await Before("open", key);
        return await _inner.OpenReadAsync(key, offset, length, cancellationToken);
    }

    public async Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default)
    {
        await Before("stat", key);
        return await _inner.StatAsync(key, cancellationToken);
    }

    public async Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        await Before("put", key);
        var version = await _inner.PutAsync(key, content, condition, cancellationToken);
        if (version is not null)
        {
            Puts.Enqueue(key);
        }

        return version;
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        await Before("delete", keys.FirstOrDefault() ?? "");
        await _inner.DeleteAsync(keys, cancellationToken);
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _inner.ListAsync(prefix, cancellationToken);
}
