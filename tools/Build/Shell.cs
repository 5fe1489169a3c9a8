using System.Diagnostics;

namespace Replicate.Build;

/// <summary>A task that ends because a step of it went wrong.</summary>
/// <param name="message">What went wrong.</param>
internal sealed class TaskFailedException(string message) : Exception(message);

/// <summary>Runs programs and finds directories of the checkout.</summary>
internal static class Shell
{
    /// <summary>The checkout's directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The absolute path of something in the checkout.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Runs a program on this console and returns its exit code.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="directory">Where it runs; null for the checkout.</param>
    public static int Run(string program, IEnumerable<string> arguments, string? directory = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = directory ?? Root })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs a program on this console and throws unless it succeeds.</summary>
    public static void Require(string program, IEnumerable<string> arguments, string? directory = null)
    {
        if (Run(program, arguments, directory) is var code and not 0)
        {
            throw new TaskFailedException($"'{program} {string.Join(' ', arguments)}' ended with exit code {code}.");
        }
    }

    /// <summary>Runs a program and returns the lines that it prints.</summary>
    public static string[] Read(string program, IEnumerable<string> arguments, string? directory = null)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = directory ?? Root, RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new TaskFailedException($"'{program} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }

    /// <summary>Runs a program apart from this console, and says whether it succeeded in time.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="timeout">When it is ended.</param>
    /// <param name="directory">Where it runs; null for the checkout.</param>
    /// <param name="log">A file that gets its output; null for nowhere.</param>
    public static bool TryRun(string program, IEnumerable<string> arguments, TimeSpan timeout, string? directory = null, string? log = null)
    {
        using var file = TextWriter.Synchronized(log is null ? TextWriter.Null : new StreamWriter(log));
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = directory ?? Root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => file.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => file.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(timeout))
        {
            process.WaitForExit(); // Until its output is read to the end.
            return process.ExitCode == 0;
        }

        process.Kill(entireProcessTree: true);
        return false;
    }

    /// <summary>The full path of a program on the PATH or in further directories; null where there is none.</summary>
    public static string? Find(string program, params string[] furtherDirectories)
    {
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(furtherDirectories)
            .Select(directory => Path.Combine(directory, file))
            .FirstOrDefault(File.Exists);
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
