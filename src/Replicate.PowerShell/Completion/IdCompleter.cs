using System.Collections;
using Replicate.PowerShell.Views;
using Replicate.Presentation;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes ids of experiments and checkpoints, newest first.</summary>
public class IdCompleter : RepositoryCompleter
{
    private protected override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var experiments = await project.Experiments.ListKnownAsync(word, cancellationToken);
        return experiments.Reverse().SelectMany(Of);
    }

    private protected virtual IEnumerable<Candidate> Of(Experiment experiment) =>
        OfCheckpoints(experiment).Prepend(OfExperiment(experiment));

    private protected static Candidate OfExperiment(Experiment experiment) => new(
        experiment.Id,
        () => Display.Summary(experiment),
        experiment.ShortId);

    private protected static IEnumerable<Candidate> OfCheckpoints(Experiment experiment) => experiment.Checkpoints.Reverse().Select(
        checkpoint => new Candidate(
            checkpoint.Id,
            () => $"Checkpoint of {experiment.ShortId}, step {checkpoint.Step}, {Display.Age(checkpoint.Created)}  {ExperimentText.Metrics(checkpoint)}",
            checkpoint.ShortId));
}

/// <summary>Completes ids of experiments, newest first.</summary>
public sealed class ExperimentIdCompleter : IdCompleter
{
    private protected override IEnumerable<Candidate> Of(Experiment experiment) => [OfExperiment(experiment)];
}

/// <summary>Completes ids of checkpoints, newest first.</summary>
public sealed class CheckpointIdCompleter : IdCompleter
{
    private protected override IEnumerable<Candidate> Of(Experiment experiment) => OfCheckpoints(experiment);
}
