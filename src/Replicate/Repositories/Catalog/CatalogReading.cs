using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Replicate.Storage;

namespace Replicate.Repositories.Catalog;

/// <summary>What one listing takes from the catalog, and gives to it at its end.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="isRewritten">Whether all of it is read, and made as small as it can be.</param>
internal sealed class CatalogReading(MetadataCatalog catalog, bool isRewritten)
{
    // So few files are read sooner than the catalog is asked for, and are not worth a layer.
    private const int Few = 16;
    private const int FewLayers = 8;
    private const int FilesOfLayer = 4;
    private const int OpenedAhead = 2;

    // What a layer of experiments takes compressed, and what layers may expand to.
    private const int UsualEntry = 512;
    private const int MostExpansion = 4;
    private const long Slack = 16 << 20;

    // Of the time that the list took, what writing may take at most, and that it is given anyway.
    private const int ShareOfTime = 8;

    private static readonly TimeSpan AnyTime = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, bool> _found = new();
    private readonly LayerWriter _learned = new();
    private Task<IReadOnlyList<CatalogLayer>>? _layers;
    private IReadOnlySet<string> _running = new HashSet<string>();
    private int _taken;
    private long _left;

    /// <summary>Whether all of the catalog is read, and made as small as it can be.</summary>
    internal bool IsRewritten => isRewritten;

    /// <summary>About how many experiments it has.</summary>
    internal async Task<int> CountAsync(CancellationToken cancellationToken) => (int)Math.Min(
        int.MaxValue, (await ListAsync(cancellationToken)).Sum(layer => RepositoryKeys.EntriesOf(layer.Key) is > 0 and var count ? count : layer.Length / UsualEntry));

    /// <summary>Says which experiments run: their files are about to change.</summary>
    internal void Note(IReadOnlySet<string> running) => _running = running;

    /// <summary>Reads from the catalog what it has of files in the very version that was listed.</summary>
    /// <param name="unknown">The files.</param>
    /// <param name="listed">All files by their ids.</param>
    /// <param name="use">Gets the content of each, from several threads; false where it can't be used.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files that are still to be read.</returns>
    internal async Task<List<ObjectInfo>> ReadAsync(
        List<ObjectInfo> unknown, IReadOnlyDictionary<string, ObjectInfo> listed, Func<ObjectInfo, ReadOnlyMemory<byte>, bool> use,
        CancellationToken cancellationToken)
    {
        if (!isRewritten && unknown.Count < Few && (_layers is null || unknown.Count == 0))
        {
            return unknown;
        }

        // What is longer than the files that it would spare, or in nearly as many pieces, or expands to many times of them, is of no use.
        var length = unknown.Sum(info => info.Length);
        var wanted = unknown.Count == listed.Count ? null : unknown.Select(info => info.Key).ToHashSet();
        var all = await ListAsync(cancellationToken);
        var layers = all.Where(layer => layer.Length <= length + LayerFormat.Overhead).OrderByDescending(layer => layer.Length)
            .Take(isRewritten ? int.MaxValue : Math.Max(unknown.Count / FilesOfLayer, Math.Min(unknown.Count / 2, FewLayers)));
        _left = Slack + (isRewritten ? LayerFormat.MostExpansion * all.Sum(layer => layer.Length) : MostExpansion * length);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(BlocksAsync(layers, unknown.Count, cancellationToken), options, (found, _) =>
        {
            var (layer, block) = found;
            try
            {
                LayerFormat.ReadEntries(block, (id, version, content) => Take(layer, id, version, content));
            }
            catch (FormatException error)
            {
                PassOver(layer, error);
            }

            return ValueTask.CompletedTask;
        });
        return unknown.FindAll(info => !_found.GetValueOrDefault(info.Key));

        void Take(CatalogLayer layer, string id, string version, ReadOnlyMemory<byte> content)
        {
            var info = listed.GetValueOrDefault(id);
            var isLive = info is not null && info.Version == version && info.Length == content.Length && _found.TryAdd(info.Key, false);
            layer.Note(isLive, isGone: info is null);
            if (isLive && wanted?.Contains(info!.Key) != false && use(info!, content))
            {
                _found[info!.Key] = true;
                Interlocked.Increment(ref _taken);
            }
        }
    }

