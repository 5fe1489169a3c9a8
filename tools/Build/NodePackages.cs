using System.Globalization;

namespace Replicate.Build;

/// <summary>What tests start with Node.js: restored into <c>tests/node_modules</c> after the lock file, once, by any user.</summary>
internal static class NodePackages
{
    /// <summary>The least version of Node.js that Google's emulator starts with.</summary>
    public const int LeastVersion = 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>Restores them where they are not as the lock file says; returns what to tell where that did not work.</summary>
    public static string? Restore()
    {
        var tests = Shell.At("tests");
        var wanted = File.ReadAllText(Path.Combine(tests, "package-lock.json"));
        var stamp = Path.Combine(tests, "node_modules", ".restored");
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
        {
            return null;
        }

        if (!Needs.Node.IsThere(tests) || Version() < LeastVersion)
        {
            return null; // The tests that are skipped tell that.
        }

        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        if (!Shell.TryRun(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], Timeout, tests))
        {
            return "The packages of tests/package.json cannot be restored: 'npm ci' there tells why.";
        }

        File.WriteAllText(stamp, wanted);
        return null;
    }

    private static int Version() => int.TryParse(
        Shell.Read("node", ["--version"]).FirstOrDefault()?.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture, out var version) ? version : 0;
}
