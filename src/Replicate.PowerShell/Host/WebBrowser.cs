using System.ComponentModel;
using System.Diagnostics;

namespace Replicate.PowerShell.Host;

/// <summary>Opens pages for whoever sits at the shell.</summary>
internal static class WebBrowser
{
    private const string NonInteractive = "NonInteractive";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Whether somebody is there to see a page: not in a pipeline, with input from elsewhere, or in a shell that may not ask.</summary>
    internal static bool HasUser =>
        Environment.UserInteractive && !Console.IsInputRedirected && CiJob.Current is null
        && !Array.Exists(Environment.GetCommandLineArgs(), IsNonInteractive);

    /// <summary>Opens a page with what the system opens pages with.</summary>
    /// <param name="path">The page's file.</param>
    /// <returns>Why it could not be opened; null where nothing speaks against it.</returns>
    internal static string? TryOpen(string path)
    {
        try
        {
            // On Linux and macOS the runtime asks xdg-open and open.
            using var opener = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });

            // It ends at once where it hands the page to a browser; a browser itself goes on.
            return opener is not null && opener.WaitForExit(Timeout) && opener.ExitCode != 0
                ? $"exit code {opener.ExitCode}"
                : null;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            return error.Message;
        }
    }

    /// <summary>A shell takes beginnings of its parameters, too.</summary>
    private static bool IsNonInteractive(string argument) =>
        argument.StartsWith('-') && argument.TrimStart('-') is { Length: >= 4 } name
        && NonInteractive.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
