using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Host;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Copies experiments with their checkpoints and saved files to another repository.</summary>
[Cmdlet(
    VerbsCommon.Copy, "ReplicateExperiment", DefaultParameterSetName = ByExperiment,
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Experiment))]
public sealed class CopyReplicateExperiment : ExperimentCmdlet
{
    private readonly List<Experiment> _chosen = [];

    private Project? _target;

    /// <summary>The URL of the repository to copy to, such as <c>s3://bucket/root</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Replaces experiments of the same id that have another content there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emits the experiments of the other repository.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _target = Run((_, _) => Task.FromResult(
        Project.Open(WorkingDirectory, ToRepository(Destination), ProjectDirectory is null ? null : ResolvePath(ProjectDirectory))), Destination);

    /// <inheritdoc/>
    protected override void ProcessRecord() => _chosen.AddRange(Experiments.Where(experiment => ShouldProcess(
        $"experiment {experiment.ShortId} in {experiment.Project.Repository}", $"Copy to {_target!.Repository}")));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_chosen.Count == 0)
        {
            return;
        }

        var results = Run((progress, token) => _target!.Experiments.CopyFromAsync(_chosen, Force, progress, token), Destination);
        foreach (var failed in results.Where(result => result.Error is not null))
        {
            WriteError(ErrorRecords.From(failed.Error!, failed.Source));
        }

        if (PassThru)
        {
            WriteListing(results.Select(result => result.Copy).OfType<Experiment>().ToArray());
        }
    }
}
