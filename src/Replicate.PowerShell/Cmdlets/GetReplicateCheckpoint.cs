using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Gets checkpoints by id, or those of experiments.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateCheckpoint", DefaultParameterSetName = Unnamed)]
[Alias("grc")]
[OutputType(typeof(Checkpoint))]
public sealed class GetReplicateCheckpoint : MatchCmdlet
{
    private readonly List<Checkpoint> _found = [];

    /// <summary>Of an experiment, only its best checkpoint by the primary metric.</summary>
    [Parameter]
    public SwitchParameter Best { get; set; }

    /// <summary>Of an experiment, only its latest checkpoint; with <c>-Best</c>, both.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var match in Matches)
        {
            _found.AddRange(match.Checkpoint is { } checkpoint ? [checkpoint] : CheckpointsOf(match.Experiment));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteListing(_found);

    private IEnumerable<Checkpoint> CheckpointsOf(Experiment experiment)
    {
        if (!Best && !Latest)
        {
            return experiment.Checkpoints;
        }

        var best = Best ? experiment.Best() : null;
        if (Best && best is null)
        {
            WriteVerbose($"Experiment {experiment.ShortId} has no best checkpoint: no checkpoint names a primary metric and has a number for it.");
        }

        if (best is { HasFiles: false, MissingFiles.Count: 0 } && best.FilesWarning("best") is { Length: > 0 } notice)
        {
            WriteWarning(notice);
        }

        return new[] { best, Latest ? experiment.Latest() : null }.OfType<Checkpoint>().Distinct();
    }
}
