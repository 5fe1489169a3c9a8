using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gets the project of the current directory: its directory, repository and configuration.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateProject")]
[OutputType(typeof(Project))]
public sealed class GetReplicateProject : ReplicateCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(Shown.Of(Project));
}
