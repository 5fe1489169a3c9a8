using System.Diagnostics;
using System.Globalization;

namespace Replicate.Build;

/// <summary>A test suite on its way.</summary>
/// <param name="name">What it tests.</param>
/// <param name="unit">What is counted on the way.</param>
/// <param name="program">The program that runs it.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="log">The name of the file in <c>out/test</c> that gets its output.</param>
/// <param name="isStep">Whether a line of the output tells that one more is done.</param>
/// <param name="read">Reads the report when it has ended, given its exit code; null where there is none.</param>
/// <param name="again">Makes a run of only the tests of the suite that have these names.</param>
/// <param name="variables">Environment variables for it.</param>
internal sealed class SuiteRun(
    string name, string unit, string program, string[] arguments, string log, Predicate<string> isStep, Func<int, Tally?> read,
    Func<IEnumerable<string>, SuiteRun> again, IReadOnlyDictionary<string, string>? variables = null)
{
    private int _done;

    /// <summary>What it tests.</summary>
    public string Name => name;

    /// <summary>How far it is.</summary>
    public string Progress => string.Create(CultureInfo.InvariantCulture, $"{name} {Volatile.Read(ref _done)} {unit}");

    /// <summary>A run of only the tests that failed.</summary>
    public SuiteRun Again(Tally tally) => again(tally.FailedTests.Distinct());

    /// <summary>Runs it to its end.</summary>
    public async Task<Tally> RunAsync()
    {
        var path = Shell.At("out", "test", log);
        await using var file = TextWriter.Synchronized(new StreamWriter(path));
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Shell.Root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (variable, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await Task.WhenAll(CopyAsync(process.StandardOutput, file), CopyAsync(process.StandardError, file));
        await process.WaitForExitAsync();
        return read(process.ExitCode)
            ?? Tally.Broken($"{name}: the suite ended with exit code {process.ExitCode} and without a result; {path} has what it said.");
    }

    private async Task CopyAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.WriteLine(line);
            if (isStep(line))
            {
                Interlocked.Increment(ref _done);
            }
        }
    }
}
