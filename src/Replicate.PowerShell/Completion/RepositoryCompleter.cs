using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Language;
using Replicate.PowerShell.Host;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes from what the repository of the command line holds. It never fails, and gives up after two seconds.</summary>
public abstract class RepositoryCompleter : IArgumentCompleter
{
    // The shell is handed all at once, and nobody looks through more.
    private const int MostOffered = 2_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever goes wrong, the person at the prompt goes on typing.")]
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout);
            var project = Project.Open(
                ShellLocation.Current, fakeBoundParameters["Repository"] as string, fakeBoundParameters["ProjectDirectory"] as string);
            var word = Unquoted(wordToComplete);
            return new EnginePump(cmdlet: null)
                .Run((_, token) => CandidatesAsync(project, word, Bound(commandAst, fakeBoundParameters), token), timeout.Token)
                .Where(candidate => candidate.Text.Length > 0 && candidate.Word.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Take(MostOffered)
                .Select(candidate => candidate.ToResult())
                .ToArray();
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>All that could stand there, in the order in which it is offered.</summary>
    /// <param name="project">The project of the command line.</param>
    /// <param name="word">What is typed of it, without the shell's quotes.</param>
    /// <param name="boundParameters">The other parameters of the command line.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    private protected abstract Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken);

    // What takes all that remains, as -Id of Compare-ReplicateCheckpoint, is not among the bound parameters.
    private static IDictionary Bound(CommandAst command, IDictionary bound) =>
        bound.Contains("Id") || bound.Contains("Experiment") || bound.Contains("Checkpoint")
        || command.CommandElements.ElementAtOrDefault(1) is not { } first
        || (first is ArrayLiteralAst list ? list.Elements[0] : first) is not StringConstantExpressionAst { Value: var id }
            ? bound
            : new Hashtable(bound) { ["Id"] = id };

    // A word in quotes, of which the second is mostly still to come.
    private static string Unquoted(string word)
    {
        if (word.Length == 0 || word[0] is not ('\'' or '"'))
        {
            return word;
        }

        var quote = word[0];
        var inner = word.Length > 1 && word[^1] == quote ? word[1..^1] : word[1..];
        return inner.Replace($"{quote}{quote}", quote.ToString(), StringComparison.Ordinal);
    }
}

/// <summary>Something that completes a word.</summary>
/// <param name="Text">What is inserted, quoted where it needs to be.</param>
/// <param name="Tip">What tells it from others.</param>
/// <param name="Label">What a menu shows; the text where null.</param>
internal sealed record Candidate(string Text, string Tip, string? Label = null)
{
    /// <summary>One whose tip takes time, and is made when it is offered.</summary>
    internal Candidate(string text, Func<string> tip, string? label = null)
        : this(text, "", label) => MakeTip = tip;

    private Func<string>? MakeTip { get; }

    /// <summary>What the typed word is the beginning of; the text where nothing else is said.</summary>
    internal string Word { get; init; } = Text;

    /// <summary>The shell writes all of it to the terminal as it is: what can't be shown is not offered as it is recorded.</summary>
    internal CompletionResult ToResult()
    {
        var shown = Value.Escape(Label ?? Text);
        var tip = MakeTip?.Invoke() ?? Tip;
        return new(Quoted(Value.Escape(Text)), shown, CompletionResultType.ParameterValue, tip.Length > 0 ? Value.Escape(tip) : shown);
    }

    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or ':')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
