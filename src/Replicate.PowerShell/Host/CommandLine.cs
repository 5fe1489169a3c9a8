using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace Replicate.PowerShell.Host;

/// <summary>Tells what a run was started with: the outermost script with its arguments, else what was typed.</summary>
internal static class CommandLine
{
    private static readonly ScriptBlock GetCallStack = ScriptBlock.Create("Get-PSCallStack");

    /// <summary>The command to record; empty where nothing is known.</summary>
    /// <param name="cmdlet">The running cmdlet, whose callers are looked at.</param>
    /// <param name="directory">The directory that a script's path is made relative to.</param>
    /// <param name="block">What the run is, where it is a block; it counts where the outermost script is that of a pipeline's step.</param>
    internal static string Of(PSCmdlet cmdlet, string directory, ScriptBlock? block = null)
    {
        var frames = cmdlet.InvokeCommand.InvokeScript(useLocalScope: false, GetCallStack, input: null)
            .Select(frame => frame.BaseObject).OfType<CallStackFrame>().ToArray();
        var scripts = frames.Where(frame => !string.IsNullOrEmpty(frame.ScriptName)).ToArray();
        if (scripts.LastOrDefault(frame => !StepScript.Is(frame.ScriptName)) is { } script)
        {
            return Of(script, directory);
        }

        if (scripts.LastOrDefault() is { } step)
        {
            return block is not null
                ? MainProgram.Of(cmdlet, block.Ast)
                : MainProgram.Of(cmdlet, Parser.ParseFile(step.ScriptName, out _, out _));
        }

        var typed = frames.LastOrDefault()?.Position?.StartScriptPosition?.GetFullScript() ?? cmdlet.MyInvocation.Line;
        return typed.Trim();
    }

    private static string Of(CallStackFrame script, string directory)
    {
        var words = new List<string> { Quote(PathOf(script.ScriptName, directory)) };
        if (script.InvocationInfo is { MyCommand: ExternalScriptInfo } invocation)
        {
            words.AddRange(invocation.BoundParameters.Select(parameter => Argument(parameter.Key, parameter.Value)));
            words.AddRange(invocation.UnboundArguments.Select(Text));
        }

        return string.Join(' ', words);
    }

    private static string PathOf(string script, string directory)
    {
        var relative = Path.GetRelativePath(directory, script);
        return relative.StartsWith("..", StringComparison.Ordinal) ? script : relative;
    }

    private static string Argument(string name, object? value) => value switch
    {
        SwitchParameter { IsPresent: true } => $"-{name}",
        SwitchParameter => $"-{name}:$false",
        _ => $"-{name} {Text(value)}",
    };

    private static string Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "$null",
        bool truth => truth ? "$true" : "$false",
        string text => Quote(text),
        System.Security.SecureString or PSCredential => "***",
        IDictionary map => $"@{{ {string.Join("; ", map.Keys.Cast<object>().Select(key => $"{Quote($"{key}")} = {Text(map[key])}"))} }}",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        IFormattable number => Quote(number.ToString(null, CultureInfo.InvariantCulture)),
        var other => Quote(other.ToString() ?? ""),
    };

    private static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or '\\' or ':' or '+' or '=')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
