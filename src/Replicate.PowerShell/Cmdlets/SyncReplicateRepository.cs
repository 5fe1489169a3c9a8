using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Sends what this machine recorded for a remote repository and that waits, and brings the index of this machine and the repository's catalog up to date.</summary>
[Cmdlet(VerbsData.Sync, "ReplicateRepository", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class SyncReplicateRepository : ReplicateCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var project = Project;
        if (ShouldProcess(project.Repository, "Send what waits"))
        {
            var sent = Run((progress, token) => project.SyncAsync(progress, token));
            var listed = Run((progress, token) => project.Experiments.RefreshAsync(progress, token));
            WriteVerbose($"{sent} operations were sent; the repository has {listed} experiments.");
        }
    }
}
