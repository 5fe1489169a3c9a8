using System.Management.Automation;
using Replicate.Charts;
using Replicate.PowerShell.Cmdlets.Base;
using Replicate.PowerShell.Host;

namespace Replicate.PowerShell.Cmdlets;

/// <summary>Plots experiments or checkpoints in the terminal, or in a browser.</summary>
[Cmdlet(VerbsCommon.Show, "ReplicatePlot", DefaultParameterSetName = Unnamed)]
[Alias("srp")]
[OutputType(typeof(string))]
public sealed class ShowReplicatePlot : PlotCmdlet
{
    private const string LineTypeName = "Replicate.PlotLine";

    /// <summary>Opens an interactive page in the browser instead.</summary>
    [Parameter]
    public SwitchParameter Browser { get; set; }

    /// <summary>The most characters of a line; by default the window's, 80 without one.</summary>
    [Parameter]
    [ValidateRange(30, 10_000)]
    public int Width { get; set; }

    /// <summary>The lines of each panel without its labels; by default what suits the number of panels.</summary>
    [Parameter]
    [ValidateRange(3, 1000)]
    public int Height { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Browser && !WebBrowser.HasUser)
        {
            Refuse(
                "NoUserForBrowser", "Nobody is at this session to see a page in a browser.",
                "Save the plot with Export-ReplicatePlot, or leave -Browser out.");
        }

        var chart = Chart();
        if (Browser)
        {
            Open(chart);
        }
        else
        {
            Draw(chart);
        }
    }

    private void Open(Chart chart)
    {
        var path = Run(async (_, token) =>
        {
            var file = Path.Combine(Directory.CreateTempSubdirectory("replicate-plot-").FullName, "plot.html");
            await ChartFile.WriteAsync(chart, file, token);
            return file;
        });
        WriteVerbose($"Wrote the plot to {path}.");
        if (WebBrowser.TryOpen(path) is { } problem)
        {
            WriteWarning($"No browser could be opened ({problem}). The page is '{path}'.");
        }
    }

    /// <summary>Emits lines of plain text. Only where a view shows them have they colours, which PowerShell takes out again for whatever takes none.</summary>
    private void Draw(Chart chart)
    {
        var width = Width > 0 ? Width : Terminal.Width(Host) is { } window ? window - 1 : TerminalChart.DefaultWidth;
        var plain = TerminalChart.Draw(chart, width, Height);
        if (!Terminal.TakesColors(this))
        {
            WriteObject(plain, enumerateCollection: true);
            return;
        }

        foreach (var (line, colored) in plain.Zip(TerminalChart.Draw(chart, width, Height, colored: true)))
        {
            var shown = new PSObject(line);
            shown.TypeNames.Insert(0, LineTypeName);
            shown.Properties.Add(new PSNoteProperty("Colored", colored));
            WriteObject(shown);
        }
    }
}
