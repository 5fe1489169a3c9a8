using System.Collections;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes names of checkpoints, and ids of experiments and checkpoints, newest first: as short as tells them apart.</summary>
public class IdCompleter : RepositoryCompleter
{
    // Of more ids than can be looked through while a person waits, so many digits tell each apart.
    private const int MostCompared = 5_000;
    private const int SafeLength = 12;

    private protected override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var experiments = await project.Experiments.ListKnownAsync(word, cancellationToken);
        var shared = Count(experiments) > MostCompared ? null : Ids(experiments)
            .GroupBy(ShortIds.Of).Where(ids => ids.Count() > 1).Select(ids => ids.Key).ToHashSet();
        string Shortest(string id) =>
            id[..Math.Min(id.Length, shared is null || shared.Contains(ShortIds.Of(id)) ? SafeLength : ShortIds.Of(id).Length)];
        var ids = experiments.Reverse().SelectMany(Of).Select(candidate =>
            Shortest(candidate.Word) is var text && text.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? candidate with { Text = text } : candidate);
        return (HasNames ? await NameCompleter.NamesAsync(project, word, cancellationToken) : []).Concat(ids);
    }

    /// <summary>Whether names of checkpoints stand there, too.</summary>
    private protected virtual bool HasNames => true;

    private protected virtual int Count(IReadOnlyList<Experiment> experiments) => experiments.Sum(experiment => 1 + experiment.Checkpoints.Count);

    private protected virtual IEnumerable<string> Ids(IReadOnlyList<Experiment> experiments) =>
        experiments.SelectMany(experiment => experiment.Checkpoints.Select(checkpoint => checkpoint.Id).Prepend(experiment.Id));

    private protected virtual IEnumerable<Candidate> Of(Experiment experiment) =>
        OfCheckpoints(experiment).Prepend(OfExperiment(experiment));

    private protected static Candidate OfExperiment(Experiment experiment) => new(
        experiment.Id, () => Display.Summary(experiment), experiment.ShortId) { Word = experiment.Id };

    private protected static IEnumerable<Candidate> OfCheckpoints(Experiment experiment) => experiment.Checkpoints.Reverse().Select(
        checkpoint => new Candidate(
            checkpoint.Id, () => $"Checkpoint of {experiment.ShortId}: {Display.Summary(checkpoint)}", checkpoint.ShortId) { Word = checkpoint.Id });
}

/// <summary>Completes ids of experiments, newest first.</summary>
public sealed class ExperimentIdCompleter : IdCompleter
{
    private protected override bool HasNames => false;

    private protected override int Count(IReadOnlyList<Experiment> experiments) => experiments.Count;

    private protected override IEnumerable<string> Ids(IReadOnlyList<Experiment> experiments) => experiments.Select(experiment => experiment.Id);

    private protected override IEnumerable<Candidate> Of(Experiment experiment) => [OfExperiment(experiment)];
}

/// <summary>Completes names of checkpoints, and their ids, newest first.</summary>
public sealed class CheckpointIdCompleter : IdCompleter
{
    private protected override IEnumerable<Candidate> Of(Experiment experiment) => OfCheckpoints(experiment);
}
