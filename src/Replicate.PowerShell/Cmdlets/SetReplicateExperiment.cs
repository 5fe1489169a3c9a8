using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Changes the tags and the note of experiments.</summary>
[Cmdlet(
    VerbsCommon.Set, "ReplicateExperiment", DefaultParameterSetName = ByExperiment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Experiment))]
public sealed class SetReplicateExperiment : ExperimentCmdlet
{
    /// <summary>All the tags from now on; an empty list removes them.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Tags to add.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] AddTag { get; set; } = [];

    /// <summary>Tags to remove.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] RemoveTag { get; set; } = [];

    /// <summary>The note from now on; empty for none.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Note { get; set; }

    /// <summary>Emits the experiments.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var changesTags = Tag is not null || AddTag.Length > 0 || RemoveTag.Length > 0;
        if (!changesTags && !MyInvocation.BoundParameters.ContainsKey(nameof(Note)))
        {
            Refuse("NothingToSet", "Neither tags nor a note were given.", "Give -Tag, -AddTag, -RemoveTag or -Note.");
        }

        foreach (var experiment in Experiments)
        {
            if (ShouldProcess($"experiment {experiment.ShortId} in {experiment.Project.Repository}", "Change tags and note")
                && TryRun(experiment, (_, token) => experiment.SetAsync(
                    changesTags ? (Tag ?? experiment.Tags.AsEnumerable()).Concat(AddTag).Except(RemoveTag) : null, Note, token))
                && PassThru)
            {
                WriteListing(experiment);
            }
        }
    }
}
