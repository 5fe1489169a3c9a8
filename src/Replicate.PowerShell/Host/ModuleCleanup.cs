using System.Management.Automation;
using Replicate.Runs;

namespace Replicate.PowerShell.Host;

/// <summary>What happens when the module is removed: experiments of this process stop showing as running when the commands that could stop them go.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => new EnginePump(cmdlet: null).Run(
        async (_, _) =>
        {
            await ActiveRuns.EndAsync();
            return true;
        },
        CancellationToken.None);
}
