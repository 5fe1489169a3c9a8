using System.Management.Automation;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>A cmdlet that works on experiments and checkpoints alike: by id, or as objects from the pipeline.</summary>
public abstract class MatchCmdlet : ReplicateCmdlet
{
    private protected const string ById = "Id";

    /// <summary>The default of the cmdlets: in the default set, a shell would take an object for its id alone.</summary>
    private protected const string ByExperiment = "Experiment";
    private protected const string ByCheckpoint = "Checkpoint";

    /// <summary>The default of the cmdlets that have an answer where nothing is named.</summary>
    private protected const string Unnamed = "Unnamed";

    /// <summary>Ids of experiments or checkpoints; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IdCompleter))]
    public virtual string[] Id { get; set; } = [];

    /// <summary>Experiments, from the pipeline or a variable.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Experiment[] Experiment { get; set; } = [];

    /// <summary>Checkpoints, from the pipeline or a variable.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCheckpoint, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Checkpoint[] Checkpoint { get; set; } = [];

    /// <summary>What the current input stands for.</summary>
    private protected IEnumerable<Match> Matches => ParameterSetName switch
    {
        ByExperiment => Experiment.Select(experiment => new Match(experiment, null)),
        ByCheckpoint => Checkpoint.Select(checkpoint => new Match(checkpoint.Experiment, checkpoint)),
        Unnamed => MatchesOfAll(Run((progress, token) => Project.Experiments.ListAsync(null, progress, token))),
        _ => FindMatches(Id),
    };

    /// <summary>What is meant where nothing is named: all experiments.</summary>
    private protected virtual IEnumerable<Match> MatchesOfAll(IReadOnlyList<Experiment> experiments) => experiments.Select(experiment => new Match(experiment, null));
}
