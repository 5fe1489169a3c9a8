using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Queries;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Lists experiments, gets them by id, reads them again, or follows those that run.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateExperiment", DefaultParameterSetName = List)]
[OutputType(typeof(Experiment))]
public sealed class GetReplicateExperiment : ExperimentCmdlet
{
    private const string List = "List";
    private const string Following = "Follow";

    private readonly List<Experiment> _found = [];

    /// <summary>Conditions that must all hold, such as <c>'loss &lt; 0.2'</c> or <c>{ $_.loss -lt 0.2 }</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [Parameter(ParameterSetName = Following)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public ExperimentCondition[] Filter { get; set; } = [];

    /// <summary>The name to sort by, with an optional <c>-desc</c> or <c>-asc</c>; by default <c>created</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [Parameter(ParameterSetName = Following)]
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

    /// <summary>Follows the experiments that run until none does: as a live table on a console, else each when it changes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Following)]
    public SwitchParameter Follow { get; set; }

    private ExperimentQuery Query => new() { Filter = ExperimentCondition.TextsOf(Filter), Sort = Sort };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var project = Project;
        switch (ParameterSetName)
        {
            case ById:
                _found.AddRange(Experiments);
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
            case List:
                var all = ExperimentCondition.Choose(
                    Filter, Run((progress, token) => project.Experiments.ListAsync(Query, progress, token)));
                _found.AddRange(Status is null ? all : all.Where(experiment => Status.Contains(experiment.Status)));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Follow)
        {
            FollowRunning();
        }
        else if (Tree)
        {
            WriteTree(_found);
        }
        else
        {
            WriteListing(_found);
        }
    }

    private void FollowRunning()
    {
        var following = new RunningExperiments(Project, Query);
        using var table = LiveTable.On(this);
        var (shown, changed) = Chosen(Run((progress, token) => following.BeginAsync(progress, token)));
        while (true)
        {
            if (table is null)
            {
                WriteListing(changed);
            }
            else
            {
                table.Show(shown);
            }

            if (!shown.Any(experiment => experiment.IsRunning))
            {
                break;
            }

            (shown, changed) = Chosen(Run((_, token) => following.NextAsync(token)));
        }

        if (shown.Count == 0)
        {
            WriteWarning("Nothing is running.");
        }
    }

    private (IReadOnlyList<Experiment> Shown, IReadOnlyList<Experiment> Changed) Chosen(
        (IReadOnlyList<Experiment> All, IReadOnlyList<Experiment> Changed) found)
    {
        var shown = ExperimentCondition.Choose(Filter, found.All);
        return (shown, [.. found.Changed.Where(shown.Contains)]);
    }
}
