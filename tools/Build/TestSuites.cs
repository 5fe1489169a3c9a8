using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace Replicate.Build;

/// <summary>How many tests of a suite ended in which way, what those that failed said, and why others were skipped.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Skipped">How many were skipped.</param>
/// <param name="Failures">A text for each that failed.</param>
/// <param name="Reasons">A text for each that was skipped: the same for those that miss the same thing.</param>
/// <param name="FailedTests">What the suite takes to run those again that failed: a method's full name, a file of Pester.</param>
internal sealed record Tally(
    int Passed, int Failed, int Skipped, IReadOnlyList<string> Failures, IReadOnlyList<string> Reasons, IReadOnlyList<string> FailedTests)
{
    /// <summary>No tests.</summary>
    public static Tally None { get; } = new(0, 0, 0, [], [], []);

    /// <summary>Both together.</summary>
    public static Tally operator +(Tally left, Tally right) => new(
        left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped,
        [.. left.Failures, .. right.Failures], [.. left.Reasons, .. right.Reasons], [.. left.FailedTests, .. right.FailedTests]);

    /// <summary>One failure that no test is to blame for.</summary>
    public static Tally Broken(string why) => None with { Failed = 1, Failures = [why] };

    /// <summary>The counts as one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Passed} passed, {Failed} failed, {Skipped} skipped");
}

/// <summary>The two test suites. What they say goes to a log in <c>out/test</c>; they are counted by the reports that they write.</summary>
internal static class TestSuites
{
    /// <summary>Engine, command and module contract.</summary>
    /// <param name="options">Options of xunit.</param>
    /// <param name="name">What its report and its log are called.</param>
    public static SuiteRun Xunit(string[] options, string name = "xunit") => Xunit(
        "engine and command", "dotnet", [Shell.At("tests", "Replicate.Tests", "bin", "Release", "net10.0", "Replicate.Tests.dll")], name, options,
        methods => Xunit([.. methods.SelectMany(method => new[] { "-method", method })], $"{name}-again"));

    /// <summary>The same tests, by a program of their own.</summary>
    /// <param name="title">What the suite is called.</param>
    /// <param name="program">What starts them.</param>
    /// <param name="start">Its arguments before those of xunit.</param>
    /// <param name="name">What its report and its log are called.</param>
    /// <param name="options">Options of xunit.</param>
    /// <param name="again">Makes a run of the tests that have these names.</param>
    /// <param name="variables">Environment variables for it.</param>
    public static SuiteRun Xunit(
        string title, string program, string[] start, string name, string[] options, Func<IEnumerable<string>, SuiteRun> again,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var report = NewReport($"{name}.xml");
        return new SuiteRun(
            title, "tests", program, [.. start, "-noColor", "-noAutoReporters", "-reporter", "json", "-xml", Path.GetRelativePath(Shell.Root, report), .. options], $"{name}.log",
            line => line.StartsWith("{\"$type\":\"test-finished\"", StringComparison.Ordinal) || line.StartsWith("{\"$type\":\"test-skipped\"", StringComparison.Ordinal),
            code => !File.Exists(report) ? null : Read(XDocument.Load(report)) is { Failed: 0 } tally && code != 0 ? tally + Tally.Broken($"The runner ended with exit code {code}.") : Read(XDocument.Load(report)),
            again, variables);
    }

    /// <summary>The cmdlets, in a real PowerShell.</summary>
    /// <param name="options">Files and directories; none for all tests.</param>
    /// <param name="name">What its report and its log are called.</param>
    public static SuiteRun Pester(string[] options, string name = "pester")
    {
        var report = NewReport($"{name}.json");
        return new SuiteRun(
            "cmdlets", "files", PowerShellHost.Path,
            ["-NoProfile", "-NonInteractive", "-File", Shell.At("tests", "run-pester.ps1"), report, PowerShellHost.Pester, .. options], $"{name}.log",
            line => line.StartsWith("[+]", StringComparison.Ordinal) || line.StartsWith("[-]", StringComparison.Ordinal),
            _ => File.Exists(report) ? JsonSerializer.Deserialize<Tally>(File.ReadAllText(report)) : null,
            files => Pester([.. files], $"{name}-again"));
    }

    private static Tally Read(XDocument report) => report.Descendants("assembly")
        .Select(assembly => new Tally(
            Count(assembly, "passed"), Count(assembly, "failed") + Count(assembly, "errors"), Count(assembly, "skipped"),
            [.. assembly.Descendants("failure").Select(failure => string.Join('\n',
            [
                (string?)failure.Parent?.Attribute("name") ?? "Outside of any test",
                failure.Element("message")?.Value ?? (string?)failure.Attribute("exception-type"),
                .. (failure.Element("stack-trace")?.Value ?? "").Split('\n').Take(3),
            ]))],
            [.. assembly.Descendants("reason").Select(reason => reason.Value)],
            [.. assembly.Descendants("failure").Select(failure => failure.Parent!).Where(test => test.Name == "test")
                .Select(test => $"{(string?)test.Attribute("type")}.{(string?)test.Attribute("method")}")]))
        .Aggregate(Tally.None, (sum, next) => sum + next);

    private static string NewReport(string name)
    {
        var path = Shell.At("out", "test", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        return path;
    }

    private static int Count(XElement assembly, string kind) => (int?)assembly.Attribute(kind) ?? 0;
}
