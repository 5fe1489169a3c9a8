using System.Diagnostics;
using System.Globalization;

namespace Replicate.Benchmarks;

/// <summary>What a line of shell took.</summary>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="Processor">Processor time of all its processes, in seconds.</param>
/// <param name="Memory">The highest memory of one of its processes, in bytes.</param>
internal sealed record ProcessRun(double Seconds, double Processor, long Memory);

/// <summary>Runs lines of shell from their start to their end.</summary>
internal static class WholeProcess
{
    private const int NotFound = 127;

    /// <summary>
    /// Runs a line through GNU time, which is small and waits for it with <c>wait4</c>: what this process would start itself had this
    /// process's memory for its highest.
    /// </summary>
    /// <param name="line">The line; what it prints goes to the file <c>output</c>.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="environment">Variables that it gets.</param>
    /// <returns>Null if a program of it is not on this machine.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static ProcessRun? Measure(string line, string directory, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/usr/bin/time", ["-q", "-o", "usage", "-f", "%U %S %M", "/bin/sh", "-c", "exec > output 2>&1\n" + line])
        {
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var elapsed = watch.Elapsed.TotalSeconds;
        return process.ExitCode switch
        {
            0 when File.ReadAllText(Path.Combine(directory, "usage")).Split(' ') is [var user, var system, var kilobytes] =>
                new(elapsed, Number(user) + Number(system), (long)Number(kilobytes) << 10),
            NotFound => null,
            var code => throw new InvalidOperationException(
                $"'{line}' ended with exit code {code} in {directory}: {string.Join('\n', File.ReadLines(Path.Combine(directory, "output")).TakeLast(5))}"),
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
