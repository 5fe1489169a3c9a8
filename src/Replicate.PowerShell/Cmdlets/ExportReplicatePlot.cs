using System.Management.Automation;
using Replicate.Charts;
using Replicate.PowerShell.Cmdlets.Base;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Saves a plot of experiments or checkpoints as an interactive page or an image.</summary>
[Cmdlet(VerbsData.Export, "ReplicatePlot", DefaultParameterSetName = Unnamed, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(FileInfo))]
public sealed class ExportReplicatePlot : PlotCmdlet
{
    /// <summary>The file to write, over what is there: <c>.html</c> for a page, <c>.svg</c> for an image.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string OutFile { get; set; } = "";

    /// <summary>Emits the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Run((_, _) =>
    {
        ChartFile.Check(OutFile);
        return Task.FromResult(true);
    });

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var path = ResolvePath(OutFile);
        var chart = Chart();
        if (!ShouldProcess(path, "Write the plot"))
        {
            return;
        }

        Run(
            async (_, token) =>
            {
                await ChartFile.WriteAsync(chart, path, token);
                return true;
            },
            path);
        WriteVerbose($"Wrote the plot to {path}.");
        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }
}
