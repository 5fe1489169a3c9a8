using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace Replicate.Build;

/// <summary>How many tests ended in which way, and what those that failed said.</summary>
internal sealed record Tally(int Passed, int Failed, int Skipped, params IReadOnlyList<string> Failures)
{
    /// <summary>Both together.</summary>
    public static Tally operator +(Tally left, Tally right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped, [.. left.Failures, .. right.Failures]);

    /// <summary>What a test run ends with, so that failures need not be searched for in thousands of lines.</summary>
    public override string ToString() => string.Join(
        '\n', [.. Failures, string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped")]);
}

/// <summary>The two test suites. Each prints what failed, and counts by the report that it writes, not by its output.</summary>
internal static class TestSuites
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
                Count(assembly, "passed"), Count(assembly, "failed") + Count(assembly, "errors"), Count(assembly, "skipped"),
                [.. assembly.Descendants("failure").Select(failure =>
                    $"Failed: {(string?)failure.Parent?.Attribute("name")}: {failure.Element("message")?.Value ?? failure.Attribute("exception-type")?.Value}")]))
            .Aggregate(new Tally(0, 0, 0), (sum, next) => sum + next);
        return code != 0 && tally.Failed == 0 ? tally + Broken("xunit", code) : tally;
    }

    /// <summary>The cmdlets, in a real PowerShell.</summary>
    public static Tally Pester(string[] options)
    {
        var directory = Shell.At("tests", "pester");
        if (!Directory.Exists(directory))
        {
            return new(0, 0, 0);
        }

        var report = NewReport("pester.json");
        var code = PowerShellHost.Run(Shell.At("tests", "run-pester.ps1"), [report, PowerShellHost.Pester, .. options]);
        return File.Exists(report)
            ? JsonSerializer.Deserialize<Tally>(File.ReadAllText(report))!
            : Broken("Pester", code);
    }

    private static Tally Broken(string suite, int code) =>
        new(0, 1, 0, $"Failed: {suite} ended with exit code {code} without a result of its tests.");

    private static string NewReport(string name)
    {
        var path = Shell.At("out", "test", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        return path;
    }

    private static int Count(XElement assembly, string kind) => (int?)assembly.Attribute(kind) ?? 0;
}
