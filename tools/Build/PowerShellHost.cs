using System.Reflection;

namespace Replicate.Build;

/// <summary>The PowerShell that runs the cmdlets: the version that the tool manifest names, whatever else the machine has.</summary>
internal static class PowerShellHost
{
    private static readonly Lazy<string> InstalledPath = new(() => DotnetTool.Path("powershell"));

    /// <summary>The full path of <c>pwsh</c>.</summary>
    /// <exception cref="TaskFailedException">It neither is nor can be installed into the checkout.</exception>
    public static string Path => InstalledPath.Value;

    /// <summary>The manifest of the module Pester, where the packages of this machine are.</summary>
    public static string Pester { get; } = typeof(PowerShellHost).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Pester").Value!;

    /// <summary>Begins to install it while other things are done.</summary>
    public static void Prepare() => _ = Task.Run(() => InstalledPath.Value);

    /// <summary>Runs a script file unattended and returns its exit code.</summary>
    public static int Run(string script, params string[] arguments) =>
        Shell.Run(Path, ["-NoProfile", "-NonInteractive", "-File", script, .. arguments]);
}
