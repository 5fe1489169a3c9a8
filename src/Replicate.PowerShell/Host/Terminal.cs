using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Replicate.PowerShell.Host;

/// <summary>What the window of a shell can show.</summary>
internal static class Terminal
{
    private const int UsualWidth = 79;

    /// <summary>The characters of a line; null where nothing is shown in a window.</summary>
    internal static int? Width(PSHost host) => Console.IsOutputRedirected ? null : WidthOf(host, ui => ui.WindowSize);

    /// <summary>
    /// The characters of a line of a table: the window's; without a window what the environment variable COLUMNS says, as other programs
    /// take it, else what the shell lays out for.
    /// </summary>
    internal static int WidthOfTables(PSHost host)
    {
        // The shell cuts what reaches into the last column of its window.
        if (Width(host) is { } window)
        {
            return window - 1;
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0)
        {
            return columns;
        }

        return WidthOf(host, ui => ui.BufferSize) is { } buffer ? buffer - 1 : UsualWidth;
    }

    /// <summary>Whether colours are wanted: by <c>$PSStyle.OutputRendering</c>, else where a terminal shows them.</summary>
    internal static bool TakesColors(PSCmdlet cmdlet) =>
        (cmdlet.SessionState.PSVariable.GetValue("PSStyle") is { } style ? $"{PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value}" : "") switch
        {
            "Ansi" => true,
            "PlainText" => false,
            _ => !Console.IsOutputRedirected && cmdlet.Host.UI?.SupportsVirtualTerminal == true,
        };

    private static int? WidthOf(PSHost host, Func<PSHostRawUserInterface, Size> sizeOf)
    {
        try
        {
            return host.UI?.RawUI is { } ui && sizeOf(ui).Width is > 1 and var width ? width : null;
        }
        catch (Exception error) when (error is HostException or NotImplementedException or IOException)
        {
            // Hosts without a window say so in one of these ways.
            return null;
        }
    }
}
