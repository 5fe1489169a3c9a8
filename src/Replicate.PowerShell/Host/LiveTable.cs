using System.Globalization;
using System.Management.Automation;
using System.Text;
using Replicate.Charts;
using Replicate.PowerShell.Views;
using Replicate.Queries;

namespace Replicate.PowerShell.Host;

/// <summary>A table of experiments on a console that is drawn anew in its place.</summary>
internal sealed class LiveTable : IDisposable
{
    private const int CurveHeight = 6;
    private const int LeastChartWidth = 30;
    private const int MostCurves = 8;
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearToEndOfLine = "\e[K";
    private const string ClearBelow = "\e[J";
    private const string ClearAll = "\e[2J\e[H";

    // A table is laid out as text, in colour where the console would show it so.
    private static readonly ScriptBlock Format = ScriptBlock.Create(
        """
        param($Experiments, $Width)
        $rendering = $PSStyle.OutputRendering
        try {
            if ($rendering -eq 'Host') { $PSStyle.OutputRendering = 'Ansi' }
            $Experiments | Microsoft.PowerShell.Utility\Out-String -Stream -Width $Width
        }
        finally { $PSStyle.OutputRendering = $rendering }
        """);

    private readonly PSCmdlet _cmdlet;
    private int _height;
    private int _width;

    private LiveTable(PSCmdlet cmdlet) => _cmdlet = cmdlet;

    /// <summary>The table of a cmdlet; null where nobody sees it redrawn: in the middle of a pipeline, in a redirect, without a console.</summary>
    internal static LiveTable? On(PSCmdlet cmdlet) =>
        cmdlet.Host.Name == "ConsoleHost" && !Console.IsOutputRedirected && !Console.IsInputRedirected
        && cmdlet.MyInvocation.PipelinePosition == cmdlet.MyInvocation.PipelineLength
            ? new LiveTable(cmdlet)
            : null;

    /// <summary>Draws the experiments, and below them the way of their primary metric, in place of what was drawn before.</summary>
    /// <param name="experiments">The experiments.</param>
    /// <param name="news">What is said below them; empty for nothing.</param>
    internal void Show(IReadOnlyList<Experiment> experiments, string news)
    {
        var window = _cmdlet.Host.UI.RawUI.WindowSize;
        var lines = _cmdlet.InvokeCommand
            .InvokeScript(useLocalScope: true, Format, input: null, Listing.Show(experiments).ToArray(), Math.Max(1, window.Width - 1))
            .Select(line => line.ToString()).Where(line => line.Length > 0).ToList();
        var running = experiments.Count(experiment => experiment.IsRunning);
        var room = Math.Max(1, window.Height - 2);
        var hidden = Math.Max(0, lines.Count - room);
        lines.RemoveRange(lines.Count - hidden, hidden);
        lines.AddRange(Below(experiments, news, window.Width - 1).TakeWhile((_, i) => lines.Count + i < room));
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{running} running{(hidden > 0 ? $", {hidden} more lines" : "")}, {DateTime.Now:HH:mm:ss}{(running > 0 ? "; Ctrl+C ends" : "")}"));

        // A narrower window has wrapped what was drawn: nobody knows over how many lines.
        var back = _height == 0 ? "" : window.Width == _width ? $"\e[{_height}F" : ClearAll;
        var text = new StringBuilder(HideCursor).Append(back);
        foreach (var line in lines)
        {
            text.Append(line).Append(ClearToEndOfLine).Append('\n');
        }

        _cmdlet.Host.UI.Write(text.Append(ClearBelow).ToString());
        (_height, _width) = (lines.Count, window.Width);
    }

    /// <summary>The news, how long each run goes on, and the curves of what runs.</summary>
    private static IEnumerable<string> Below(IReadOnlyList<Experiment> experiments, string news, int width)
    {
        var left = experiments.Select(experiment => (experiment.ShortId, Left: TimeLeft.Of(experiment))).Where(run => run.Left is not null)
            .Select(run => $"{run.ShortId} {Moments.Rough(run.Left!.Value)}").ToArray();
        return new[] { news, left.Length > 0 ? $"About left: {string.Join(", ", left)}" : "" }
            .Where(line => line.Length > 0).Select(line => TextCells.Cut(line, width))
            .Concat(Curves([.. experiments.Where(experiment => experiment.IsRunning)], width));
    }

    private static IReadOnlyList<string> Curves(IReadOnlyList<Experiment> running, int width)
    {
        var metric = BestRun.MetricOf(running);
        Match[] shown = metric is null ? [] : [.. running.Where(experiment => BestRun.IsBy(metric, experiment)).Take(MostCurves).Select(experiment => new Match(experiment, null))];
        return shown.Length == 0 || width < LeastChartWidth ? [] : TerminalChart.Draw(
            Chart.Of(shown, new ChartOptions { Metrics = [metric!.Name] }), width, CurveHeight);
    }

    /// <summary>Leaves the table where it is.</summary>
    public void Dispose() => _cmdlet.Host.UI.Write(ShowCursor);
}
