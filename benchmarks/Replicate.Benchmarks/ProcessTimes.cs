using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Replicate.Benchmarks;

/// <summary>Times the <c>replicate</c> command from its start to its end, as its users do.</summary>
internal static class ProcessTimes
{
    private const int Runs = 11;

    private static readonly string Cache = Path.Combine(Path.GetTempPath(), $"replicate-bench-cache-{Environment.ProcessId}");

    /// <summary>The path of the command.</summary>
    internal static string Replicate => Path.Combine(FindRoot(), "out", "cli", OperatingSystem.IsWindows() ? "replicate.exe" : "replicate");

    /// <summary>Prints a row per repository and command: median time and the highest memory seen, without an index and with it.</summary>
    public static void Print()
    {
        Console.WriteLine("| experiments of 10 checkpoints | command | first | memory | second | memory |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Cache);
        try
        {
            Console.WriteLine($"| | --version | | | {Row(["--version"], isFirst: false)} |");
            PrintModule();
            foreach (var experiments in new[] { 1_000, 10_000 })
            {
                using var repository = new GeneratedRepository(experiments, checkpoints: 10);
                foreach (var command in new string[][] { ["ls"], ["ls", "--json"], ["ls", "-q"], ["show", repository.AnyId], ["show", repository.AnyId[..7]] })
                {
                    string[] arguments = [.. command, "-R", repository.Url];
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {experiments:N0} | {command[0]} {(command is ["show", var id] ? $"<id of {id.Length} digits>" : string.Join(' ', command.Skip(1)))} | {Row(arguments, isFirst: true)} | {Row(arguments, isFirst: false)} |"));
                }
            }
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Prints what the module and its first command take in a shell, over what the shell takes alone, in turns.</summary>
    private static void PrintModule()
    {
        var empty = Directory.CreateTempSubdirectory("replicate-bench-");
        try
        {
            var module = Path.Combine(FindRoot(), "Replicate.psd1");
            var over = new List<double>();
            for (var i = 0; i <= Runs; i++)
            {
                var bare = Shell("$null");
                var used = Shell($"Import-Module '{module}'; Get-ReplicateExperiment -ProjectDirectory '{empty.FullName}'");
                over.Add((used - bare).TotalSeconds);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| in pwsh | Import-Module and Get-ReplicateExperiment, over a bare start | | | {over.Skip(1).Order().ElementAt(Runs / 2):F3} s | |"));
        }
        catch (Win32Exception)
        {
            Console.WriteLine("There is no pwsh on the path: the module is left out.");
        }
        finally
        {
            empty.Delete(recursive: true);
        }

        static TimeSpan Shell(string command) => Measure("pwsh", ["-NoProfile", "-NonInteractive", "-Command", command]).Time;
    }

    private static string Row(string[] arguments, bool isFirst)
    {
        var runs = new List<(TimeSpan Time, long Memory)>();
        for (var i = 0; i <= Runs; i++)
        {
            if (isFirst)
            {
                Forget();
            }

            runs.Add(Measure(Replicate, arguments));
        }

        // The first of all brings the files into the system's cache.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{runs.Skip(1).Select(run => run.Time.TotalSeconds).Order().ElementAt(Runs / 2):F3} s | {runs.Max(run => run.Memory) >> 20} MiB");
    }

    private static void Forget()
    {
        if (Directory.Exists(Cache))
        {
            Directory.Delete(Cache, recursive: true);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    internal static (TimeSpan Time, long Memory) Measure(string program, string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var memory = 0L;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(2)))
        {
            memory = Math.Max(memory, HighestMemory(process));
        }

        process.WaitForExit();
        return process.ExitCode == 0
            ? (watch.Elapsed, memory)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }

    private static long HighestMemory(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return 0;
        }
    }

    /// <summary>The directory of the checkout that this runs from.</summary>
    internal static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Replicate.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("This does not run from inside a checkout.");
        }

        return directory;
    }
}
