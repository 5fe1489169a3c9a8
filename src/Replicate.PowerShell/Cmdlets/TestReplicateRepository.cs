using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Checks that a repository is whole, and tells whether it is and what is wrong with it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ReplicateRepository")]
[OutputType(typeof(RepositoryHealth))]
public sealed class TestReplicateRepository : ReplicateCmdlet
{
    /// <summary>Looks saved files up without reading them.</summary>
    [Parameter]
    public SwitchParameter Quick { get; set; }

    /// <summary>How old what belongs to no experiment has to be, by the clock of the repository's store.</summary>
    [Parameter]
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var project = Project;
        WriteObject(Shown.Of(Run((progress, token) => project.GetHealthAsync(Quick, progress, OrphanAge, token))));
    }
}
