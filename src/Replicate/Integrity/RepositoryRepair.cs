using System.Security.Cryptography;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>
/// Mends what a check found, without losing anything: what is in the way is moved to <c>aside/</c> in the repository, where
/// no reader looks. Only a layer of the catalog is deleted, which says nothing that the metadata files don't.
/// </summary>
/// <param name="project">Whose repository it is.</param>
internal sealed class RepositoryRepair(Project project)
{
    private readonly Repository _repository = project.Workspace.Repository;
    private readonly IObjectStore _store = project.Workspace.Repository.Store;
    private readonly SecondLook _look = new(project.Workspace.Repository);

    /// <summary>Mends one finding, if it still holds.</summary>
    /// <exception cref="ReplicateException">The repository can't be written to; nothing is lost.</exception>
    internal async Task<RepairResult> MendAsync(Finding finding, CancellationToken cancellationToken) =>
        !finding.IsRepairable ? new RepairResult(finding, false, $"Nothing was done. {finding.Remedy}", "")
        : finding.Kind != FindingKind.TemporaryFileLeft && !await _look.HoldsAsync(finding.Kind, finding.Path, cancellationToken)
            ? await OverAsync(finding, cancellationToken)
        : await StartAsync(finding, cancellationToken);

    private Task<RepairResult> StartAsync(Finding finding, CancellationToken cancellationToken) => finding.Kind switch
    {
        FindingKind.SpecificationMissing => WriteSpecificationAsync(finding, cancellationToken),
        FindingKind.SpecificationDamaged => ReplaceSpecificationAsync(finding, cancellationToken),
        FindingKind.MetadataMisnamed => RenameMetadataAsync(finding, cancellationToken),
        FindingKind.TemporaryFileLeft => KeepLeftoverAsync(finding, cancellationToken),
        FindingKind.ArchiveWithoutOwner => MoveOrphanAsync(finding, cancellationToken),
        FindingKind.MovedAside => PutBackAsync(finding, cancellationToken),
        FindingKind.CatalogDamaged => DeleteLayerAsync(finding, cancellationToken),
        _ => MoveAsideAsync(finding, cancellationToken),
    };

    /// <summary>Moves a tarball aside that no metadata expects, and back where some did meanwhile.</summary>
    private async Task<RepairResult> MoveOrphanAsync(Finding finding, CancellationToken cancellationToken)
    {
        var kept = new RepairResult(finding, true, $"{finding.Path} belongs to an experiment now and was left as it is.", "");
        if (await IsExpectedAsync(finding.Path, cancellationToken))
        {
            return kept;
        }

        var moved = await MoveAsideAsync(finding, cancellationToken);
        if (moved.MovedTo.Length > 0 && await IsExpectedAsync(finding.Path, cancellationToken))
        {
            await PutBackAsync(moved.MovedTo, finding.Path, cancellationToken);
            return kept;
        }

        return moved;
    }

    private async Task<bool> IsExpectedAsync(string key, CancellationToken cancellationToken) =>
        (await project.Experiments.ListWithIdAsync(RepositoryKeys.IdOfArchive(key)!, cancellationToken))
        .Any(experiment => SavedArchive.AllOf(experiment.Metadata).Any(archive => archive.Key == key));

    /// <summary>Puts back what is missed after all. Lines of a journal are added to what is there.</summary>
    private async Task<RepairResult> PutBackAsync(Finding finding, CancellationToken cancellationToken)
    {
        var key = RepositoryKeys.OriginalOf(finding.Path)!;
        if (RepositoryKeys.JournalOf(key) is { } journal)
        {
            // Under a name that nobody writes to: the next command that writes takes it up.
            key = RepositoryKeys.ClosedJournal(journal.ExperimentId, RandomNumberGenerator.GetHexString(16, lowercase: true));
        }

        return await PutBackAsync(finding.Path, key, cancellationToken)
            ? new RepairResult(finding, true, $"{finding.Path} was put back as {key}.", key)
            : new RepairResult(finding, true, $"{key} is there again, and {finding.Path} was left where it is.", "");
    }

    private async Task<bool> PutBackAsync(string aside, string key, CancellationToken cancellationToken)
    {
        if (!await CopyAsync(aside, key, cancellationToken))
        {
            return false;
        }

        await _store.DeleteAsync([aside], cancellationToken);
        return true;
    }

