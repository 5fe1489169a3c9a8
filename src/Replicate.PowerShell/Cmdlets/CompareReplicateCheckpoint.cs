using System.Management.Automation;
using Replicate.Comparisons;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Views;
using Replicate.Queries;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Tells what differs between two or more checkpoints; an experiment stands for its best, else its latest.</summary>
[Cmdlet(VerbsData.Compare, "ReplicateCheckpoint", DefaultParameterSetName = Unnamed)]
[Alias("crc")]
[OutputType(typeof(Difference), typeof(FileDifference))]
public sealed class CompareReplicateCheckpoint : MatchCmdlet
{
    private readonly List<Match> _sides = [];

    /// <summary>Ids of two or more experiments or checkpoints; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IdCompleter))]
    public override string[] Id { get; set; } = [];

    /// <summary>Compares the saved files too, text line by line.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <summary>Compares only these files and directories, wildcards included.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SavedPathCompleter))]
    public string[]? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _sides.AddRange(Matches);

    /// <summary>The best experiment and the latest other one.</summary>
    private protected override IEnumerable<Match> MatchesOfAll(IReadOnlyList<Experiment> experiments)
    {
        var best = BestRun.Of(experiments);
        var latest = experiments.OrderByDescending(experiment => experiment.Metadata.Created).FirstOrDefault(experiment => experiment != best);
        return new[] { best, latest }.OfType<Experiment>().Select(experiment => new Match(experiment, null));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_sides.Count < 2)
        {
            Refuse(
                ErrorIds.TooFewToCompare, $"There is nothing to compare with: {_sides.Count} of at least 2 were found.",
                "Name or pipe two or more experiments or checkpoints.");
        }

        foreach (var side in _sides.Where(side => side.Checkpoint is null))
        {
            var chosen = side.Choose();
            WriteVerbose(chosen.Checkpoint is null
                ? $"Experiment {side.Experiment.ShortId} has no checkpoint."
                : $"Experiment {side.Experiment.ShortId} stands for its checkpoint {Value.Escape($"{chosen}")}.");
        }

        var differences = Comparison.Between(_sides);
        if (File || Path is not null)
        {
            var files = Run((progress, token) => FileComparison.BetweenAsync(_sides, SavedPaths.Including(Path), progress, token));
            differences = [.. differences, .. files];
        }

        WriteObject(DifferenceListing.Show(differences), enumerateCollection: true);
    }
}
