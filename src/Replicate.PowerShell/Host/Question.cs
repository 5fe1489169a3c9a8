using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Replicate.PowerShell.Host;

/// <summary>Asks whoever sits at the console before something is lost or sent.</summary>
internal static class Question
{
    private const int Yes = 0;
    private const int No = 1;

    /// <summary>Asks; a bare Enter is a no, other than with <c>ShouldContinue</c>.</summary>
    /// <param name="host">The shell's host.</param>
    /// <param name="caption">What is about to be done.</param>
    /// <param name="message">The question.</param>
    /// <param name="yes">What a yes means.</param>
    /// <returns>The answer; null where nobody can be asked.</returns>
    internal static bool? Ask(PSHost host, string caption, string message, string yes)
    {
        if (Console.IsInputRedirected || host.UI is not { } ui)
        {
            return null;
        }

        try
        {
            Collection<ChoiceDescription> choices =
            [
                new("&Yes", yes),
                new("&No", "Change nothing."),
            ];
            return ui.PromptForChoice(caption, message, choices, No) == Yes;
        }
        catch (Exception error) when (error is PSInvalidOperationException or HostException or NotImplementedException)
        {
            return null;
        }
    }
}
