using System.Management.Automation;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Mends what <c>Test-ReplicateRepository</c> found, where that is possible without losing anything.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "ReplicateRepository", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RepairResult))]
public sealed class RepairReplicateRepository : ReplicateCmdlet
{
    /// <summary>What was found, or all that a check tells of.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [Alias("Findings")]
    public Finding[] Finding { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var finding in Finding)
        {
            if (ShouldProcess($"{finding.Path} in {finding.Project.Repository}", $"Mend {finding.Kind}")
                && TryRun(finding, (_, token) => finding.Project.RepairAsync(finding, token), out var result))
            {
                WriteObject(Shown.Of(result));
            }
        }
    }
}
