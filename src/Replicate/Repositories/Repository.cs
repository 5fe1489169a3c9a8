using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Repositories.Cache;
using Replicate.Repositories.Catalog;
using Replicate.Storage;

namespace Replicate.Repositories;

/// <summary>
/// A repository of format version 1 over a store: which objects there are, and in what order they are written so that
/// nothing is listed whose data isn't there.
/// </summary>
/// <param name="store">Where its objects lie.</param>
/// <param name="index">What was read of its metadata before; null for none.</param>
/// <param name="catalogWork">What writes to its catalog in the background; null for nothing.</param>
/// <param name="isTrusted">Whether the catalog may be written to; null for always.</param>
internal sealed class Repository(
    IObjectStore store, MetadataIndex? index = null, CatalogWork? catalogWork = null, Func<bool>? isTrusted = null)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a server is given to put an object in place of another.</summary>
    private static readonly TimeSpan ReplacingTime = TimeSpan.FromMilliseconds(100);

    private readonly RepositorySpecification _specification = new(store);
    private readonly MetadataObjects _objects = new(store);
    private readonly ParsedObjects _parsed = new(store);

    // A disk tells at once which files have changed.
    private readonly MetadataCatalog? _catalog =
        StoreUrl.ToDirectory(store.Url) is null ? new MetadataCatalog(store, catalogWork, isTrusted ?? (static () => true)) : null;

    /// <summary>The absolute URL.</summary>
    internal string Url => store.Url;

    /// <summary>Where its objects lie.</summary>
    internal IObjectStore Store => store;

    /// <summary>Whether it is on this machine: it answers at once, and nothing need wait to be sent to it.</summary>
    internal bool IsLocal => store.Capabilities.Local is not null;

    /// <summary>The journals of its experiments; null in a repository that has none.</summary>
    internal Journal? Journal { get; } = Journal.Of(store);

    /// <summary>The names of its checkpoints.</summary>
    internal NameFiles Names { get; } = new(store);

    /// <summary>Refuses a repository that is damaged or of a later version; one that isn't there yet is fine.</summary>
    /// <returns>Whether it is there.</returns>
    internal Task<bool> CheckAsync(CancellationToken cancellationToken) => _specification.CheckAsync(cancellationToken);

    /// <summary>Checks the repository, and makes it one where nothing is there yet.</summary>
    internal Task PrepareForWritingAsync(CancellationToken cancellationToken) => _specification.PrepareAsync(cancellationToken);

    /// <summary>Reads the metadata of the experiments whose id begins with a prefix, and their heartbeats, many at a time.</summary>
    /// <param name="idPrefix">The prefix, empty for all.</param>
    /// <param name="filter">What is not needed of what did not change; null for nothing.</param>
    /// <param name="progress">Told how many are read from the store.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="isRefreshed">Whether index and catalog are written anew, as small as they can be.</param>
    internal async Task<IReadOnlyList<(ExperimentMetadata Metadata, Heartbeat? Heartbeat)>> ReadExperimentsAsync(
        string idPrefix, IdPrefixFilter? filter, IProgress<Progress>? progress, CancellationToken cancellationToken, bool isRefreshed = false)
    {
        Log.Verbose($"Reading the metadata of '{Url}'.");
        var catalog = _catalog is null ? null : new CatalogReading(_catalog, isRefreshed);
        var metadata = new IndexedMetadata(_objects, index, catalog, TryReadExperiment);
        var checking = CheckAsync(cancellationToken);
        var beating = ListAsync(RepositoryKeys.HeartbeatPrefix, idPrefix, null, cancellationToken);
        var listing = ListAsync(
            RepositoryKeys.MetadataPrefix, idPrefix, idPrefix.Length == 0 ? metadata.CountKnownAsync(cancellationToken) : null, cancellationToken);
        await Task.WhenAll(checking, beating, listing);

        // They change too often to be indexed, and what a heartbeat without an experiment says nobody asks.
        var listed = await listing;
        var running = new List<ObjectInfo>();
        foreach (var (id, info) in await beating)
        {
            if (listed.ContainsKey(id))
            {
                running.Add(info);
            }
        }

        var heartbeats = await ReadHeartbeatsAsync(running, cancellationToken);
        catalog?.Note(heartbeats.Values.Where(heartbeat => heartbeat.IsBeating).Select(heartbeat => heartbeat.ExperimentId).ToHashSet());
        var experiments = await metadata.ReadAsync(listed, idPrefix.Length == 0, filter, progress, cancellationToken);
        return experiments.Select(experiment => (experiment, heartbeats.GetValueOrDefault(experiment.Id))).ToArray();
    }

    /// <summary>Forgets on this machine what was read of its metadata.</summary>
    internal void ForgetIndex() => index?.Forget();

    /// <summary>Reads one experiment's metadata and heartbeat; null when it isn't there.</summary>
    internal async Task<(ExperimentMetadata Metadata, Heartbeat? Heartbeat)?> ReadExperimentAsync(
        string id, CancellationToken cancellationToken)
    {
        return await ReadMetadataAsync(id, cancellationToken) is { } found
            ? (found.Metadata, (await ReadHeartbeatAsync(id, cancellationToken))?.Heartbeat)
            : null;
    }

    /// <summary>
    /// Reads one experiment's metadata file, as it is with what is in its journal, and what it says; null when it isn't there.
    /// </summary>
    internal async Task<(StoredObject File, ExperimentMetadata Metadata)?> ReadMetadataAsync(
        string id, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        var key = RepositoryKeys.Metadata(id);
        var lines = Journal is null ? [] : await Journal.ReadOneAsync(id, cancellationToken);
        if (await ReadDocumentAsync(key, cancellationToken) is not var (file, document))
        {
            return null;
        }

        if (lines.Count > 0)
        {
            document.AddLines(lines, []);
            file = file with { Content = document.ToBytes() };
        }

        return (file, _parsed.Parse(key, file.Content, bytes => ReadExperiment(key, bytes)));
    }

    /// <summary>Writes a new experiment's metadata, which makes it listed.</summary>
    internal async Task AddExperimentAsync(ExperimentMetadata metadata, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Metadata(metadata.Id);
        Log.Verbose($"Writing {key} to '{Url}'.");
        await store.PutAsync(
            key, ObjectContent.FromBytes(MetadataSeal.Add(MetadataWriter.WriteExperiment(metadata))), PutCondition.IfAbsent, cancellationToken);
    }

    /// <summary>
    /// Rewrites an experiment's metadata, and compacts its journal: only in place of what was read, otherwise it is read and
    /// changed again, so that no other writer's work is lost.
    /// </summary>
    /// <param name="id">The experiment.</param>
    /// <param name="change">Changes the document; may be called several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the file says now.</returns>
    internal async Task<ExperimentMetadata> UpdateExperimentAsync(
        string id, Action<MetadataDocument> change, CancellationToken cancellationToken)
    {
        await CloseJournalAsync(id, cancellationToken);
        return (await RewriteAsync(id, change, null, cancellationToken)).Metadata;
    }

    private Task CloseJournalAsync(string id, CancellationToken cancellationToken) =>
        Journal?.CloseAsync(id, cancellationToken) ?? Task.CompletedTask;

    /// <summary>Compacts the closed journals of an experiment.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="known">The checkpoints in those closed journals whose lines need not be read, by the keys of these; null for none.</param>
    /// <returns>The versions of the metadata before and after it; null where there was nothing to compact.</returns>
    internal async Task<(string Before, string After)?> CompactAsync(
        string id, CancellationToken cancellationToken, IReadOnlyDictionary<string, IReadOnlyList<Checkpoint>>? known = null)
    {
        if (Journal is null || Journal.ClosedKeys(id, cancellationToken).Count == 0)
        {
            return null;
        }

        var (before, after, _) = await RewriteAsync(id, static _ => { }, known, cancellationToken);
        return (before, after);
    }

    /// <summary>Compacts all journals.</summary>
    internal Task CompactAllAsync(CancellationToken cancellationToken) =>
        Journal is null ? Task.CompletedTask : CompactAsync(Journal.Experiments(cancellationToken), cancellationToken);

    /// <summary>Compacts the journals of several experiments.</summary>
    internal async Task CompactAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            try
            {
                await CloseJournalAsync(id, cancellationToken);
                await CompactAsync(id, cancellationToken);
            }
            catch (ReplicateException error) when (error.Id is ErrorIds.ExperimentDeleted or ErrorIds.MetadataDamaged)
            {
                Log.Verbose($"The journal of experiment {id} stays as it is: {error.Message}");
            }
        }
    }

    /// <summary>Rewrites an experiment's metadata, and compacts its closed journals; see <see cref="UpdateExperimentAsync"/>.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="change">Changes the document; may be called several times.</param>
    /// <param name="known">See <see cref="CompactAsync(string, CancellationToken, IReadOnlyDictionary{string, IReadOnlyList{Checkpoint}})"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The versions of the metadata before and after it, and what it says now.</returns>
    internal async Task<(string Before, string After, ExperimentMetadata Metadata)> RewriteAsync(
        string id, Action<MetadataDocument> change, IReadOnlyDictionary<string, IReadOnlyList<Checkpoint>>? known,
        CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Metadata(id);
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            (IReadOnlyList<string> Keys, IReadOnlyList<JournalLine> Lines) closed =
                Journal is null ? ([], []) : await Journal.ReadClosedAsync(id, cancellationToken, known?.Keys.ToArray());
            if (await ReadDocumentAsync(key, cancellationToken) is not var (stored, document))
            {
                // It may be away for a moment only, and the journals have what nothing else has: who deletes it deletes them.
                throw Deleted(id);
            }

            document.AddLines(closed.Lines, closed.Keys.SelectMany(key => known?.GetValueOrDefault(key) ?? []));
            change(document);

            // A file that lacks something is not rewritten.
            var metadata = document.Complete(_parsed.Parse(key, document.Bytes, bytes => ReadExperiment(key, bytes)));
            if (metadata.Extension is { IsDeleted: true } && document.IsChanged
                && ReadExperiment(key, stored.Content).Extension is { IsDeleted: true })
            {
                // Who deletes it looks for what is in the journals after the metadata is gone.
                throw Deleted(id);
            }

            if (!document.IsChanged)
            {
                FlushNames(key);
                await DropAsync(closed.Keys, cancellationToken);
                return (stored.Version, stored.Version, metadata);
            }

            var content = document.ToContent();
            Log.Verbose($"Writing {key} to '{Url}'.");
            var version = store.Capabilities.Journals is { } journals
                ? await journals.ReplaceAsync(key, content, stored.Version, closed.Keys, cancellationToken)
                : await store.PutAsync(key, content, PutCondition.IfVersion(stored.Version), cancellationToken);
            if (version is not null)
            {
                if (metadata.Extension is { Status: not null, IsDeleted: false } && content is ObjectContent.Bytes { Value: var bytes })
                {
                    _catalog?.AddEnded(id, version, bytes);
                }

                return (stored.Version, version, metadata);
            }

            // Many writers that come back at the same moment would get in each other's way again.
            await Task.Delay(pause * Random.Shared.NextDouble(), cancellationToken);
        }
    }

    /// <summary>Reads a metadata file; null where it is gone.</summary>
    /// <remarks>
    /// A server may miss an object in the moment in which it replaces it. Who took that for a deletion would give up what was
    /// recorded since: only what is missing twice is gone. On a disk a file is replaced at once.
    /// </remarks>
    private async Task<(StoredObject File, MetadataDocument Document)?> ReadDocumentAsync(string key, CancellationToken cancellationToken)
    {
        var found = await _parsed.ReadAsync(key, MetadataDocument.Parse, cancellationToken);
        if (found is not null || IsLocal)
        {
            return found;
        }

        await Task.Delay(ReplacingTime, cancellationToken);
        return await _parsed.ReadAsync(key, MetadataDocument.Parse, cancellationToken);
    }

    /// <summary>What a metadata file says, which has to be of the experiment that it is named after.</summary>
    /// <exception cref="FormatException">It can't be read, or is of another experiment.</exception>
    private static ExperimentMetadata ReadExperiment(string key, ReadOnlyMemory<byte> content)
    {
        var metadata = MetadataReader.ReadExperiment(content);
        return RepositoryKeys.Metadata(metadata.Id) == key
            ? metadata
            : throw new FormatException($"It is of another experiment than its name says, '{metadata.Id}'.");
    }

    /// <summary>What the content of a metadata file says; null where it can't be read, which is told or not.</summary>
    private ExperimentMetadata? TryReadExperiment(string key, ReadOnlyMemory<byte> content, bool tells)
    {
        if (tells)
        {
            return _parsed.ParseOrWarn(key, content, bytes => ReadExperiment(key, bytes));
        }

        try
        {
            return ReadExperiment(key, content);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Task DropAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        keys.Count == 0 ? Task.CompletedTask : store.DeleteAsync(keys, cancellationToken);

    /// <summary>The error for an experiment that somebody deleted.</summary>
    internal ReplicateException Deleted(string id) => new(
        ErrorKind.NotFound, ErrorIds.ExperimentDeleted, $"The experiment '{id}' is no longer in the repository '{Url}'.",
        "Create a new experiment.");

    /// <summary>Reads a heartbeat with the version it has; null when there is none, or none that can be read.</summary>
    internal async Task<(Heartbeat Heartbeat, string Version)?> ReadHeartbeatAsync(string id, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.Heartbeat(id);
        if (await store.ReadAsync(key, cancellationToken) is not { } stored
            || _parsed.ParseOrWarn(key, stored.Content, MetadataReader.ReadHeartbeat) is not { } heartbeat)
        {
            return null;
        }

        return (
            heartbeat.IsOfTheFuture ? heartbeat.WrittenAt((await store.StatAsync(key, cancellationToken))?.LastModified) : heartbeat,
            stored.Version);
    }

    /// <summary>Writes a heartbeat.</summary>
    /// <returns>False when the condition was not met.</returns>
    internal async Task<bool> WriteHeartbeatAsync(Heartbeat heartbeat, PutCondition condition, CancellationToken cancellationToken) =>
        await store.PutAsync(
            RepositoryKeys.Heartbeat(heartbeat.ExperimentId), ObjectContent.OfTheMoment(MetadataWriter.WriteHeartbeat(heartbeat)),
            condition, cancellationToken) is not null;

    /// <summary>Writes a tarball.</summary>
    internal Task WriteArchiveAsync(string key, ObjectContent content, CancellationToken cancellationToken)
    {
        Log.Verbose($"Writing {key} to '{Url}'.");
        return store.PutAsync(key, content, PutCondition.None, cancellationToken);
    }

    /// <summary>Opens a tarball.</summary>
    /// <exception cref="ReplicateException">It isn't there (<c>ArchiveMissing</c>).</exception>
    internal async Task<Stream> OpenArchiveAsync(string key, CancellationToken cancellationToken)
    {
        Log.Verbose($"Reading {key} of '{Url}'.");
        return await store.OpenReadAsync(key, cancellationToken: cancellationToken) ?? throw ArchiveMissing(key);
    }

    /// <summary>The error for a tarball that isn't there.</summary>
    internal ReplicateException ArchiveMissing(string key) => new(
        ErrorKind.NotFound, "ArchiveMissing", $"The saved files {key} are not in the repository '{Url}'.",
        "They may not have been written yet: try again when the run has saved them.");

    /// <summary>Makes durable that an object on a disk was put or deleted, before something is done that relies on that.</summary>
    internal void FlushNames(string key) => store.Capabilities.Local?.FlushNames(key);

    /// <summary>Deletes the log of an experiment.</summary>
    internal async Task DeleteLogsAsync(string experimentId, CancellationToken cancellationToken)
    {
        var prefix = RepositoryKeys.LogsOf(experimentId);
        var keys = new List<string>();
        await foreach (var info in store.ListAsync(prefix, cancellationToken))
        {
            keys.Add(info.Key);
        }

        if (keys.Count > 0)
        {
            await DeleteAsync(keys, cancellationToken);
            store.Capabilities.Growing?.ForgetEmpty(prefix);
        }
    }

    /// <summary>Deletes objects, missing ones passed over.</summary>
    internal Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Log.Verbose($"Deleting {string.Join(", ", keys)} from '{Url}'.");
        return store.DeleteAsync(keys, cancellationToken);
    }

    /// <summary>Lists the objects of a prefix that have an id, by it.</summary>
    private async Task<Dictionary<string, ObjectInfo>> ListAsync(
        string prefix, string idPrefix, Task<int>? expected, CancellationToken cancellationToken)
    {
        var found = await _objects.ListAsync(prefix + idPrefix, expected, cancellationToken);
        var byId = new Dictionary<string, ObjectInfo>(found.Count);
        foreach (var info in found)
        {
            if (RepositoryKeys.IdOf(info.Key, prefix) is { } id)
            {
                byId.Add(id, info);
            }
        }

        return byId;
    }

    /// <summary>Reads heartbeats by their experiments; those that can't be read are named in warnings.</summary>
    private async Task<IReadOnlyDictionary<string, Heartbeat>> ReadHeartbeatsAsync(
        IReadOnlyCollection<ObjectInfo> listed, CancellationToken cancellationToken)
    {
        var heartbeats = new ConcurrentDictionary<string, Heartbeat>();
        await _objects.ReadAsync(
            listed,
            (info, content, _, _) =>
            {
                if (_parsed.ParseOrWarn(info.Key, content, MetadataReader.ReadHeartbeat) is { } heartbeat)
                {
                    heartbeats[heartbeat.ExperimentId] = heartbeat.WrittenAt(info.LastModified);
                }
            },
            progress: null, cancellationToken);
        return heartbeats;
    }
}
