using System.Collections.Concurrent;
using Replicate.Repositories.Catalog;
using Replicate.Storage;

namespace Replicate.Repositories.Cache;

/// <summary>
/// Reads the metadata of listed experiments: from the index what it has of the very version, else from the catalog, else from the files.
/// </summary>
/// <param name="objects">Reads from the store.</param>
/// <param name="index">What was read before; null for none.</param>
/// <param name="catalog">What others read before; null for none.</param>
/// <param name="parse">Reads a file by its key and content; null for one that can't be read, which it tells where the last is true.</param>
internal sealed class IndexedMetadata(
    MetadataObjects objects, MetadataIndex? index, CatalogReading? catalog,
    Func<string, ReadOnlyMemory<byte>, bool, ExperimentMetadata?> parse)
{
    // It is read while the store lists.
    private readonly Task<IndexedFiles> _reading = Task.Run(() => catalog?.IsRewritten == true ? IndexedFiles.None : index?.Read() ?? IndexedFiles.None);

    /// <summary>About how many experiments there are; 0 when not known.</summary>
    internal async Task<int> CountKnownAsync(CancellationToken cancellationToken) =>
        (await _reading).Count is > 0 and var count ? count : catalog is null ? 0 : await catalog.CountAsync(cancellationToken);

    /// <summary>Reads experiments, in no particular order.</summary>
    /// <param name="listed">The files by the ids in their names.</param>
    /// <param name="isWhole">Whether these are all, so that the index may forget the others.</param>
    /// <param name="filter">Which of those in the index are read, beside all that are not; null for all.</param>
    /// <param name="progress">Told how many are read from the store.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<IReadOnlyList<ExperimentMetadata>> ReadAsync(
        IReadOnlyDictionary<string, ObjectInfo> listed, bool isWhole, IdPrefixFilter? filter, IProgress<Progress>? progress,
        CancellationToken cancellationToken)
    {
        var known = await _reading;
        var unknown = new List<ObjectInfo>();
        ExperimentMetadata[] read;
        try
        {
            read = ReadKnown(known, listed, filter, unknown);
        }
        catch (Exception e) when (IndexedFiles.IsDamage(e))
        {
            Log.Verbose($"The index is not what was written, and is passed over: {e.Message}");
            (known, read, unknown) = (IndexedFiles.None, [], [.. listed.Values]);
        }

        if (unknown.Count == 0 && known.Count == listed.Count)
        {
            return read;
        }

        var learned = new ConcurrentBag<IndexedFile>();
        var parsed = await ReadAsync(unknown, listed, learned, progress, cancellationToken);
        if (catalog is not null && isWhole)
        {
            await catalog.FinishAsync(listed, cancellationToken);
        }

        if (index is not null && isWhole && (!learned.IsEmpty || known.Count > listed.Count - unknown.Count + parsed.Count))
        {
            index.Write([.. Known(known, listed), .. learned]);
        }

        return [.. read, .. parsed];
    }

    /// <summary>Reads from the index what it has and the filter lets through.</summary>
    private static ExperimentMetadata[] ReadKnown(
        IndexedFiles known, IReadOnlyDictionary<string, ObjectInfo> listed, IdPrefixFilter? filter, List<ObjectInfo> unknown)
    {
        var ids = new List<string>();
        var indexed = new List<PackedExperiment>();
        foreach (var (id, info) in listed)
        {
            if (known.Find(id, info) is not { } experiment)
            {
                unknown.Add(info);
            }
            else if (filter?.MayMatch(experiment) ?? true)
            {
                ids.Add(id);
                indexed.Add(experiment);
            }
        }

        var read = new ExperimentMetadata[indexed.Count];
        ManyAtOnce.For(read.Length, i => read[i] = indexed[i].Read(ids[i]));
        return read;
    }

    /// <summary>Reads files from the catalog or the store, and gives those that may be indexed.</summary>
    private async Task<IReadOnlyCollection<ExperimentMetadata>> ReadAsync(
        List<ObjectInfo> unknown, IReadOnlyDictionary<string, ObjectInfo> listed, ConcurrentBag<IndexedFile> learned,
        IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var read = new ConcurrentBag<ExperimentMetadata>();
        var writers = new ConcurrentBag<PackedWriter>();
        var maps = new ConcurrentDictionary<ValueMap, SharedMap>(ReferenceEqualityComparer.Instance);
        if (catalog is not null)
        {
            unknown = await catalog.ReadAsync(
                unknown, listed, (info, content) => Use(info, content, info.Stamp, isSettled: true, tells: false), cancellationToken);
        }

        await objects.ReadAsync(
            unknown,
            (info, content, version, isSettled) =>
            {
                if (Use(info, content, version, isSettled, tells: true))
                {
                    catalog?.Learn(info, version == info.Stamp ? info.Version : version, content);
                }
            },
            progress, cancellationToken);
        return read;

        bool Use(ObjectInfo info, ReadOnlyMemory<byte> content, string version, bool isSettled, bool tells)
        {
            if (parse(info.Key, content, tells) is not { } metadata)
            {
                return false;
            }

            // What is kept is packed: the checkpoints of thousands of experiments, as objects, would take the memory.
            var writer = writers.TryTake(out var free) ? free : new PackedWriter();
            var packed = PackedExperiment.Pack(metadata, writer, map => maps.GetOrAdd(map, static map => new SharedMap(map)));
            writers.Add(writer);
            read.Add(packed.Read(metadata.Id));
            if (isSettled)
            {
                learned.Add(new IndexedFile(IdOf(info), version, content.Length, packed));
            }

            return true;
        }
    }

    private static IEnumerable<IndexedFile> Known(IndexedFiles known, IReadOnlyDictionary<string, ObjectInfo> listed)
    {
        foreach (var (id, info) in listed)
        {
            if (known.Find(id, info) is { } experiment)
            {
                yield return new IndexedFile(id, info.Stamp, info.Length, experiment);
            }
        }
    }

    private static string IdOf(ObjectInfo info) => RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix)!;
}
