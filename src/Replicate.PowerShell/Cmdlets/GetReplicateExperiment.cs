using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Host;
using Replicate.Queries;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Lists experiments, gets them by id, reads them again, or follows those that run.</summary>
[Cmdlet(VerbsCommon.Get, "ReplicateExperiment", DefaultParameterSetName = List)]
[Alias("grx")]
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
    public ExperimentStatus[] Status { get; set; } = [];

    /// <summary>Only experiments that have all of these tags.</summary>
    [Parameter(ParameterSetName = List)]
    [Parameter(ParameterSetName = Following)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>Only experiments created since then: a date, or how long ago, as <c>7d</c>, <c>12h</c> or <c>30m</c>.</summary>
    [Parameter(ParameterSetName = List)]
    [Since]
    public DateTime? Since { get; set; }

    /// <summary>Of those, only the newest, so many.</summary>
    [Parameter(ParameterSetName = List)]
    [ValidateRange(1, int.MaxValue)]
    public int? Last { get; set; }

    /// <summary>Of those, only the one whose best checkpoint is the best by the primary metric.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter Best { get; set; }

    /// <summary>Shows which experiment went on from which: each after the one it went on from.</summary>
    [Parameter(ParameterSetName = List)]
    public SwitchParameter Tree { get; set; }

    /// <summary>Follows the experiments that run until none does: as a live table on a console, else each when it changes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Following)]
    public SwitchParameter Follow { get; set; }

    private ExperimentQuery Query => new()
    {
        Filter = ExperimentCondition.TextsOf(Filter), Sort = Sort, Status = Status, Tags = Tag, Since = Since,
    };

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
                _found.AddRange(Choose(ExperimentCondition.Choose(
                    Filter, Run((progress, token) => project.Experiments.ListAsync(Query, progress, token)))));
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

    private Experiment[] Choose(IReadOnlyList<Experiment> fitting)
    {
        var newest = Last is { } count ? fitting.OrderByDescending(experiment => experiment.Metadata.Created).Take(count).ToHashSet() : null;
        Experiment[] chosen = [.. fitting.Where(experiment => newest?.Contains(experiment) ?? true)];
        if (!Best)
        {
            return chosen;
        }

        var best = BestRun.Of(chosen);
        if (best is null && chosen.Length > 0)
        {
            WriteWarning("None of these experiments is the best: no checkpoint names a primary metric and has a number for it.");
        }

        return best is null ? [] : [best];
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
                table.Show(shown, following.BestNews);
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
