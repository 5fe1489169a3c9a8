using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Replicate.Queries;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes from what the experiments of a repository recorded.</summary>
public abstract class ExperimentCompleter : RepositoryCompleter
{
    private protected sealed override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var experiments = await project.Experiments.ListKnownAsync(cancellationToken: cancellationToken);
        return Candidates(experiments, word).DistinctBy(candidate => candidate.Text);
    }

    private protected abstract IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word);
}

/// <summary>Completes metrics.</summary>
public sealed class MetricCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) =>
        QueryNames.Metrics(experiments).Select(name => new Candidate(name, "metric"));
}

/// <summary>Completes params.</summary>
public sealed class ParamCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) =>
        QueryNames.Params(experiments).Select(name => new Candidate(name, "param"));
}

/// <summary>Completes tags.</summary>
public sealed class TagCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) => experiments
        .SelectMany(experiment => experiment.Tags).GroupBy(tag => tag).OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .Select(tag => new Candidate(tag.Key, Amounts.Of(tag.Count(), "experiment")));
}

/// <summary>Completes names of sweeps.</summary>
public sealed class SweepCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) => experiments
        .Where(experiment => experiment.Sweep is not null).GroupBy(experiment => experiment.Sweep!.Name).Reverse()
        .Select(runs => new Sweep(runs.Key, [.. runs])).Select(sweep => new Candidate(sweep.Name, sweep.ToString()));
}

/// <summary>Completes an order: a name, also with <c>-desc</c> and <c>-asc</c>.</summary>
public sealed class SortCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) => QueryNames.Of(experiments)
        .SelectMany(name => new Candidate[]
        {
            new(name.Text, name.Kind), new($"{name.Text}-desc", $"{name.Kind}, highest first"), new($"{name.Text}-asc", $"{name.Kind}, lowest first"),
        });
}

/// <summary>Completes a condition: its name, its operator, its value.</summary>
public sealed class FilterCompleter : ExperimentCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments, string word) => FilterCompletion
        .Of(word, experiments)
        .Select(suggestion => new Candidate(suggestion.Text, suggestion.Tip, suggestion.Label) { Word = word });
}

/// <summary>Completes goals of a primary metric.</summary>
public sealed class GoalCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from candidate in new[] { new Candidate("minimize", "Less is better."), new Candidate("maximize", "More is better.") }
        where candidate.Text.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase)
        select candidate.ToResult();
}
