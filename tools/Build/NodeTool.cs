namespace Replicate.Build;

/// <summary>The programs of npm that packaging/node/package.json names, installed into the checkout when first needed.</summary>
internal static class NodeTool
{
    /// <summary>The path of a program; null where there is no npm, or it cannot install it.</summary>
    /// <param name="program">Its name.</param>
    public static string? Path(string program)
    {
        var tools = Shell.At(".tools", "packing");
        var wanted = Shell.At("packaging", "node", "package.json");
        var installed = System.IO.Path.Combine(tools, "package.json");
        var path = System.IO.Path.Combine(tools, "node_modules", ".bin", OperatingSystem.IsWindows() ? program + ".cmd" : program);
        if (File.Exists(path) && File.ReadAllText(installed) == File.ReadAllText(wanted))
        {
            return path;
        }

        Directory.CreateDirectory(tools);
        File.Copy(wanted, installed, overwrite: true);
        return Shell.Find(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is { } npm
            && Shell.TryRun(npm, ["install", "--prefix", tools, "--no-audit", "--no-fund", "--no-save"], TimeSpan.FromMinutes(5))
            ? path : null;
    }
}
