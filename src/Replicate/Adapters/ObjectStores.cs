using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Adapters;

/// <summary>The stores that repositories are kept in: a directory of the disk, or what an adapter opens.</summary>
internal static class ObjectStores
{
    /// <summary>Opens the store of an absolute URL, without reading or creating anything.</summary>
    /// <param name="url">A URL as <see cref="StoreUrl.Normalize"/> gives it.</param>
    public static IObjectStore Open(string url) =>
        StoreUrl.ToDirectory(url) is { } directory ? new DiskStore(directory) : AdapterLoader.Adapters.OpenStore(url);
}
