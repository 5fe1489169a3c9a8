using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>
/// Looks again at what was found, just before it is told or mended: a repository changes while it is checked, and what a
/// writer or a removal did meanwhile is no damage.
/// </summary>
/// <param name="repository">The repository.</param>
internal sealed class SecondLook(Repository repository)
{
    private readonly IObjectStore _store = repository.Store;

    /// <summary>Whether a finding about the metadata, a heartbeat or a journal still holds.</summary>
    internal async Task<bool> HoldsAsync(FindingKind kind, string path, CancellationToken cancellationToken) => kind switch
    {
        FindingKind.SpecificationMissing => await _store.StatAsync(path, cancellationToken) is null,
        FindingKind.MetadataDamaged => await _store.ReadAsync(path, cancellationToken) is { } file && ReadExperiment(file.Content) is null,
        FindingKind.HeartbeatDamaged => await _store.ReadAsync(path, cancellationToken) is { } file && !IsHeartbeat(path, file.Content),
        FindingKind.HeartbeatWithoutExperiment =>
            await HasNoExperimentAsync(path, RepositoryKeys.IdOf(path, RepositoryKeys.HeartbeatPrefix), cancellationToken),
        FindingKind.JournalWithoutExperiment =>
            await HasNoExperimentAsync(path, RepositoryKeys.JournalOf(path)?.ExperimentId, cancellationToken),
        FindingKind.LogWithoutExperiment => await HasNoExperimentAsync(path, LogKey.Parse(path)?.ExperimentId, cancellationToken),
        FindingKind.LogDamaged => (await LogCheck.DamageAsync(_store, path, cancellationToken)).Length > 0,
        FindingKind.NameDamaged => await _store.StatAsync(path, cancellationToken) is { } info && await ReadNameAsync(info, cancellationToken) is null,
        FindingKind.NameWithoutCheckpoint =>
            await _store.StatAsync(path, cancellationToken) is { } info && await ReadNameAsync(info, cancellationToken) is { IsSet: true } name
            && !await HasCheckpointAsync(name, cancellationToken),
        _ => await _store.StatAsync(path, cancellationToken) is not null,
    };

    /// <summary>Whether the checkpoint that a name stands for is there now; perhaps, where the metadata can't be read.</summary>
    private async Task<bool> HasCheckpointAsync(NameRecord name, CancellationToken cancellationToken) =>
        (repository.Journal is { } journal && (await journal.ReadOneAsync(name.ExperimentId, cancellationToken)).Any(line => line.Checkpoint.Id == name.CheckpointId))
        || (await _store.ReadAsync(RepositoryKeys.Metadata(name.ExperimentId), cancellationToken) is { } file
            && (ReadExperiment(file.Content) is not { } metadata || metadata.Checkpoints.Any(checkpoint => checkpoint.Id == name.CheckpointId)));

    private async Task<NameRecord?> ReadNameAsync(ObjectInfo info, CancellationToken cancellationToken)
    {
        try
        {
            return await NamesCheck.ReadAsync(_store, info, cancellationToken);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The tarballs that a metadata file expects now, with the journals of its experiment; null where it is gone.</summary>
    internal async Task<IReadOnlySet<string>?> ExpectedAsync(string metadataKey, CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync(metadataKey, cancellationToken) is not { } file || ReadExperiment(file.Content) is not { } metadata)
        {
            return null;
        }

        var keys = SavedArchive.AllOf(metadata).Select(archive => archive.Key).ToHashSet();
        foreach (var line in repository.Journal is { } journal ? await journal.ReadOneAsync(metadata.Id, cancellationToken) : [])
        {
            keys.Add(RepositoryKeys.CheckpointArchive(line.Checkpoint.Id));
        }

        return keys;
    }

    /// <summary>What is expected by the metadata files that are not as they were listed, and by all journals.</summary>
    /// <param name="listed">The metadata files as they were.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<ExpectedArchives> ChangedAsync(IEnumerable<ObjectInfo> listed, CancellationToken cancellationToken)
    {
        var expected = new ExpectedArchives();
        foreach (var line in repository.Journal is { } journal ? await journal.ReadAsync("", cancellationToken) : [])
        {
            expected.AddPerhaps(line.Checkpoint.Id);
        }

        var known = listed.Select(info => (info.Key, info.Version)).ToHashSet();
        await foreach (var info in _store.ListAsync(RepositoryKeys.MetadataPrefix, cancellationToken))
        {
            if (!known.Contains((info.Key, info.Version)) && await _store.ReadAsync(info.Key, cancellationToken) is { } file)
            {
                expected.AddDamaged(RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix) ?? "", file.Content);
            }
        }

        return expected;
    }

    private async Task<bool> HasNoExperimentAsync(string path, string? id, CancellationToken cancellationToken) =>
        await _store.StatAsync(path, cancellationToken) is not null
        && (id is null || await _store.StatAsync(RepositoryKeys.Metadata(id), cancellationToken) is null);

    private static ExperimentMetadata? ReadExperiment(ReadOnlyMemory<byte> content)
    {
        try
        {
            return MetadataReader.ReadExperiment(content);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsHeartbeat(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            return MetadataReader.ReadHeartbeat(content).ExperimentId == RepositoryKeys.IdOf(path, RepositoryKeys.HeartbeatPrefix);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
