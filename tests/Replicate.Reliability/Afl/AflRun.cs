using System.Diagnostics;
using System.Globalization;
using Replicate.Reliability.Fuzzing;

namespace Replicate.Reliability.Afl;

/// <summary>
/// Fuzzing by afl-fuzz, which keeps an input that takes a new way through the code and changes it further. A copy of this
/// program is made in which SharpFuzz has marked the ways through engine, adapters and the packages that read.
/// </summary>
internal static class AflRun
{
    /// <summary>How long a target is fuzzed where nothing is said.</summary>
    public const int UsualSeconds = 60;

    private const string Command = "afl-fuzz";

    /// <summary>How many milliseconds one input may take.</summary>
    private const string Timeout = "10000";

    private static readonly string[] Targets = ["metadata", "heartbeat", "specification", "yaml", "ignore", "query", "tarball"];

    private static readonly string[] Instrumented = ["Replicate.dll", "adapters/Replicate.Adapters.dll", "adapters/YamlDotNet.dll", "adapters/MAB.DotIgnore.dll"];

    private static readonly string Root = Path.Combine(Corpus.Root, "out", "reliability", "afl");

    private static string Program => Path.Combine(Root, "program", "Replicate.Reliability.dll");

    /// <summary>Fuzzes the targets that are named, or all.</summary>
    public static async IAsyncEnumerable<Row> RunAsync(RunOptions options)
    {
        await InstrumentAsync();
        foreach (var name in Targets.Where(name => options.Names.Count == 0 || options.Names.Contains(name)))
        {
            yield return await FuzzAsync(name, options.Seconds ?? UsualSeconds, options.Seed);
        }
    }

    private static async Task<Row> FuzzAsync(string name, int seconds, long seed)
    {
        var directory = Path.Combine(Root, name);
        Scratch.Remove(directory);
        var seeds = Directory.CreateDirectory(Path.Combine(directory, "seeds")).FullName;
        using (var target = Fuzzer.Target(name))
        {
            await target.PrepareAsync(seed);
            foreach (var (bytes, i) in target.Seeds.Select((bytes, i) => (bytes, i)))
            {
                await File.WriteAllBytesAsync(Path.Combine(seeds, i.ToString(CultureInfo.InvariantCulture)), bytes);
            }
        }

        var number = seconds.ToString(CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        var log = await StartAsync(
            Command, "-i", seeds, "-o", directory, "-V", number, "-t", Timeout, "-m", "none", "-s", seed.ToString(CultureInfo.InvariantCulture),
            "--", "dotnet", Program, "afl-child", name);
        var found = Path.Combine(directory, "default");
        var statistics = Path.Combine(found, "fuzzer_stats");
        var command = $"./build.sh reliability afl {name} --seconds {number} --seed {seed}";
        if (!File.Exists(statistics))
        {
            return new Row($"coverage-guided: {name}", command, "nothing", clock.Elapsed, [log]);
        }

        var values = File.ReadLines(statistics).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new Row(
            $"coverage-guided: {name}", command,
            $"{Row.Count(long.Parse(values["execs_done"], CultureInfo.InvariantCulture))} inputs, {values["corpus_count"]} ways, {double.Parse(values["execs_per_sec"], CultureInfo.InvariantCulture):0} a second",
            clock.Elapsed, [.. Keep(name, "crashes", found), .. Keep(name, "hangs", found)]);
    }

    /// <summary>Keeps inputs that did harm with the others, and says how to read each again.</summary>
    private static IEnumerable<string> Keep(string name, string kind, string found)
    {
        var findings = Directory.CreateDirectory(Path.Combine(Root, "..", "findings")).FullName;
        var directory = Path.Combine(found, kind);
        foreach (var file in Directory.CreateDirectory(directory).EnumerateFiles("id*").Select(file => file.FullName).Order(StringComparer.Ordinal))
        {
            var kept = Path.Combine(findings, $"afl-{name}-{kind}-{Path.GetFileName(file)[3..9]}");
            File.Copy(file, kept, overwrite: true);
            yield return $"{kind}: dotnet tests/Replicate.Reliability/bin/Release/net10.0/Replicate.Reliability.dll afl-child {name} < {kept}";
        }
    }

    /// <summary>Makes the copy of this program whose ways are marked.</summary>
    private static async Task InstrumentAsync()
    {
        var sharpFuzz = Path.Combine(Corpus.Root, ".tools", OperatingSystem.IsWindows() ? "sharpfuzz.exe" : "sharpfuzz");
        var copy = Path.GetDirectoryName(Program)!;
        Scratch.Remove(copy);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        foreach (var assembly in Instrumented)
        {
            await StartAsync(sharpFuzz, Path.Combine(copy, assembly));
        }
    }

    /// <summary>Runs a program to its end and returns the end of what it said.</summary>
    private static async Task<string> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new (string, string)[]
        {
            // The program is dotnet, which knows nothing of afl; what afl wants of the machine is for longer runs than these.
            ("AFL_SKIP_BIN_CHECK", "1"), ("AFL_NO_UI", "1"), ("AFL_SKIP_CPUFREQ", "1"), ("AFL_NO_AFFINITY", "1"), ("AFL_SKIP_CRASHES", "1"),
            ("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"), ("AFL_MAP_SIZE", "65536"), ("AFL_FORKSRV_INIT_TMOUT", "120000"),
            ("DOTNET_TieredPGO", "0"), ("DOTNET_ROLL_FORWARD", "Major"),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return process.ExitCode != 0 && program != Command
            ? throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {output}")
            : string.Join('\n', output.Split('\n').TakeLast(12));
    }
}
