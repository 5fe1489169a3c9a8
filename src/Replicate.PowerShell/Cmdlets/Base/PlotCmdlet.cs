using System.Management.Automation;
using Replicate.Charts;
using Replicate.PowerShell.Completion;

namespace Replicate.PowerShell.Cmdlets.Base;

/// <summary>A cmdlet that plots the experiments and checkpoints that come through the pipeline.</summary>
public abstract class PlotCmdlet : MatchCmdlet
{
    private readonly List<Match> _matches = [];

    /// <summary>Ids of experiments or checkpoints; an unambiguous prefix is enough, and wildcards match several.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ById, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IdCompleter))]
    public override string[] Id { get; set; } = [];

    /// <summary>The metrics, a panel each; by default the primary metric that the experiments share.</summary>
    [Parameter(Position = 0)]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string[] Metric { get; set; } = [];

    /// <summary>The param to plot the metrics against, in place of the steps.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ParamCompleter))]
    public string? Param { get; set; }

    /// <summary>Makes the horizontal axis logarithmic.</summary>
    [Parameter]
    public SwitchParameter LogX { get; set; }

    /// <summary>Makes the vertical axis logarithmic.</summary>
    [Parameter]
    public SwitchParameter LogY { get; set; }

    /// <summary>Averages lines exponentially over about so many checkpoints; the values themselves stay as dots.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Smooth { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _matches.AddRange(Matches);

    /// <summary>The chart of all that came in.</summary>
    private protected Chart Chart() => Run((_, _) => Task.FromResult(Charts.Chart.Of(
        _matches, new ChartOptions { Metrics = Metric, Param = Param, LogX = LogX, LogY = LogY, Smooth = Smooth })));
}
