using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes the paths of files saved with the experiment or checkpoint of the command line.</summary>
public sealed class SavedPathCompleter : RepositoryCompleter
{
    private protected override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var match = await TargetAsync(project, boundParameters, cancellationToken);
        IEnumerable<SavedFile> files = await match.Experiment.ListFilesAsync(null, cancellationToken);
        if (match.Checkpoint is not null)
        {
            files = (await match.Experiment.ListFilesAsync(match.Checkpoint, cancellationToken))
                .Concat(files.Where(file => file.Id == match.Experiment.Id));
        }

        return files.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => new Candidate(
            file.Path, string.Create(CultureInfo.InvariantCulture, $"{file.Length:N0} bytes, {file.LastModified:yyyy-MM-dd HH:mm}")));
    }

    private static async Task<Match> TargetAsync(Project project, IDictionary boundParameters, CancellationToken cancellationToken) =>
        First(boundParameters["Checkpoint"]) is Checkpoint checkpoint ? new Match(checkpoint.Experiment, checkpoint)
        : First(boundParameters["Experiment"]) is Experiment experiment ? new Match(experiment, null)
        : await project.FindAsync(First(boundParameters["Id"])?.ToString() ?? "", cancellationToken);

    private static object? First(object? bound)
    {
        var value = bound is IList list ? list.Cast<object?>().FirstOrDefault() : bound;
        return value is PSObject wrapped ? wrapped.BaseObject : value;
    }
}
