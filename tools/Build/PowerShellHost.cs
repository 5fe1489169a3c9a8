namespace Replicate.Build;

/// <summary>The PowerShell that runs the cmdlets.</summary>
internal static class PowerShellHost
{
    private static readonly Lazy<string?> FoundPath = new(FindOrInstall);

    /// <summary>The full path of <c>pwsh</c>; null where it neither is nor can be installed into the checkout.</summary>
    public static string? Path => FoundPath.Value;

    /// <summary>Runs a script file unattended and returns its exit code.</summary>
    public static int Run(string script, params string[] arguments) =>
        Shell.Run(Path!, ["-NoProfile", "-NonInteractive", "-File", script, .. arguments]);

    private static string? FindOrInstall()
    {
        var tools = Shell.At(".tools");
        if (Shell.Find("pwsh", tools) is { } found)
        {
            return found;
        }

        // A machine that could not get it once is not kept waiting every time.
        var failure = System.IO.Path.Combine(tools, "pwsh-unavailable");
        if (File.Exists(failure))
        {
            return null;
        }

        if (Shell.TryRun("dotnet", ["tool", "install", "PowerShell", "--tool-path", tools], TimeSpan.FromMinutes(3)))
        {
            return Shell.Find("pwsh", tools);
        }

        Directory.CreateDirectory(tools);
        File.WriteAllText(failure, "'dotnet tool install PowerShell' failed. Delete this file to have it tried again.\n");
        return null;
    }
}
