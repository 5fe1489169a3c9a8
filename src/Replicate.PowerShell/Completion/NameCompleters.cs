using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes names that the experiments of a repository recorded.</summary>
public abstract class NameCompleter : RepositoryCompleter
{
    private protected static readonly string[] Fields = ["created", "step", "user", "host", "command", "status"];

    private protected sealed override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var experiments = await project.Experiments.ListKnownAsync(cancellationToken);
        return Candidates(experiments).DistinctBy(candidate => candidate.Text);
    }

    private protected abstract IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments);

    private protected static IEnumerable<Candidate> Metrics(IEnumerable<Experiment> experiments) => experiments
        .SelectMany(experiment => experiment.Checkpoints.Metrics.Names)
        .Distinct().Order(StringComparer.Ordinal).Select(name => new Candidate(name, "metric"));

    private protected static IEnumerable<Candidate> Params(IEnumerable<Experiment> experiments) => experiments
        .SelectMany(experiment => experiment.Params.Names)
        .Distinct().Order(StringComparer.Ordinal).Select(name => new Candidate(name, "param"));

    /// <summary>Everything that a filter or an order can name.</summary>
    private protected static IEnumerable<Candidate> Names(IReadOnlyList<Experiment> experiments) =>
        Metrics(experiments).Concat(Params(experiments)).Concat(Fields.Select(name => new Candidate(name, "field")));
}

/// <summary>Completes metrics.</summary>
public sealed class MetricCompleter : NameCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments) => Metrics(experiments);
}

/// <summary>Completes an order: a name, also with <c>-desc</c>.</summary>
public sealed class SortCompleter : NameCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments) => Names(experiments)
        .SelectMany(name => new[] { name, new Candidate(name.Text + "-desc", $"{name.Tip}, highest first") });
}

/// <summary>Completes the name a condition begins with, in the quotes that the whole condition needs.</summary>
public sealed class FilterCompleter : NameCompleter
{
    private protected override IEnumerable<Candidate> Candidates(IReadOnlyList<Experiment> experiments) => Names(experiments)
        .Select(name => new Candidate($"{Quoted(name.Text)} ", name.Tip, name.Text) { Word = name.Text });

    private static string Quoted(string name) =>
        name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-') ? name : $"\"{name}\"";
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
