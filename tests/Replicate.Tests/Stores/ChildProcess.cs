using System.Diagnostics;

namespace Replicate.Tests.Stores;

/// <summary>The program that tests run, with an environment of its own.</summary>
internal static class ChildProcess
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, params (string Name, string Value)[] variables)
    {
        var child = Path.Combine(AppContext.BaseDirectory, "child", "Replicate.Tests.Child.dll");
        var start = new ProcessStartInfo("dotnet", [child, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var cancellationToken = TestContext.Current.CancellationToken;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output, await errors);
    }
}
