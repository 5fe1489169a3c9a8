using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Completion;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Writes the configuration file of a project, and an ignore file to begin with.</summary>
[Cmdlet(VerbsData.Initialize, "ReplicateProject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Project))]
public sealed class InitializeReplicateProject : ReplicateCmdlet
{
    private const string DefaultRepository = "file://.replicate";

    /// <summary>The metric that decides which checkpoint is best where none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string? PrimaryMetric { get; set; }

    /// <summary>Whether less or more of the primary metric is better: <c>minimize</c> or <c>maximize</c>.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GoalCompleter))]
    public string? Goal { get; set; }

    /// <summary>Replaces a configuration file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var directory = ProjectDirectory is null ? WorkingDirectory : ResolvePath(ProjectDirectory);
        var metric = PrimaryMetricOf(PrimaryMetric, Goal);
        if (ShouldProcess(directory, "Write the configuration file of a project"))
        {
            WriteObject(Shown.Of(Run((_, _) => Task.FromResult(Project.Initialize(directory, ToRepository(Repository) ?? DefaultRepository, metric, Force)))));
        }
    }
}
