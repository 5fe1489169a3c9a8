using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Deletes checkpoints with the files saved with them; their experiments stay.</summary>
[Cmdlet(
    VerbsCommon.Remove, "ReplicateCheckpoint", DefaultParameterSetName = ByCheckpoint,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveReplicateCheckpoint : ReplicateCmdlet
{
    private const string ById = "Id";
    private const string ByCheckpoint = "Checkpoint";

    /// <summary>Ids of checkpoints; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CheckpointIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Checkpoints, from the pipeline or a variable.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCheckpoint, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Checkpoint[] Checkpoint { get; set; } = [];

    /// <summary>Deletes checkpoints that have names, too, and takes their names off.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override bool EndsPipeline(Exception error) =>
        error is not ReplicateException { Id: ErrorIds.CheckpointNamed } && base.EndsPipeline(error);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var checkpoint in ParameterSetName == ByCheckpoint ? Checkpoint : Found())
        {
            var experiment = checkpoint.Experiment;
            if (ShouldProcess(
                $"checkpoint {checkpoint} of experiment {experiment.ShortId} in {experiment.Project.Repository}", "Remove"))
            {
                TryRun(checkpoint, (_, token) => experiment.DeleteCheckpointAsync(checkpoint, Force, token));
            }
        }
    }

    private IEnumerable<Checkpoint> Found()
    {
        foreach (var id in Id)
        {
            foreach (var match in FindMatches([id]))
            {
                if (match.Checkpoint is not null)
                {
                    yield return match.Checkpoint;
                }
                else if (!WildcardPattern.ContainsWildcardCharacters(id))
                {
                    Refuse(
                        "NotACheckpoint", $"'{id}' is an experiment, not a checkpoint.",
                        "Name a checkpoint, or delete the whole experiment with Remove-ReplicateExperiment.", id);
                }
            }
        }
    }
}
