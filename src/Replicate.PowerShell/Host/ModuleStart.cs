using System.Management.Automation;
using Replicate.Adapters;

namespace Replicate.PowerShell.Host;

/// <summary>What happens when the module is imported: who is signed in in this session is known to the engine from then on.</summary>
public sealed class ModuleStart : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => HostSignIn.Find = AzAccounts.FindAsync;
}
