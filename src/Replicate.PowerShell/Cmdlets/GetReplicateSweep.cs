using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.PowerShell.Views;
using Replicate.Queries;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gets the sweeps of a repository: how many of their runs are done, which is the best, how long they go on.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateSweep")]
[OutputType(typeof(Sweep))]
public sealed class GetReplicateSweep : ReplicateCmdlet
{
    /// <summary>Only sweeps of these names, wildcards included.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SweepCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var project = Project;
        var sweeps = Run((progress, token) => project.Experiments.ListSweepsAsync(progress, token));
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var found = sweeps.Where(sweep => pattern.IsMatch(sweep.Name)).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(ErrorRecords.From(Sweep.NotFound(name), name));
            }

            WriteObject(found.Select(Shown.Of), enumerateCollection: true);
        }
    }
}
