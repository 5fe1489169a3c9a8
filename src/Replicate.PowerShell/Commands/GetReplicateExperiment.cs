using System.Management.Automation;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Commands;

/// <summary>Lists experiments, gets them by id, or reads them again.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateExperiment", DefaultParameterSetName = List)]
[OutputType(typeof(Experiment))]
public sealed class GetReplicateExperiment : ReplicateCmdlet
{
    private const string List = "List";
    private const string ById = "Id";
    private const string ByExperiment = "Experiment";

    private readonly List<Experiment> _found = [];

    /// <summary>Ids of experiments; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ExperimentIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Experiments to read again, from the pipeline or a variable; new objects are emitted.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByExperiment, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public Experiment[] Experiment { get; set; } = [];

    /// <summary>Conditions that must all hold, such as <c>'loss &lt; 0.2'</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public string[] Filter { get; set; } = [];

    /// <summary>The name to sort by, with an optional <c>-desc</c> or <c>-asc</c>; by default <c>created</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SortCompleter))]
    public string? Sort { get; set; }

    /// <summary>Only experiments of these statuses.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateNotNullOrEmpty]
    public ExperimentStatus[]? Status { get; set; }

    /// <summary>Shows which experiment went on from which: each after the one it went on from.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter Tree { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ById:
                _found.AddRange(FindExperiments(Id));
                break;
            case ByExperiment:
                foreach (var experiment in Experiment)
                {
                    if (TryRun(experiment, (_, token) => experiment.Project.Experiments.GetAsync(experiment.Id, token), out var fresh))
                    {
                        _found.Add(fresh);
                    }
                }

                break;
            default:
                var project = Project;
                var query = new ExperimentQuery { Filter = Filter, Sort = Sort };
                var all = Run((progress, token) => project.Experiments.ListAsync(query, progress, token));
                _found.AddRange(Status is null ? all : all.Where(experiment => Status.Contains(experiment.Status)));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Tree)
        {
            WriteTree(_found);
        }
        else
        {
            WriteListing(_found);
        }
    }
}
