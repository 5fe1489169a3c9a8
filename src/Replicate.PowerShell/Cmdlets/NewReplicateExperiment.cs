using System.Collections;
using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Host;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Creates an experiment, saves its files and starts its heartbeat.</summary>
[Cmdlet(VerbsCommon.New, "ReplicateExperiment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[Alias("nrx")]
[OutputType(typeof(Experiment))]
public sealed class NewReplicateExperiment : CreatingCmdlet
{
    /// <summary>The params: a hashtable, an object with properties, or <c>$PSBoundParameters</c>.</summary>
    [Parameter(Position = 0)]
    [RecordedValues]
    public IDictionary? Params { get; set; }

    /// <summary>A file or directory to save, relative to the project directory or absolute inside it.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Creates it without any sign of life: it never shows as running.</summary>
    [Parameter]
    public SwitchParameter NoHeartbeat { get; set; }

    /// <summary>Creates it without a heartbeat: it counts as running until it is stopped or <c>-MaxAge</c> is over.</summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <summary>How long a detached experiment counts as running; by default 24 hours.</summary>
    [Parameter]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Makes what was recorded survive a power failure before it returns.</summary>
    [Parameter]
    public SwitchParameter Durable { get; set; }

    /// <summary>Waits until a remote repository has it.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (NoHeartbeat && Detached)
        {
            Refuse(
                "HeartbeatAmbiguous", "-NoHeartbeat and -Detached exclude each other.",
                "Use -Detached where other processes add to the experiment, -NoHeartbeat where it need not show as running.");
        }

        var project = Project;
        if (!ShouldProcess(project.Repository, "Create an experiment"))
        {
            return;
        }

        var options = OptionsFor(Params, Path) with
        {
            Heartbeat = NoHeartbeat ? HeartbeatMode.None : Detached ? HeartbeatMode.Detached : HeartbeatMode.Beat,
            MaxAge = MaxAge,
            IsDurable = Durable,
        };
        WriteListing(Run(async (progress, token) =>
        {
            var experiment = await project.Experiments.CreateAsync(options, progress, token);
            return Wait ? await experiment.SyncAsync(progress, token) : experiment;
        }));
    }
}
