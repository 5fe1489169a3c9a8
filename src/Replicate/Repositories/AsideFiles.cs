using Replicate.Storage;

namespace Replicate.Repositories;

/// <summary>What repairs moved out of the way, by the keys that it had.</summary>
internal static class AsideFiles
{
    /// <summary>Lists them; of several that had the same key, the one that was moved last.</summary>
    /// <returns>What the store tells of each as it lies now, by the key it had.</returns>
    internal static async Task<IReadOnlyDictionary<string, ObjectInfo>> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ObjectInfo>(StringComparer.Ordinal);
        await foreach (var info in store.ListAsync(RepositoryKeys.AsidePrefix, cancellationToken))
        {
            if (RepositoryKeys.OriginalOf(info.Key) is { } key
                && !(found.TryGetValue(key, out var other) && string.CompareOrdinal(other.Key, info.Key) > 0))
            {
                found[key] = info;
            }
        }

        return found;
    }

    /// <summary>Looks up where an object lies that was moved aside; null where it was not.</summary>
    internal static async Task<ObjectInfo?> FindAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        (await ListAsync(store, cancellationToken)).GetValueOrDefault(key);
}
