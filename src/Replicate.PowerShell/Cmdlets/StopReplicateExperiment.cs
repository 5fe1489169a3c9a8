using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Stops experiments and records how they ended.</summary>
[Cmdlet(
    VerbsLifecycle.Stop, "ReplicateExperiment", DefaultParameterSetName = ByExperiment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[Alias("srx")]
[OutputType(typeof(Experiment))]
public sealed class StopReplicateExperiment : ExperimentCmdlet
{
    /// <summary>The exit code of the training program; other than 0, the experiment failed.</summary>
    [Parameter]
    public int? ExitCode { get; set; }

    /// <summary>How it ended: Completed, Failed or Interrupted; by default what the exit code tells.</summary>
    [Parameter]
    [ValidateSet("Completed", "Failed", "Interrupted")]
    public ExperimentStatus? Status { get; set; }

    /// <summary>Emits the experiments.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var status = Status ?? (ExitCode is null or 0 ? ExperimentStatus.Completed : ExperimentStatus.Failed);
        foreach (var experiment in Experiments)
        {
            if (ShouldProcess($"experiment {experiment.ShortId} in {experiment.Project.Repository}", $"Stop as {status}")
                && TryRun(experiment, (progress, token) => experiment.StopAsync(status, ExitCode, progress, token))
                && PassThru)
            {
                WriteListing(experiment);
            }
        }
    }
}
