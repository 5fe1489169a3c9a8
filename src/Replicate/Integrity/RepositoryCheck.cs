using System.Runtime.CompilerServices;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Integrity;

/// <summary>Holds a repository to every rule of the format.</summary>
/// <param name="project">Whose repository it is.</param>
/// <param name="isQuick">Whether tarballs are only looked up, not read.</param>
internal sealed class RepositoryCheck(Project project, bool isQuick)
{
    /// <summary>What a writer that is at work may have in hand.</summary>
    private static readonly TimeSpan InHand = TimeSpan.FromHours(1);

    private readonly Repository _repository = project.OpenRepository();
    private readonly IObjectStore _store = project.OpenRepository().Store;

    /// <summary>Checks all, tarballs last.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The repository is of a later version, or can't be reached.</exception>
    internal async IAsyncEnumerable<Finding> RunAsync(
        IProgress<Progress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Tarballs are written before the metadata that tells of them: what was listed before it was read has an owner in it.
        var archives = await ListAsync(RepositoryKeys.ArchivePrefixes, cancellationToken);
        var heartbeats = await ListAsync([RepositoryKeys.HeartbeatPrefix], cancellationToken);
        var journals = await InspectJournalsAsync(cancellationToken);
        var metadata = await ListAsync([RepositoryKeys.MetadataPrefix], cancellationToken);
        if (metadata.Count == 0 && archives.Count == 0 && await _store.StatAsync(RepositoryKeys.Specification, cancellationToken) is null)
        {
            await MissingRepository.WarnAsync(project, cancellationToken);
        }

        var running = await RunningAsync(heartbeats, cancellationToken);
        var (promises, findings, settled) = (new Promises(), new FindingWriter(project), DateTime.UtcNow - InHand);
        var metadataCheck = new MetadataCheck(_repository, promises, findings, settled);
        var filesCheck = new SavedFilesCheck(_store, promises, findings, settled);
        var phases = new[]
        {
            metadataCheck.SpecificationAsync(metadata.Count > 0, cancellationToken),
            metadataCheck.ExperimentsAsync(metadata, running, progress, cancellationToken),
            metadataCheck.JournalsAsync(journals, running),
            metadataCheck.HeartbeatsAsync(heartbeats, cancellationToken),
            filesCheck.OwnersAsync(archives, cancellationToken),
            filesCheck.LeftoversAsync(cancellationToken),
            filesCheck.ArchivesAsync(archives.ToDictionary(info => info.Key), isQuick, progress, cancellationToken),
        };
        foreach (var phase in phases)
        {
            await foreach (var finding in phase.WithCancellation(cancellationToken))
            {
                yield return finding;
            }
        }
    }

    /// <summary>The experiments that somebody may be about to complete.</summary>
    private async Task<IReadOnlySet<string>> RunningAsync(IReadOnlyList<ObjectInfo> heartbeats, CancellationToken cancellationToken)
    {
        var alive = DateTime.UtcNow - Heartbeat.MaxAge;
        return heartbeats.Where(info => !(info.LastModified < alive))
            .Select(info => RepositoryKeys.IdOf(info.Key, RepositoryKeys.HeartbeatPrefix) ?? "")
            .Concat(await project.PendingExperimentsAsync(cancellationToken))
            .ToHashSet();
    }

    private async Task<IReadOnlyList<(string Key, IReadOnlyList<JournalLine> Lines, int Damaged)>> InspectJournalsAsync(
        CancellationToken cancellationToken)
    {
        var journals = new List<(string, IReadOnlyList<JournalLine>, int)>();
        if (_repository.Journal is { } journal)
        {
            await foreach (var inspected in journal.InspectAsync(cancellationToken))
            {
                journals.Add(inspected);
            }
        }

        return journals;
    }

    private async Task<IReadOnlyList<ObjectInfo>> ListAsync(IEnumerable<string> prefixes, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        foreach (var prefix in prefixes)
        {
            await foreach (var info in _store.ListAsync(prefix, cancellationToken))
            {
                found.Add(info);
            }
        }

        return found;
    }
}
