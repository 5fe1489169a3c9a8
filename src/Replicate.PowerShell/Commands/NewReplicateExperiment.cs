using System.Collections;
using System.Management.Automation;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Pipeline;

namespace Replicate.PowerShell.Commands;

/// <summary>Creates an experiment, saves its files and starts its heartbeat.</summary>
[Cmdlet(VerbsCommon.New, "ReplicateExperiment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Experiment))]
public sealed class NewReplicateExperiment : ReplicateCmdlet
{
    /// <summary>The params: a hashtable, an object with properties, or <c>$PSBoundParameters</c>.</summary>
    [Parameter(Position = 0)]
    [RecordedValues]
    public IDictionary? Params { get; set; }

    /// <summary>A file or directory to save, relative to the project directory or absolute inside it.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The command to record; by default the outermost script with its arguments, else what was typed.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Command { get; set; }

    /// <summary>Creates it without any sign of life: it never shows as running.</summary>
    [Parameter]
    public SwitchParameter NoHeartbeat { get; set; }

    /// <summary>Creates it without a heartbeat: it counts as running until it is stopped or <c>-MaxAge</c> is over.</summary>
    [Parameter]
    public SwitchParameter Detached { get; set; }

    /// <summary>How long a detached experiment counts as running; by default 24 hours.</summary>
    [Parameter]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The checkpoint to go on from, which is checked out, or an experiment for its best, else its latest.</summary>
    [Parameter]
    [CheckpointId]
    [ArgumentCompleter(typeof(IdCompleter))]
    public string? From { get; set; }

    /// <summary>Tags of the experiment.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>A note on the experiment.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Note { get; set; } = "";

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

        var options = new ExperimentOptions
        {
            Params = Params,
            Path = Path is null ? null : ToRecordedPath(Path),
            Command = Command ?? CommandLine.Of(this, project.Directory),
            Heartbeat = NoHeartbeat ? HeartbeatMode.None : Detached ? HeartbeatMode.Detached : HeartbeatMode.Beat,
            MaxAge = MaxAge,
            From = CheckOutParent(From),
            Tags = Tag,
            Note = Note,
            Environment = ShellFacts.Of(this),
        };
        WriteListing(Run(async (progress, token) =>
        {
            var experiment = await project.Experiments.CreateAsync(options, progress, token);
            return Wait ? await experiment.SyncAsync(progress, token) : experiment;
        }));
    }
}
