using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Replicate.PowerShell.Host;

/// <summary>Finds the command that a script is there for: the last program or script that it runs.</summary>
internal static partial class MainProgram
{
    private const int LongestScript = 200;

    // What prepares a training, or comes after it.
    private static readonly HashSet<string> Helpers = new(StringComparer.OrdinalIgnoreCase)
    {
        "apt-get", "conda", "cp", "curl", "git", "mkdir", "mv", "nvidia-smi", "pip", "pip3", "rm", "tar", "tee", "wget",
    };

    /// <summary>Its command as it is written; where it runs none, the script itself, cut short.</summary>
    /// <param name="cmdlet">The running cmdlet, whose session knows the commands.</param>
    /// <param name="script">The script.</param>
    internal static string Of(PSCmdlet cmdlet, Ast script)
    {
        var programs = script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()
            .Where(command => IsProgram(cmdlet, command)).ToArray();
        var main = programs.LastOrDefault(command => !Helpers.Contains(command.GetCommandName())) ?? programs.LastOrDefault();
        if (main is not null)
        {
            return OneLine(main.Redirections.Count == 0
                ? main.Extent.Text
                : main.Extent.Text[..(main.Redirections[0].Extent.StartOffset - main.Extent.StartOffset)]);
        }

        var text = script is ScriptBlockAst { EndBlock: { } end }
            ? string.Join("; ", end.Statements.Select(statement => OneLine(statement.Extent.Text)))
            : OneLine(script.Extent.Text);
        return text.Length <= LongestScript ? text : text[..LongestScript] + "…";
    }

    // A function of the script itself, which the session may not see, is called as functions are.
    private static bool IsProgram(PSCmdlet cmdlet, CommandAst command) =>
        command.GetCommandName() is { } name
        && (cmdlet.InvokeCommand.GetCommand(name, CommandTypes.All) is { } known
            ? known.CommandType is CommandTypes.Application or CommandTypes.ExternalScript
            : !FunctionName().IsMatch(name));

    private static string OneLine(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex("^[A-Za-z]+-[A-Za-z]+$", RegexOptions.CultureInvariant)]
    private static partial Regex FunctionName();

    // A line end with what indents, and the mark by which a command goes on behind it.
    [GeneratedRegex(@"[ \t]*`?[\r\n]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
