using System.Text.Json;

namespace Replicate.Build;

/// <summary>The .NET tools that the manifest names, installed into the checkout when first needed.</summary>
internal static class DotnetTool
{
    /// <summary>The path of a tool's program.</summary>
    /// <param name="package">Its package, as the manifest has it.</param>
    /// <param name="command">Its program.</param>
    public static string Path(string package, string command)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Shell.At("dotnet-tools.json")));
        var version = manifest.RootElement.GetProperty("tools").GetProperty(package).GetProperty("version").GetString()!;
        var tools = Shell.At(".tools");
        var program = System.IO.Path.Combine(tools, OperatingSystem.IsWindows() ? command + ".exe" : command);
        if (!File.Exists(program) || !Directory.Exists(System.IO.Path.Combine(tools, ".store", package, version)))
        {
            Shell.Require("dotnet", ["tool", "update", package, "--version", version, "--tool-path", tools, "--allow-downgrade", "-v", "quiet"]);
        }

        return program;
    }
}
