using System.ComponentModel;
using System.Diagnostics;

namespace Replicate.Recording.Environments;

/// <summary>What a program answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed as errors.</param>
internal sealed record Answer(int ExitCode, string Output, string Error);

/// <summary>Asks a program something that it answers at once.</summary>
internal static class Helper
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>What a program prints.</summary>
    /// <returns>Null where it isn't there, fails, or doesn't answer in time.</returns>
    internal static async Task<string?> AskAsync(string program, string directory, params string[] arguments) =>
        await AskAsync(program, directory, arguments, input: "", environment: []) is { ExitCode: 0 } answer ? answer.Output : null;

    /// <summary>What a program answers, right or wrong.</summary>
    /// <param name="program">Its name, to be found on the path alone, or its full path.</param>
    /// <param name="directory">Its working directory.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it is given to read.</param>
    /// <param name="environment">Variables that it gets besides.</param>
    /// <returns>Null where it isn't there, or doesn't answer in time.</returns>
    internal static async Task<Answer?> AskAsync(
        string program, string directory, IEnumerable<string> arguments, string input, Dictionary<string, string> environment)
    {
        if (Find(program) is not { } path)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(Timeout);
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var errors = process.StandardError.ReadToEndAsync(timeout.Token);
                var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
                await process.StandardInput.WriteAsync(input.AsMemory(), timeout.Token);
                process.StandardInput.Close();
                await process.WaitForExitAsync(timeout.Token);
                return new Answer(process.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The full path of a program. The runtime and Windows look into the working directory before the path, where a project
    /// that comes from somebody else may have a program of that name.
    /// </summary>
    private static string? Find(string program)
    {
        if (Path.IsPathFullyQualified(program))
        {
            return program;
        }

        var name = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
    }
}
