using System.Collections.Concurrent;
using System.Security.Cryptography;
using Replicate.Storage;

namespace Replicate.Repositories.Catalog;

/// <summary>
/// The catalog of a repository far away: few objects that hold the metadata files of many experiments, each with the version it
/// was read in, for those who list and never saw the repository. It is derived from the files and never trusted over them; what is
/// missing in it, or wrong, costs time.
/// </summary>
/// <param name="store">Where it lies.</param>
/// <param name="work">What writes to it in the background; null to read only.</param>
/// <param name="isAllowed">Whether this process may write to the repository unasked.</param>
internal sealed class MetadataCatalog(IObjectStore store, CatalogWork? work, Func<bool> isAllowed)
{
    // A page of a list.
    private const int MostListed = 1_000;
    private const int LongestRecent = 1 << 20;

    private static readonly TimeSpan AddingTime = TimeSpan.FromSeconds(10);

    private readonly Lazy<bool> _isAllowed = new(isAllowed);
    private readonly ConcurrentQueue<(string Id, string Version, ReadOnlyMemory<byte> Content)> _ended = new();
    private int _isAdding;

    /// <summary>Where it lies.</summary>
    internal IObjectStore Store => store;

    /// <summary>Whether something may be written to it.</summary>
    internal bool IsWritable => work is not null && !work.IsRefusedBy(store.Url) && _isAllowed.Value;

    /// <summary>Lists the layers; none where that is refused.</summary>
    /// <exception cref="ReplicateException">The store can't be reached, as for every other request of the list.</exception>
    internal async Task<IReadOnlyList<CatalogLayer>> ListAsync(CancellationToken cancellationToken)
    {
        var (layers, listed) = (new List<CatalogLayer>(), 0);
        try
        {
            await foreach (var info in store.ListAsync(RepositoryKeys.CatalogPrefix, cancellationToken))
            {
                if (RepositoryKeys.EntriesOf(info.Key) is not null)
                {
                    layers.Add(new CatalogLayer(info));
                }

                if (++listed == MostListed)
                {
                    break;
                }
            }
        }
        catch (ReplicateException error) when (error.Kind == ErrorKind.PermissionDenied)
        {
            Log.Verbose($"The catalog of '{store.Url}' is passed over: {error.Message}");
        }

        return layers;
    }

    /// <summary>Adds an experiment that ended to the layer of this time, in the background.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="version">The version of its metadata file.</param>
    /// <param name="content">The bytes of that.</param>
    internal void AddEnded(string id, string version, ReadOnlyMemory<byte> content)
    {
        if (content.Length > LayerFormat.LongestEntry || !IsWritable)
        {
            return;
        }

        _ended.Enqueue((id, version, content));
        if (Interlocked.Exchange(ref _isAdding, 1) == 0)
        {
            work!.Start(store.Url, AddingTime, AddAsync);
        }
    }

    /// <summary>Writes what a listing read from the files, and merges layers, in the background.</summary>
    /// <param name="longest">How long that may take.</param>
    /// <param name="merged">The layers to be merged.</param>
    /// <param name="learned">What was read from the files.</param>
    /// <param name="listed">The files by their ids.</param>
    /// <returns>Completes with it, and never fails.</returns>
    internal Task Start(
        TimeSpan longest, IReadOnlyList<CatalogLayer> merged, LayerWriter learned, IReadOnlyDictionary<string, ObjectInfo> listed) =>
        work!.Start(store.Url, longest, token => ReplaceAsync(merged, learned, listed, token));

    /// <remarks>
    /// Layers that nobody changes are written under new names, so that any number may do this at the same time: the worst is that
    /// something is in two layers. Who reads one that is deleted meanwhile reads files.
    /// </remarks>
    private async Task ReplaceAsync(
        IReadOnlyList<CatalogLayer> merged, LayerWriter learned, IReadOnlyDictionary<string, ObjectInfo> listed, CancellationToken cancellationToken)
    {
        var layers = await MergeAsync(merged, listed, cancellationToken);
        if (merged.Count > 0 && !await TryDeleteAsync(merged[0].Key, cancellationToken))
        {
            (merged, layers) = ([], new LayerWriter());
        }

        layers.Add(learned);
        await PutAsync(layers.Take(), cancellationToken);
        if (merged.Count > 1)
        {
            await store.DeleteAsync([.. merged.Skip(1).Select(layer => layer.Key)], cancellationToken);
        }
    }