    /// <summary>Copies an object to a key that is not there.</summary>
    /// <returns>False where it is.</returns>
    private async Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        var content = ObjectContent.FromWriter(async (stream, token) =>
        {
            await using var source = await _repository.OpenArchiveAsync(from, token);
            await source.CopyToAsync(stream, token);
        });
        return await _store.PutAsync(to, content, PutCondition.IfAbsent, cancellationToken) is not null;
    }

    /// <remarks>What was read from it may be in the index of this machine.</remarks>
    private async Task<RepairResult> DeleteLayerAsync(Finding finding, CancellationToken cancellationToken)
    {
        await _store.DeleteAsync([finding.Path], cancellationToken);
        _repository.ForgetIndex();
        return new RepairResult(finding, true, $"{finding.Path} was deleted; lists write the catalog again.", "");
    }

    private async Task<RepairResult> WriteSpecificationAsync(Finding finding, CancellationToken cancellationToken)
    {
        await _repository.PrepareForWritingAsync(cancellationToken);
        return new RepairResult(finding, true, $"{finding.Path} was written.", "");
    }

    private async Task<RepairResult> ReplaceSpecificationAsync(Finding finding, CancellationToken cancellationToken)
    {
        var moved = await MoveAsideAsync(finding, cancellationToken);
        await _repository.PrepareForWritingAsync(cancellationToken);
        return moved with { Action = $"{moved.Action} A new one was written." };
    }

    /// <summary>Gives a metadata file the name of its experiment, where there is none of that name.</summary>
    private async Task<RepairResult> RenameMetadataAsync(Finding finding, CancellationToken cancellationToken)
    {
        if (await _store.ReadAsync(finding.Path, cancellationToken) is not { } file)
        {
            return Gone(finding);
        }

        var key = RepositoryKeys.Metadata(MetadataReader.ReadExperiment(file.Content).Id);
        var isWritten = await _store.PutAsync(key, ObjectContent.FromBytes(file.Content), PutCondition.IfAbsent, cancellationToken) is not null;
        var moved = await MoveAsideAsync(finding, cancellationToken);
        return moved with
        {
            Action = isWritten ? $"{moved.Action} Its content is {key} now." : $"{moved.Action} {key} is there already and was left as it is.",
        };
    }

    private async Task<RepairResult> MoveAsideAsync(Finding finding, CancellationToken cancellationToken)
    {
        if (await _store.StatAsync(finding.Path, cancellationToken) is not { } info)
        {
            return Gone(finding);
        }

        // A repair that was interrupted may have left a copy of this moment.
        var aside = RepositoryKeys.Aside(DateTime.UtcNow, finding.Path);
        while (!await CopyAsync(finding.Path, aside, cancellationToken))
        {
            aside = RepositoryKeys.Aside(DateTime.UtcNow, finding.Path);
        }

        if ((await _store.StatAsync(aside, cancellationToken))?.Length != info.Length
            || (await _store.StatAsync(finding.Path, cancellationToken))?.Version != info.Version)
        {
            return new RepairResult(finding, false, $"{finding.Path} was changed meanwhile and was left as it is. Check the repository again.", "");
        }

        await _store.DeleteAsync([finding.Path], cancellationToken);
        return Moved(finding, aside);
    }

    private async Task<RepairResult> KeepLeftoverAsync(Finding finding, CancellationToken cancellationToken)
    {
        var name = finding.Path[(finding.Path.LastIndexOf('/') + 1)..];
        var aside = RepositoryKeys.Aside(DateTime.UtcNow, finding.Path[..^name.Length] + name.TrimStart('.') + ".left");
        return _store.Capabilities.Leftovers is { } leftovers && await leftovers.TryKeepAsync(finding.Path, aside, cancellationToken) ? Moved(finding, aside) : Gone(finding);
    }

    private static RepairResult Moved(Finding finding, string aside) => new(finding, true, $"{finding.Path} was moved to {aside}.", aside);

    private async Task<RepairResult> OverAsync(Finding finding, CancellationToken cancellationToken) =>
        await _store.StatAsync(finding.Path, cancellationToken) is null ? Gone(finding)
        : new RepairResult(finding, true, $"{finding.Path} needs no mending any more.", "");

    private static RepairResult Gone(Finding finding) => new(finding, true, $"{finding.Path} is no longer there.", "");
}
