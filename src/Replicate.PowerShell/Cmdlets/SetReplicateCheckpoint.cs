using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gives checkpoints names that stand wherever an id does, moves names, and takes them off.</summary>
[Cmdlet(
    VerbsCommon.Set, "ReplicateCheckpoint", DefaultParameterSetName = ByCheckpoint,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Checkpoint))]
public sealed class SetReplicateCheckpoint : MatchCmdlet
{
    /// <summary>The names that the checkpoint gets, in place of the checkpoints that had them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The names that are taken off the checkpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string[] RemoveName { get; set; } = [];

    /// <summary>Why, for the history of the name.</summary>
    [Parameter]
    [AllowEmptyString]
    public string Reason { get; set; } = "";

    /// <summary>Has the name moved and taken off by force only from now on; <c>-Protect:$false</c> ends that.</summary>
    [Parameter]
    public SwitchParameter Protect { get; set; }

    /// <summary>Moves and takes off protected names, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the checkpoints.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override bool EndsPipeline(Exception error) =>
        error is not ReplicateException { Kind: ErrorKind.Conflict } && base.EndsPipeline(error);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name.Length == 0 && RemoveName.Length == 0)
        {
            Refuse("NothingToSet", "No name was given.", "Give -Name or -RemoveName.");
        }

        foreach (var match in Matches)
        {
            if (match.Choose().Checkpoint is not { } checkpoint)
            {
                Refuse(
                    ErrorIds.CheckpointNeeded, $"The experiment {match.Experiment.ShortId} has no checkpoint that could get a name.",
                    "Name another experiment, or a checkpoint.", match.Experiment);
                continue;
            }

            var isSet = Name.All(name => Change(checkpoint, $"Name it {name}", (names, token) => names.SetAsync(
                name, checkpoint, Reason, MyInvocation.BoundParameters.ContainsKey(nameof(Protect)) ? Protect.IsPresent : null, Force, token)));
            var isTakenOff = RemoveName.All(name => Change(
                checkpoint, $"Take the name {name} off", (names, token) => names.RemoveAsync(name, checkpoint, Reason, Force, token)));
            if (isSet && isTakenOff && PassThru)
            {
                WriteListing(checkpoint);
            }
        }
    }

    private bool Change(Checkpoint checkpoint, string action, Func<CheckpointNames, CancellationToken, Task> change)
    {
        var project = checkpoint.Experiment.Project;
        return ShouldProcess($"checkpoint {checkpoint} of experiment {checkpoint.Experiment.ShortId} in {project.Repository}", action)
            && TryRun(checkpoint, (_, token) => change(project.Names, token));
    }
}
