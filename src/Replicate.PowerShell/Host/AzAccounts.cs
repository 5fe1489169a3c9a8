using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Security;
using Replicate.Adapters;

namespace Replicate.PowerShell.Host;

/// <summary>
/// Whoever is signed in with Az PowerShell in this process, as a step AzurePowerShell of a pipeline is: other processes don't see it.
/// </summary>
internal static class AzAccounts
{
    private const string ModuleAssembly = "Microsoft.Azure.PowerShell.Cmdlets.Accounts";

    /// <summary>Asks for a token; null where the module isn't loaded, or nobody is signed in.</summary>
    public static async Task<HostToken?> FindAsync(string resource, CancellationToken cancellationToken) =>
        Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), loaded => loaded.GetName().Name == ModuleAssembly)
            ? await Task.Run(() => Ask(resource), cancellationToken).WaitAsync(cancellationToken)
            : null;

    /// <remarks>The shell of the user may be busy, and what sends is on a thread of its own. The module shares its context among shells.</remarks>
    private static HostToken? Ask(string resource)
    {
        using var shell = System.Management.Automation.PowerShell.Create(InitialSessionState.CreateDefault2());
        try
        {
            shell.AddCommand("Import-Module").AddParameter("Name", "Az.Accounts").AddParameter("ErrorAction", "Stop").AddStatement()
                .AddCommand("Get-AzAccessToken").AddParameter("ResourceUrl", resource).AddParameter("ErrorAction", "Stop");
            var answer = shell.Invoke().LastOrDefault();
            var text = answer?.Properties["Token"]?.Value switch
            {
                string plain => plain,
                SecureString secret => new NetworkCredential("", secret).Password,
                _ => null,
            };
            return text is not null && answer!.Properties["ExpiresOn"]?.Value is DateTimeOffset expires ? new HostToken(text, expires) : null;
        }
        catch (RuntimeException e)
        {
            Log.Verbose($"Az PowerShell gives no token: {e.Message}");
            return null;
        }
    }
}
