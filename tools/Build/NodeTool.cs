using System.Text.Json;

namespace Replicate.Build;

/// <summary>The programs of npm that package.json in packaging/node names, installed into the checkout when first needed.</summary>
internal static class NodeTool
{
    /// <summary>The path of a program; null where there is no npm, or it cannot install it.</summary>
    /// <param name="package">Its package.</param>
    /// <param name="program">Its name.</param>
    public static string? Path(string package, string program)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Shell.At("packaging", "node", "package.json")));
        var version = manifest.RootElement.GetProperty("dependencies").GetProperty(package).GetString()!;
        var tools = Shell.At(".tools", "node");
        var path = System.IO.Path.Combine(tools, "node_modules", ".bin", OperatingSystem.IsWindows() ? program + ".cmd" : program);
        if (File.Exists(path))
        {
            return path;
        }

        Directory.CreateDirectory(tools);
        return Shell.Find(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is { } npm
            && Shell.TryRun(npm, ["install", "--prefix", tools, "--no-audit", "--no-fund", $"{package}@{version}"], TimeSpan.FromMinutes(5))
            ? path : null;
    }
}
