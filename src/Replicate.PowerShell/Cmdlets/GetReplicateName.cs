using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gets the names of checkpoints: what each stands for, and who moved it when and why.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateName")]
[OutputType(typeof(NamedCheckpoint))]
public sealed class GetReplicateName : ReplicateCmdlet
{
    /// <summary>Only these names, wildcards included.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var project = Project;
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
                WriteObject(
                    Run((_, token) => project.Names.ListAsync(token)).Where(named => pattern.IsMatch(named.Name)).Select(Shown.Of),
                    enumerateCollection: true);
            }
            else if (TryRun(name, (_, token) => project.Names.GetAsync(name, token), out var named))
            {
                WriteObject(Shown.Of(named));
            }
        }
    }
}
