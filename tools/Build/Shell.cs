using System.Diagnostics;

namespace Replicate.Build;

/// <summary>A task that ends because a step of it went wrong.</summary>
/// <param name="message">What went wrong.</param>
internal sealed class TaskFailedException(string message) : Exception(message);

/// <summary>Runs programs in the checkout and finds its directories.</summary>
internal static class Shell
{
    /// <summary>The checkout's directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The absolute path of something in the checkout.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Runs a program on this console and returns its exit code.</summary>
    public static int Run(string program, params string[] arguments) => Run(program, arguments, quiet: false, Timeout.InfiniteTimeSpan);

    /// <summary>Runs a program and throws unless it succeeds.</summary>
    public static void Require(string program, params string[] arguments)
    {
        if (Run(program, arguments) is var code and not 0)
        {
            throw new TaskFailedException($"'{program} {string.Join(' ', arguments)}' ended with exit code {code}.");
        }
    }

    /// <summary>Runs a program whose output nobody needs, and says whether it succeeded in time.</summary>
    public static bool TryRun(string program, TimeSpan timeout, params string[] arguments) =>
        Run(program, arguments, quiet: true, timeout) == 0;

    /// <summary>The full path of a program on the PATH; null where there is none.</summary>
    public static string? Find(string program, params string[] furtherDirectories)
    {
        var names = OperatingSystem.IsWindows() ? new[] { program + ".exe", program + ".cmd" } : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(furtherDirectories)
            .SelectMany(directory => names.Select(name => Path.Combine(directory, name)))
            .FirstOrDefault(File.Exists);
    }

    private static int Run(string program, string[] arguments, bool quiet, TimeSpan timeout)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = quiet,
                RedirectStandardError = quiet,
            },
        };
        process.Start();
        if (quiet)
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            return -1;
        }

        return process.ExitCode;
    }

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new TaskFailedException("The build tool does not run from inside a checkout.");
        }

        return directory;
    }
}
