using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Tests.Support;

/// <summary>A directory that says it is a bucket, and counts what is asked of it.</summary>
internal class CountingStore(string directory, string url = "s3://bucket/root") : IObjectStore
{
    private int _reads;
    private int _lists;
    private int _writes;

    public string Url => url;

    public int Reads => _reads;

    public int Lists => _lists;

    public int Writes => _writes;

    protected DiskStore Disk { get; } = new(directory);

    /// <summary>What was asked since this was called before.</summary>
    public (int Lists, int Reads) TakeCounts() => (Interlocked.Exchange(ref _lists, 0), Interlocked.Exchange(ref _reads, 0));

    public Task<StoredObject?> ReadAsync(string key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return Disk.ReadAsync(key, cancellationToken);
    }

    public virtual Task<Stream?> OpenReadAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return Disk.OpenReadAsync(key, offset, length, cancellationToken);
    }

    public Task<ObjectInfo?> StatAsync(string key, CancellationToken cancellationToken = default) => Disk.StatAsync(key, cancellationToken);

    public virtual Task<string?> PutAsync(
        string key, ObjectContent content, PutCondition condition = default, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _writes);
        return Disk.PutAsync(key, content, condition, cancellationToken);
    }

    public virtual Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        Disk.DeleteAsync(keys, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _lists);
        return Disk.ListAsync(prefix, cancellationToken);
    }
}

/// <summary>One whose listing can be taken in parts.</summary>
internal sealed class RangedStore(string directory) : CountingStore(directory), IObjectStore, IRangeListing
{
    StoreCapabilities IObjectStore.Capabilities => new() { Ranges = this };

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, string? after, string? before,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var info in ListAsync(prefix, cancellationToken))
        {
            if ((after is null || string.CompareOrdinal(info.Key, after) > 0) && (before is null || string.CompareOrdinal(info.Key, before) < 0))
            {
                yield return info;
            }
        }
    }
}
