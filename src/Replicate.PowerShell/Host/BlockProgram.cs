using System.Management.Automation;
using System.Text;

namespace Replicate.PowerShell.Host;

/// <summary>
/// A script block as a program of its own, a PowerShell that runs nothing else: several blocks at once would share the
/// variables of one process, by which each knows its experiment.
/// </summary>
internal static class BlockProgram
{
    /// <summary>The program and its arguments. The block finds the params in <c>$_</c>, and this module imported.</summary>
    /// <param name="cmdlet">The running cmdlet.</param>
    /// <param name="block">The block. It sees no variable of the session.</param>
    internal static (string FileName, string[] Arguments) Of(PSCmdlet cmdlet, ScriptBlock block)
    {
        var home = (string)cmdlet.SessionState.PSVariable.GetValue("PSHOME");
        var script = $$"""
            Import-Module '{{cmdlet.MyInvocation.MyCommand.Module.Path.Replace("'", "''", StringComparison.Ordinal)}}'
            $global:LASTEXITCODE = 0
            try {
                $env:REPLICATE_PARAMS | ConvertFrom-Json -AsHashtable | ForEach-Object {
            {{block}}
                }
            }
            catch {
                [Console]::Error.WriteLine($_)
                for ($cause = $_.Exception; $cause -and $cause -isnot [Management.Automation.NativeCommandExitException]; $cause = $cause.InnerException) { }
                exit $($cause ? $cause.ExitCode : $LASTEXITCODE ? $LASTEXITCODE : 1)
            }
            exit $LASTEXITCODE
            """;
        var encoded = Convert.ToBase64String(Encoding.Unicode.GetBytes(script));
        return (
            Path.Combine(home, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"),
            ["-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", encoded]);
    }
}
