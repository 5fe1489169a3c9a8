using Replicate.Storage;

namespace Replicate.Repositories.Catalog;

/// <summary>A layer of the catalog, and what a listing learns about it while it reads it.</summary>
/// <param name="info">The layer as it was listed.</param>
internal sealed class CatalogLayer(ObjectInfo info)
{
    // From this length on it is left as it is: merging it again would cost more than a request spares.
    private const long Full = 4 << 20;
    private const int Growth = 8;
    private const int Many = 5;

    private static readonly TimeSpan GoneFor = TimeSpan.FromDays(1);

    private int _entries;
    private int _live;
    private bool _hasGone;

    /// <summary>Its key.</summary>
    internal string Key => info.Key;

    /// <summary>Its length in bytes.</summary>
    internal long Length => info.Length;

    /// <summary>Whether all of it was read, as far as it can be.</summary>
    internal bool IsRead { get; set; }

    /// <summary>Whether it can be deleted without being read.</summary>
    internal bool IsUseless { get; set; }

    /// <summary>Whether all its entries are those of files that are still so and that no other layer has.</summary>
    private bool IsLive => _live == _entries && _entries > 0;

    /// <summary>Notes an entry; any thread may.</summary>
    /// <param name="isLive">Whether it is that of a file as it is now, which no other layer has.</param>
    /// <param name="isGone">Whether it is that of an experiment which is deleted.</param>
    internal void Note(bool isLive, bool isGone)
    {
        Interlocked.Increment(ref _entries);
        if (isLive)
        {
            Interlocked.Increment(ref _live);
        }

        _hasGone |= isGone;
    }

    /// <summary>Which layers are worth being replaced by one.</summary>
    /// <param name="layers">The layers of the catalog.</param>
    /// <param name="utc">The time; the layer that others add to at that time stays.</param>
    internal static IReadOnlyList<CatalogLayer> Mergeable(IEnumerable<CatalogLayer> layers, DateTime utc)
    {
        var read = layers.Where(layer => (layer.IsRead || layer.IsUseless) && layer.Key != RepositoryKeys.RecentLayer(utc)).OrderBy(layer => layer.Length).ToList();
        var merged = read.FindAll(layer => layer.IsWornAt(utc));
        var small = read.FindAll(layer => layer.Length < Full && !layer.IsWornAt(utc));
        if (merged.Count + small.Count < Many)
        {
            return merged;
        }

        // A layer is written again only with others that are a good part of it together: so no entry is written often.
        var length = merged.Sum(layer => layer.Length);
        foreach (var layer in small)
        {
            if (merged.Count > 1 && layer.Length > Growth * length)
            {
                break;
            }

            merged.Add(layer);
            length += layer.Length;
        }

        return merged;
    }

    /// <summary>Which layers make a catalog that could be smaller, or in fewer layers.</summary>
    internal static IReadOnlyList<CatalogLayer> Improvable(IReadOnlyList<CatalogLayer> layers, DateTime utc)
    {
        var useless = layers.Where(layer => layer.IsUseless).ToArray();
        var improvable = layers.Where(layer => layer.IsRead && !layer.IsUseless
            && (!layer.IsLive || (layer.Length < Full && layer.Key != RepositoryKeys.RecentLayer(utc)))).ToArray();
        return improvable is [{ IsLive: true }] ? useless : [.. useless, .. improvable];
    }

    /// <summary>Whether half of it is of no use, or it has had what was deleted for long enough.</summary>
    private bool IsWornAt(DateTime utc) => IsUseless || _live * 2 < _entries || _entries == 0 || (_hasGone && utc - info.LastModified > GoneFor);
}
