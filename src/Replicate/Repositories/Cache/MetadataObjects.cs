using Replicate.Storage;

namespace Replicate.Repositories.Cache;

/// <summary>Lists and reads the many small objects of a repository, as many at a time as the store can bear.</summary>
internal sealed class MetadataObjects(IObjectStore store)
{
    // A page of a listing holds 1,000 keys: below this, parts save no time.
    private const int Many = 2_000;
    private const string HexDigits = "0123456789abcdef";

    // Reads wait for a disk or a network rather than for a core.
    private readonly int _parallelReads =
        store.Capabilities.Local is null ? 32 : Math.Max(8, 2 * Environment.ProcessorCount);

    /// <summary>Takes an object that was read.</summary>
    /// <param name="listed">As it was listed.</param>
    /// <param name="content">Its content, which must not be kept.</param>
    /// <param name="version">The version of the content: <see cref="ObjectInfo.Stamp"/>.</param>
    /// <param name="isSettled">Whether another content would have another version.</param>
    internal delegate void Use(ObjectInfo listed, ReadOnlyMemory<byte> content, string version, bool isSettled);

    /// <summary>Lists the objects below a prefix that ends before an id.</summary>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="expected">How many there were the last time, 0 when not known; null where there are few.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<IReadOnlyList<ObjectInfo>> ListAsync(string prefix, Task<int>? expected, CancellationToken cancellationToken)
    {
        if (store.Capabilities.Local is { } local)
        {
            return local.List(prefix, cancellationToken);
        }

        var parts = expected is not null && await expected > Many && store.Capabilities.Ranges is { } ranges
            ? PartsOf(prefix, ranges, cancellationToken)
            : [store.ListAsync(prefix, cancellationToken)];
        return (await Task.WhenAll(parts.Select(part => CollectAsync(part, cancellationToken)))).SelectMany(found => found).ToArray();
    }

    /// <summary>Reads what was listed. What was deleted since is left out.</summary>
    /// <param name="listed">What to read.</param>
    /// <param name="use">Gets each object, from several threads.</param>
    /// <param name="progress">Told how many are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal Task ReadAsync(
        IReadOnlyCollection<ObjectInfo> listed, Use use, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        if (listed.Count == 0)
        {
            return Task.CompletedTask;
        }

        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = _parallelReads, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(listed, options, async (info, token) =>
        {
            var started = DateTime.UtcNow;
            if (store.Capabilities.Local is { } local)
            {
                await local.ReadAsync(
                    info.Key, (content, version) => use(info, content, version.ToInfo(info.Key).Stamp, version.IsSettledAt(started)), token);
            }
            else if (await store.ReadAsync(info.Key, token) is { } stored)
            {
                use(info, stored.Content, stored.Version == info.Version ? info.Stamp : stored.Version, isSettled: true);
            }

            progress?.Report(new Progress("Reading metadata", Interlocked.Increment(ref done), listed.Count, ProgressUnit.Items));
        });
    }

    /// <summary>
    /// A part for each first digit of an id, and three for ids that other programs gave other characters: those before,
    /// between and after the digits. No key is in none of them, and none in two.
    /// </summary>
    private IEnumerable<IAsyncEnumerable<ObjectInfo>> PartsOf(
        string prefix, IRangeListing ranges, CancellationToken cancellationToken) =>
    [
        .. HexDigits.Select(digit => store.ListAsync(prefix + digit, cancellationToken)),
        ranges.ListAsync(prefix, null, prefix + '0', cancellationToken),
        ranges.ListAsync(prefix, prefix + ':', prefix + 'a', cancellationToken),
        ranges.ListAsync(prefix, prefix + 'g', null, cancellationToken),
    ];

    private static async Task<List<ObjectInfo>> CollectAsync(IAsyncEnumerable<ObjectInfo> part, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        await foreach (var info in part.WithCancellation(cancellationToken))
        {
            found.Add(info);
        }

        return found;
    }
}
