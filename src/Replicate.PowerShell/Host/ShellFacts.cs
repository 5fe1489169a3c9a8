using System.Management.Automation;

namespace Replicate.PowerShell.Host;

/// <summary>What a shell adds to the environment of a run.</summary>
internal static class ShellFacts
{
    private static readonly ScriptBlock GetFacts = ScriptBlock.Create("$PSVersionTable.PSVersion; Get-Module");

    /// <summary>The version of PowerShell and the loaded modules with theirs.</summary>
    /// <param name="cmdlet">The running cmdlet.</param>
    internal static Dictionary<string, object> Of(PSCmdlet cmdlet)
    {
        var facts = cmdlet.InvokeCommand.InvokeScript(useLocalScope: true, GetFacts, input: null).Select(fact => fact.BaseObject).ToArray();
        var modules = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var module in facts.OfType<PSModuleInfo>())
        {
            modules[module.Name] = module.Version.ToString();
        }

        return new Dictionary<string, object>
        {
            ["powershell"] = facts[0].ToString()!,
            ["modules"] = new Dictionary<string, object>(modules),
        };
    }
}
