using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Integrity;

/// <summary>
/// Mends what a check found, without losing anything: what is in the way is moved to <c>aside/</c> in the repository, where
/// no reader looks.
/// </summary>
/// <param name="project">Whose repository it is.</param>
internal sealed class RepositoryRepair(Project project)
{
    private readonly Repository _repository = project.OpenRepository();
    private readonly IObjectStore _store = project.OpenRepository().Store;

    /// <summary>Mends one finding, if it still holds.</summary>
    /// <exception cref="ReplicateException">The repository can't be written to; nothing is lost.</exception>
    internal Task<RepairResult> MendAsync(Finding finding, CancellationToken cancellationToken) => finding.Kind switch
    {
        FindingKind.SpecificationMissing => WriteSpecificationAsync(finding, cancellationToken),
        FindingKind.SpecificationDamaged => ReplaceSpecificationAsync(finding, cancellationToken),
        FindingKind.MetadataMisnamed => RenameMetadataAsync(finding, cancellationToken),
        FindingKind.TemporaryFileLeft => KeepLeftoverAsync(finding, cancellationToken),
        _ when finding.IsRepairable => MoveAsideAsync(finding, cancellationToken),
        _ => Task.FromResult(new RepairResult(finding, false, $"Nothing was done. {finding.Remedy}", "")),
    };

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
        var aside = RepositoryKeys.Aside(DateTime.UtcNow, finding.Path);
        if (await _store.StatAsync(finding.Path, cancellationToken) is not { } info)
        {
            return Gone(finding);
        }

        var content = ObjectContent.FromWriter(async (stream, token) =>
        {
            await using var from = await _repository.OpenArchiveAsync(finding.Path, token);
            await from.CopyToAsync(stream, token);
        });
        await _store.PutAsync(aside, content, PutCondition.IfAbsent, cancellationToken);
        if ((await _store.StatAsync(finding.Path, cancellationToken))?.Version != info.Version)
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
        return await ((ILeftovers)_store).TryKeepAsync(finding.Path, aside, cancellationToken) ? Moved(finding, aside) : Gone(finding);
    }

    private static RepairResult Moved(Finding finding, string aside) => new(finding, true, $"{finding.Path} was moved to {aside}.", aside);

    private static RepairResult Gone(Finding finding) => new(finding, true, $"{finding.Path} is no longer there.", "");
}
