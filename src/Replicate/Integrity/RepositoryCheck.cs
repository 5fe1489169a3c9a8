using System.Runtime.CompilerServices;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>Holds a repository to every rule of the format.</summary>
/// <param name="project">Whose repository it is.</param>
/// <param name="isQuick">Whether tarballs are only looked up, not read.</param>
/// <param name="orphanAge">How old what belongs to nothing has to be, by the store's own clock.</param>
internal sealed class RepositoryCheck(Project project, bool isQuick, TimeSpan orphanAge)
{
    private readonly Repository _repository = project.Workspace.Repository;
    private readonly IObjectStore _store = project.Workspace.Repository.Store;
    private readonly ExpectedArchives _expected = new();

    /// <summary>How many experiments and checkpoints were read, once the check is at its end.</summary>
    internal (int Experiments, int Checkpoints) Counts => (_expected.Experiments, _expected.Checkpoints);

    /// <summary>Checks all, tarballs last.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The repository is of a later version, or can't be reached.</exception>
    internal async IAsyncEnumerable<Finding> RunAsync(
        IProgress<Progress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (orphanAge < TimeSpan.Zero)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "OrphanAgeInvalid", $"The age '{orphanAge:c}' is less than nothing.",
                "Say how old what belongs to no experiment has to be, such as 1.00:00:00 for a day.");
        }

        // Tarballs are written before the metadata that tells of them: what was listed before it was read has an owner in it.
        var archives = await ListAsync(RepositoryKeys.ArchivePrefixes, cancellationToken);
        var heartbeats = await ListAsync([RepositoryKeys.HeartbeatPrefix], cancellationToken);
        var journals = await InspectJournalsAsync(cancellationToken);
        var metadata = await ListAsync([RepositoryKeys.MetadataPrefix], cancellationToken);
        if (metadata.Count == 0 && archives.Count == 0 && await _store.StatAsync(RepositoryKeys.Specification, cancellationToken) is null)
        {
            await MissingRepository.WarnAsync(project, cancellationToken);
        }

        var writers = new LiveWriters(new StoreClock(_store), orphanAge);
        var running = (await writers.BeatingAsync(heartbeats, cancellationToken))
            .Concat(await project.PendingExperimentsAsync(cancellationToken)).ToHashSet();
        var aside = await AsideFiles.ListAsync(_store, cancellationToken);
        var (findings, look) = (new FindingWriter(project), new SecondLook(_repository));
        var metadataCheck = new MetadataCheck(_repository, _expected, findings, writers);
        var filesCheck = new SavedFilesCheck(_store, _expected, findings, writers, look);
        var logCheck = new LogCheck(_store, _expected, findings, writers);
        var leftovers = filesCheck.LeftoversAsync(cancellationToken);
        var files = filesCheck.ArchivesAsync(archives.ToDictionary(info => info.Key), aside, isQuick, progress, cancellationToken);
        var phases = new[]
        {
            metadataCheck.SpecificationAsync(metadata.Count > 0, cancellationToken),
            metadataCheck.ExperimentsAsync(metadata, running, progress, cancellationToken),
            metadataCheck.Journals(journals, running).ToAsyncEnumerable(),
            metadataCheck.DamagedLinesAsync(cancellationToken),
            metadataCheck.AsideJournalsAsync(aside, running, cancellationToken),
            metadataCheck.HeartbeatsAsync(heartbeats, cancellationToken),
            new NamesCheck(_store, _expected, findings).NamesAsync(cancellationToken),
            new CatalogCheck(_store, metadataCheck.Sums, findings).LayersAsync(cancellationToken),
            logCheck.SegmentsAsync(isQuick, cancellationToken),
            logCheck.AsideAsync(aside, cancellationToken),
            filesCheck.OwnersAsync(archives, metadata, cancellationToken),
            leftovers,
            files,
        };
        foreach (var phase in phases)
        {
            await foreach (var finding in phase.WithCancellation(cancellationToken))
            {
                // Those of saved files were looked at again with what is expected now, and a leftover is no object.
                if (phase == files || phase == leftovers || await look.HoldsAsync(finding.Kind, finding.Path, cancellationToken))
                {
                    yield return finding;
                }
            }
        }
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
