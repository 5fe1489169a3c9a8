using System.Management.Automation;
using Replicate.Adapters;
using Replicate.PowerShell.Completion;
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
        WorkingDirectory.Find = () => ShellLocation.Current;

        // A type file is read before the assembly that has the adapters.
        ScriptBlock.Create(
            """
            param($Adapters, $Commands)
            foreach ($type in $Adapters.Keys) { Microsoft.PowerShell.Utility\Update-TypeData -TypeName $type -TypeAdapter $Adapters[$type] -Force }
            foreach ($each in $Commands) {
                Microsoft.PowerShell.Core\Register-ArgumentCompleter -CommandName $each.Item1 -ParameterName $each.Item2 -ScriptBlock {
                    [Replicate.PowerShell.Completion.PipedPropertyCompleter]::Complete($args[0], $args[1], $args[2], $args[3], $args[4])
                }
            }
            """).Invoke(
                new Dictionary<string, Type>
                {
                    [typeof(Experiment).FullName!] = typeof(ExperimentAdapter), [typeof(Checkpoint).FullName!] = typeof(CheckpointAdapter),
                },
                PipedPropertyCompleter.Commands);
    }
}
