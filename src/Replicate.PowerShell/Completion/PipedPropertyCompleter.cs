using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using Replicate.PowerShell.Cmdlets;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Completion;

/// <summary>Completes properties behind our cmdlets, params and metrics among them: <c>Get-ReplicateExperiment | Sort-Object val_l</c>.</summary>
public sealed class PipedPropertyCompleter : RepositoryCompleter
{
    private const string Source = "Source";

    /// <summary>The commands of the shell that take names of properties, by the parameter that does.</summary>
    internal static readonly (string[] Commands, string Parameter)[] Commands =
    [
        (["Sort-Object", "Where-Object", "Format-Table", "Format-List", "Format-Wide", "Select-Object", "Group-Object", "Measure-Object"], "Property"),
        (["Select-Object"], "ExpandProperty"),
    ];

    /// <summary>What begins a pipeline of ours, by the noun of what comes out.</summary>
    private static readonly (string Noun, string[] Names)[] Sources = [NamesOf(typeof(GetReplicateExperiment)), NamesOf(typeof(GetReplicateCheckpoint))];

    /// <summary>Completes, where what comes down the pipeline is ours; nothing leaves the word to the shell.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">Its parameter.</param>
    /// <param name="word">What is typed of the name.</param>
    /// <param name="command">The command as it is typed.</param>
    /// <param name="boundParameters">The parameters that are typed.</param>
    public static IEnumerable<CompletionResult> Complete(string commandName, string parameterName, string word, CommandAst command, IDictionary boundParameters) =>
        SourceOf(command) is { } source && NounOf(source) is { } noun
            ? new PipedPropertyCompleter().CompleteArgument(commandName, parameterName, word, command, new Hashtable
            {
                [Source] = noun, ["Repository"] = ValueOf(source, "Repository"), ["ProjectDirectory"] = ValueOf(source, "ProjectDirectory"),
            })
            : [];

    private protected override async Task<IEnumerable<Candidate>> CandidatesAsync(
        Project project, string word, IDictionary boundParameters, CancellationToken cancellationToken)
    {
        var experiments = await project.Experiments.ListKnownAsync(cancellationToken: cancellationToken);
        var columns = boundParameters[Source] is "ReplicateCheckpoint"
            ? Listing.ColumnsOf([.. experiments.SelectMany(experiment => experiment.Checkpoints.Take(1))])
            : Listing.ColumnsOf(experiments);
        return columns.Shown.Select(column => new Candidate(column.Name, "property"));
    }

    /// <summary>The first command of the pipeline that a command stands in; null where that is no command.</summary>
    private static CommandAst? SourceOf(CommandAst command) =>
        command.Parent is PipelineAst { PipelineElements: [CommandAst first, ..] } && first != command ? first : null;

    private static string? NounOf(CommandAst source) =>
        Sources.FirstOrDefault(command => command.Names.Contains(source.GetCommandName(), StringComparer.OrdinalIgnoreCase)).Noun;

    private static (string Noun, string[] Names) NamesOf(Type cmdlet)
    {
        var name = cmdlet.GetCustomAttribute<CmdletAttribute>()!;
        return (name.NounName, [$"{name.VerbName}-{name.NounName}", .. cmdlet.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? []]);
    }

    private static string? ValueOf(CommandAst command, string parameter)
    {
        var elements = command.CommandElements;
        for (var i = 1; i < elements.Count - 1; i++)
        {
            if (elements[i] is CommandParameterAst named && parameter.StartsWith(named.ParameterName, StringComparison.OrdinalIgnoreCase)
                && elements[i + 1] is StringConstantExpressionAst value)
            {
                return value.Value;
            }
        }

        return null;
    }
}
