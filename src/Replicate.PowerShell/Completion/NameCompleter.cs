using System.Collections;
using Replicate.Metadata;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes names of checkpoints.</summary>
public sealed class NameCompleter : RepositoryCompleter
{
    // Beside ids, which are there at once.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private protected override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken) =>
        (await project.Names.ListRecordsAsync(cancellationToken)).Select(ToCandidate);

    /// <summary>The names that stand where ids do; none where the repository does not answer in time.</summary>
    internal static async Task<IEnumerable<Candidate>> NamesAsync(Project project, string word, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            return (await project.Names.ListKnownAsync(word, timeout.Token)).Select(ToCandidate);
        }
        catch (Exception error) when (error is ReplicateException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private static Candidate ToCandidate(NameRecord record) =>
        new(record.Name, $"Name of checkpoint {ShortIds.Of(record.CheckpointId)}" + (record.History is [.., { Why.Length: > 0 } last] ? $": {last.Why}" : ""));
}
