using System.Management.Automation;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>A cmdlet that works on experiments: by id, or as objects from the pipeline.</summary>
public abstract class ExperimentCmdlet : ReplicateCmdlet
{
    private protected const string ById = "Id";

    /// <summary>The default of the cmdlets: in the default set, a shell would take an object for its id alone.</summary>
    private protected const string ByExperiment = "Experiment";

    /// <summary>Ids of experiments; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Experiments, from the pipeline or a variable.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Experiment[] Experiment { get; set; } = [];

    /// <summary>The experiments that the current input names.</summary>
    private protected IEnumerable<Experiment> Experiments =>
        ParameterSetName == ByExperiment ? Experiment : FindExperiments(Id);
}