    /// <summary>Notes a file that was read, which the catalog hasn't in this version.</summary>
    internal void Learn(ObjectInfo info, string version, ReadOnlyMemory<byte> content)
    {
        var id = IdOf(info);
        if (catalog.IsWritable && !_running.Contains(id))
        {
            _learned.Add(id, version, content.Span);
        }
    }

    /// <summary>Writes to the catalog what it lacks and is worth it, in the background.</summary>
    /// <param name="listed">All files of the repository by their ids.</param>
    /// <param name="cancellationToken">Ends the wait for it where the catalog is rewritten.</param>
    internal async Task FinishAsync(IReadOnlyDictionary<string, ObjectInfo> listed, CancellationToken cancellationToken)
    {
        if (_layers is null || !catalog.IsWritable)
        {
            return;
        }

        // What is longer than all files as they are holds mostly what was so before.
        var layers = await ListAsync(cancellationToken);
        var length = listed.Values.Sum(info => info.Length) + LayerFormat.Overhead;
        foreach (var layer in layers)
        {
            layer.IsUseless = layer.Length > length;
        }

        var merged = isRewritten ? CatalogLayer.Improvable(layers, DateTime.UtcNow) : CatalogLayer.Mergeable(layers, DateTime.UtcNow);
        if (merged.Count > 0 || _learned.Count >= (isRewritten ? 1 : Few))
        {
            var writing = catalog.Start(AnyTime + (_clock.Elapsed / ShareOfTime), merged, _learned, listed);
            await (isRewritten ? writing.WaitAsync(cancellationToken) : Task.CompletedTask);
        }
    }

    private Task<IReadOnlyList<CatalogLayer>> ListAsync(CancellationToken cancellationToken) => _layers ??= catalog.ListAsync(cancellationToken);

    /// <summary>Reads the blocks of layers, some of which are opened ahead, until nothing is wanted any more.</summary>
    private async IAsyncEnumerable<(CatalogLayer Layer, byte[] Block)> BlocksAsync(
        IEnumerable<CatalogLayer> layers, int wanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = new Queue<CatalogLayer>(layers);
        var opened = new Queue<(CatalogLayer Layer, Task<Stream?> Opening)>();
        while (waiting.Count > 0 || opened.Count > 0)
        {
            while (waiting.Count > 0 && opened.Count < OpenedAhead)
            {
                opened.Enqueue((waiting.Peek(), catalog.Store.OpenReadAsync(waiting.Dequeue().Key, cancellationToken: cancellationToken)));
            }

            var (layer, opening) = opened.Dequeue();
            await using var stream = await TryAsync(layer, () => opening);
            if (stream is null)
            {
                continue;
            }

            layer.IsRead = true;
            await using var blocks = LayerFormat.ReadBlocksAsync(stream, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryAsync(layer, () => blocks.MoveNextAsync().AsTask()))
            {
                if ((_left -= Math.Max(blocks.Current.Length, LayerFormat.LengthOf(blocks.Current))) < 0)
                {
                    layer.IsRead = false;
                    yield break;
                }

                yield return (layer, blocks.Current);
            }

            if (!isRewritten && Volatile.Read(ref _taken) == wanted)
            {
                waiting.Clear();
            }
        }
    }

    /// <summary>Reads of a layer; nothing where it can't be read, which costs time only.</summary>
    private async Task<T?> TryAsync<T>(CatalogLayer layer, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (FormatException error)
        {
            PassOver(layer, error);
        }
        catch (ReplicateException error)
        {
            layer.IsRead = false;
            PassOver(layer, error);
        }

        return default;
    }

    private void PassOver(CatalogLayer layer, Exception error) =>
        Log.Verbose($"{layer.Key} of the catalog of '{catalog.Store.Url}' is passed over: {error.Message}");

    private static string IdOf(ObjectInfo info) => RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix)!;
}
