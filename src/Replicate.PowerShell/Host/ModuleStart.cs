using System.Management.Automation;
using Replicate.Adapters;
using Replicate.PowerShell.Views;

namespace Replicate.PowerShell.Host;

/// <summary>
/// What happens when the module is imported: what a shell sees of experiments and checkpoints is told by our adapters, and who is signed in
/// in this session is known to the engine from then on.
/// </summary>
public sealed class ModuleStart : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport()
    {
        HostSignIn.Find = AzAccounts.FindAsync;

        // A type file is read before the assembly that has the adapters.
        ScriptBlock.Create(
            """
            param($Adapters)
            foreach ($type in $Adapters.Keys) { Microsoft.PowerShell.Utility\Update-TypeData -TypeName $type -TypeAdapter $Adapters[$type] -Force }
            """).Invoke(new Dictionary<string, Type>
            {
                [typeof(Experiment).FullName!] = typeof(ExperimentAdapter), [typeof(Checkpoint).FullName!] = typeof(CheckpointAdapter),
            });
    }
}
