using System.Management.Automation;
using Replicate.Comparisons;

namespace Replicate.PowerShell.Views;

/// <summary>The colours of the views, as a shell's <c>$PSStyle</c> has them.</summary>
/// <param name="style">The shell's <c>$PSStyle</c>; null for a shell without one, where nothing is coloured.</param>
internal sealed class Colors(object? style)
{
    private const string Red = "Foreground.Red";
    private const string Green = "Foreground.Green";

    internal string Of(ExperimentStatus status, string text) => Paint(text, status switch
    {
        ExperimentStatus.Running => Green,
        ExperimentStatus.Failed => "Formatting.Error",
        ExperimentStatus.Lost or ExperimentStatus.Interrupted => "Formatting.Warning",
        _ => null,
    });

    internal string OfHeading(string text) => Paint(text, "Formatting.TableHeader");

    internal string Of(FileChange change, string text) => Paint(text, change switch
    {
        FileChange.Added => Green,
        FileChange.Removed => Red,
        _ => "Bold",
    });

    internal string Of(PatchLine line) => Paint(line.Text, line.Kind switch
    {
        PatchLineKind.Name => "Bold",
        PatchLineKind.Place => "Foreground.Cyan",
        PatchLineKind.Removed => Red,
        PatchLineKind.Added => Green,
        _ => null,
    });

    internal string Of(LogLine line) => Paint(line.ToString(), line.Stream == LogStream.Note ? "Formatting.Warning" : null);

    private string Paint(string text, string? color) =>
        color is null || style is null || text.Length == 0 ? text : $"{Sequence(color)}{text}{Sequence("Reset")}";

    private string? Sequence(string path) => path.Split('.').Aggregate(
        style, (owner, name) => owner is null ? null : PSObject.AsPSObject(owner).Properties[name]?.Value)?.ToString();
}
