using System.Text.Json;

namespace Replicate.Build;

/// <summary>A .NET tool of the tool manifest, installed into the checkout in the version that it names.</summary>
internal static class DotnetTool
{
    /// <summary>The full path of the tool's command; installs it where that version is not there.</summary>
    /// <param name="package">The package's name as in the manifest, in lower case.</param>
    /// <exception cref="TaskFailedException">It cannot be installed.</exception>
    public static string Path(string package)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Shell.At("dotnet-tools.json")));
        var tool = manifest.RootElement.GetProperty("tools").GetProperty(package);
        var version = tool.GetProperty("version").GetString()!;
        var tools = Shell.At(".tools");
        var command = System.IO.Path.Combine(tools, tool.GetProperty("commands")[0].GetString() + (OperatingSystem.IsWindows() ? ".exe" : ""));
        if (!File.Exists(command) || !Directory.Exists(System.IO.Path.Combine(tools, ".store", package, version)))
        {
            // 'update' installs as well, and replaces what an earlier manifest named.
            Shell.Require("dotnet", ["tool", "update", package, "--version", version, "--tool-path", tools, "--allow-downgrade", "-v", "quiet"]);
        }

        return command;
    }
}
