using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Replicate.PowerShell.Host;

/// <summary>The location of the shell in the file system, which isn't that of the process.</summary>
internal static class ShellLocation
{
    /// <summary>That of the shell on this thread; where there is none, that of the process.</summary>
    // A command would first have its module loaded.
    internal static string Current => Runspace.DefaultRunspace is null ? Environment.CurrentDirectory : LanguagePrimitives.ConvertTo<string>(
        ScriptBlock.Create("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath").InvokeReturnAsIs());
}
