using System.Reflection;
using System.Text.Json;

namespace Replicate.Build;

/// <summary>The PowerShell that runs the cmdlets: the version that the tool manifest names, whatever else the machine has.</summary>
internal static class PowerShellHost
{
    private static readonly Lazy<string> InstalledPath = new(FindOrInstall);

    /// <summary>The full path of <c>pwsh</c>.</summary>
    /// <exception cref="TaskFailedException">It neither is nor can be installed into the checkout.</exception>
    public static string Path => InstalledPath.Value;

    /// <summary>The manifest of the module Pester, where the packages of this machine are.</summary>
    public static string Pester { get; } = typeof(PowerShellHost).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Pester").Value!;

    /// <summary>Runs a script file unattended and returns its exit code.</summary>
    public static int Run(string script, params string[] arguments) =>
        Shell.Run(Path, ["-NoProfile", "-NonInteractive", "-File", script, .. arguments]);

    private static string FindOrInstall()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Shell.At("dotnet-tools.json")));
        var version = manifest.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString()!;
        var tools = Shell.At(".tools");
        var pwsh = System.IO.Path.Combine(tools, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        if (!File.Exists(pwsh) || !Directory.Exists(System.IO.Path.Combine(tools, ".store", "powershell", version)))
        {
            // 'update' installs as well, and replaces what an earlier manifest named.
            Shell.Require("dotnet", ["tool", "update", "PowerShell", "--version", version, "--tool-path", tools, "--allow-downgrade", "-v", "quiet"]);
        }

        return pwsh;
    }
}
