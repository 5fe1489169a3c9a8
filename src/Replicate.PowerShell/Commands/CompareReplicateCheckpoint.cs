using System.Management.Automation;
using Replicate.Comparisons;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Commands;

/// <summary>Tells what differs between two or more checkpoints; an experiment stands for its best, else its latest.</summary>
[Cmdlet(VerbsData.Compare, "ReplicateCheckpoint", DefaultParameterSetName = ByExperiment)]
[OutputType(typeof(Difference))]
public sealed class CompareReplicateCheckpoint : MatchCmdlet
{
    private const string ManyTypeName = "Replicate.Difference#Many";

    private readonly List<Match> _sides = [];

    /// <summary>Ids of two or more experiments or checkpoints; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IdCompleter))]
    public override string[] Id { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => _sides.AddRange(Matches);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_sides.Count < 2)
        {
            Refuse(
                "TooFewToCompare", $"There is nothing to compare with: {_sides.Count} of at least 2 were found.",
                "Name or pipe two or more experiments or checkpoints.");
        }

        foreach (var side in _sides.Where(side => side.Checkpoint is null))
        {
            WriteVerbose(side.Representative is { } checkpoint
                ? $"Experiment {side.Experiment.ShortId} stands for its checkpoint {checkpoint}."
                : $"Experiment {side.Experiment.ShortId} has no checkpoint.");
        }

        foreach (var difference in Comparison.Between(_sides))
        {
            var shown = new PSObject(difference);
            if (_sides.Count > 2)
            {
                shown.TypeNames.Insert(0, ManyTypeName);
            }

            WriteObject(shown);
        }
    }
}