    private async Task<LayerWriter> MergeAsync(
        IReadOnlyList<CatalogLayer> merged, IReadOnlyDictionary<string, ObjectInfo> listed, CancellationToken cancellationToken)
    {
        var (layers, taken) = (new LayerWriter(), new HashSet<string>());
        foreach (var layer in merged.Where(layer => !layer.IsUseless))
        {
            try
            {
                await using var stream = await store.OpenReadAsync(layer.Key, cancellationToken: cancellationToken) ?? Stream.Null;
                await foreach (var block in LayerFormat.ReadBlocksAsync(stream, cancellationToken))
                {
                    LayerFormat.ReadEntries(block, (id, version, content) =>
                    {
                        if (listed.GetValueOrDefault(id)?.Version == version && taken.Add(id))
                        {
                            layers.Add(id, version, content.Span);
                        }
                    });
                }
            }
            catch (FormatException)
            {
                // What of it can be read is kept.
            }
        }

        return layers;
    }

    /// <summary>Whether what was merged may be deleted: who can only add would make a catalog of more and more layers.</summary>
    private async Task<bool> TryDeleteAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync([key], cancellationToken);
            return true;
        }
        catch (ReplicateException)
        {
            return false;
        }
    }

    private async Task PutAsync(IEnumerable<(byte[] Bytes, int Count)> layers, CancellationToken cancellationToken)
    {
        foreach (var (bytes, count) in layers)
        {
            var key = RepositoryKeys.CatalogLayer(RandomNumberGenerator.GetHexString(16, lowercase: true), count);
            await store.PutAsync(key, ObjectContent.FromBytes(bytes), PutCondition.IfAbsent, cancellationToken);
        }
    }

    private async Task AddAsync(CancellationToken cancellationToken)
    {
        do
        {
            try
            {
                await AddWaitingAsync(cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _isAdding, 0);
            }
        }
        while (!_ended.IsEmpty && Interlocked.Exchange(ref _isAdding, 1) == 0);
    }

    /// <summary>Adds what waits with two requests. Where another process is faster, the next list reads the files.</summary>
    private async Task AddWaitingAsync(CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.RecentLayer(DateTime.UtcNow);
        var there = await store.ReadAsync(key, cancellationToken);
        var isFull = there?.Content.Length >= LongestRecent;
        var entries = there is null || isFull ? [] : await ReadAllAsync(there.Content, cancellationToken);
        while (_ended.TryDequeue(out var ended))
        {
            entries[ended.Id] = (ended.Version, ended.Content);
        }

        var writer = new LayerWriter();
        foreach (var (id, (version, content)) in entries)
        {
            writer.Add(id, version, content.Span);
        }

        var layers = writer.Take().ToArray();
        if (isFull || layers.Length > 1)
        {
            await PutAsync(layers, cancellationToken);
            return;
        }

        await store.PutAsync(
            key, ObjectContent.FromBytes(layers[0].Bytes), there is null ? PutCondition.IfAbsent : PutCondition.IfVersion(there.Version), cancellationToken);
    }

    /// <summary>The entries of a layer, as far as they are what was written.</summary>
    private static async Task<Dictionary<string, (string Version, ReadOnlyMemory<byte> Content)>> ReadAllAsync(
        ReadOnlyMemory<byte> layer, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, (string Version, ReadOnlyMemory<byte> Content)>();
        try
        {
            using var stream = new MemoryStream(layer.ToArray());
            await foreach (var block in LayerFormat.ReadBlocksAsync(stream, cancellationToken))
            {
                LayerFormat.ReadEntries(block, (id, version, content) => entries[id] = (version, content.ToArray()));
            }
        }
        catch (FormatException)
        {
        }

        return entries;
    }
}
