using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Replicate.Build;

/// <summary>How many tests ended in which way.</summary>
internal readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    /// <summary>Both together.</summary>
    public static Tally operator +(Tally left, Tally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <summary>The line that a test run ends with.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");
}

/// <summary>The two test suites. Each prints what failed, and counts by the report that it writes, not by its output.</summary>
internal static partial class TestSuites
{
    /// <summary>Engine, command and module contract.</summary>
    public static Tally Xunit(string[] options)
    {
        var report = NewReport("xunit.xml");
        var tests = Shell.At("tests", "Replicate.Tests", "bin", "Release", "net10.0", "Replicate.Tests.dll");
        var code = Shell.Run("dotnet", [tests, "-noLogo", "-noColor", "-xml", report, .. options]);
        if (!File.Exists(report))
        {
            return Broken("xunit", code);
        }

        var tally = XDocument.Load(report).Descendants("assembly")
            .Select(assembly => new Tally(
                Count(assembly, "passed"), Count(assembly, "failed") + Count(assembly, "errors"), Count(assembly, "skipped")))
            .Aggregate(default(Tally), (sum, next) => sum + next);
        return code != 0 && tally.Failed == 0 ? tally + Broken("xunit", code) : tally;
    }

    /// <summary>The cmdlets, in a real PowerShell; counted as skipped where there is none.</summary>
    public static Tally Pester(string[] options)
    {
        var directory = Shell.At("tests", "pester");
        if (!Directory.Exists(directory))
        {
            return default;
        }

        if (PowerShellHost.Path is null)
        {
            return Skip(directory, "PowerShell");
        }

        const int PesterMissing = 3;
        var report = NewReport("pester.json");
        var code = PowerShellHost.Run(Shell.At("tests", "run-pester.ps1"), [report, .. options]);
        if (code == PesterMissing)
        {
            return Skip(directory, "Pester 5 (Install-PSResource Pester)");
        }

        return File.Exists(report)
            ? JsonSerializer.Deserialize<Tally>(File.ReadAllText(report))
            : Broken("Pester", code);
    }

    private static Tally Skip(string directory, string missing)
    {
        var counts = Directory.EnumerateFiles(directory, "*.Tests.ps1", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileName(file), Tests: ItBlock().Count(File.ReadAllText(file))))
            .ToList();
        Console.WriteLine(
            $"Skipped without {missing}: {string.Join(", ", counts.Select(file => $"{file.Name} ({file.Tests})"))}");
        return new(0, 0, counts.Sum(file => file.Tests));
    }

    private static Tally Broken(string suite, int code)
    {
        Console.WriteLine($"{suite} ended with exit code {code} without a result of its tests; counted as one failure.");
        return new(0, 1, 0);
    }

    private static string NewReport(string name)
    {
        var path = Shell.At("out", "test", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        return path;
    }

    private static int Count(XElement assembly, string kind) => (int?)assembly.Attribute(kind) ?? 0;

    [GeneratedRegex("""^\s*It\s+['"]""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ItBlock();
}
