using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Deletes experiments with their checkpoints and all files saved with them.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ReplicateExperiment", DefaultParameterSetName = ByExperiment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveReplicateExperiment : ExperimentCmdlet
{
    /// <summary>Deletes experiments with checkpoints that have names, too, and takes their names off.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool EndsPipeline(Exception error) =>
        error is not ReplicateException { Id: ErrorIds.CheckpointNamed } && base.EndsPipeline(error);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var experiment in Experiments)
        {
            var target = experiment.Checkpoints.Count switch
            {
                0 => $"experiment {experiment.ShortId}",
                1 => $"experiment {experiment.ShortId} and its checkpoint",
                var count => $"experiment {experiment.ShortId} and its {count} checkpoints",
            };
            if (ShouldProcess($"{target} in {experiment.Project.Repository}", "Remove"))
            {
                TryRun(experiment, (_, token) => experiment.DeleteAsync(Force, token));
            }
        }
    }
}
