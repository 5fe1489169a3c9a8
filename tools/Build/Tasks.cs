namespace Replicate.Build;

/// <summary>What build.sh and build.ps1 can do. Each returns an exit code.</summary>
internal static class Tasks
{
    private const string WithoutAheadOfTime = "-p:PublishReadyToRun=false";

    /// <summary>Compiles everything and puts it where it runs from the checkout.</summary>
    public static int Build(params string[] options)
    {
        string[] build = ["msbuild", "-restore", "build.proj", "-v:quiet", "-nologo", .. options];
        if (Shell.Run("dotnet", build) is var code and not 0)
        {
            // Only the ahead-of-time compiler is worth doing without: a machine may be unable to restore it.
            if (CanRestore() || !CanRestore(WithoutAheadOfTime))
            {
                return code;
            }

            Console.WriteLine("The ahead-of-time compiler cannot be restored: building without it, which costs start-up time.");
            return Shell.Run("dotnet", [.. build, WithoutAheadOfTime]);
        }

        return 0;
    }

    /// <summary>
    /// The inner loop: compiles the tests of the engine and what they need, without analyzers and ahead-of-time compilation, and runs them.
    /// </summary>
    /// <param name="options">Words that a test's full name holds; none for all. Options of xunit begin with a dash and go to it as they are.</param>
    public static int Quick(string[] options)
    {
        Shell.Require("dotnet",
        [
            "build", "tests/Replicate.Tests", "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary",
            "-p:RunAnalyzers=false", "-p:EnforceCodeStyleInBuild=false", "-p:GenerateDocumentationFile=false",
        ]);
        string[] filters = options is [] || options[0].StartsWith('-') ? options : [.. options.SelectMany(word => new[] { "-method", $"*{word}*" })];
        var tally = TestSuites.Xunit(filters);
        Console.WriteLine(tally);
        return tally.Failed == 0 ? 0 : 1;
    }

    /// <summary>Runs all tests, or one suite with options; ends with a line of counts.</summary>
    public static int Test(string[] options)
    {
        RequireBuild();
        var suite = options.FirstOrDefault();
        var rest = options.Skip(1).ToArray();
        var tally = suite switch
        {
            "xunit" => TestSuites.Xunit(rest),
            "pester" => TestSuites.Pester(rest),
            null => TestSuites.Xunit([]) + TestSuites.Pester([]),
            _ => throw new TaskFailedException($"There is no test suite '{suite}': say 'xunit' or 'pester', then its options."),
        };
        Console.WriteLine(tally);
        return tally.Failed == 0 ? 0 : 1;
    }

    /// <summary>Trains twice on the Iris data, lists, compares and checks out the better model.</summary>
    public static int Demo()
    {
        RequireBuild();
        var directory = Shell.At("out", "demo");
        return PowerShellHost.Run(Shell.At("samples", "iris", "demo.ps1"), "-OutputDirectory", directory);
    }

    /// <summary>Runs the benchmarks.</summary>
    public static int Bench(string[] options)
    {
        RequireBuild();
        return Shell.Run("dotnet", ["run", "--project", "benchmarks/Replicate.Benchmarks", "-c", "Release", "--", .. options]);
    }

    /// <summary>Fuzzes, kills, lets stores fail and loads; what docs/RELIABILITY.md reports.</summary>
    public static int Reliability(string[] options)
    {
        RequireBuild();
        return Shell.Run("dotnet", [Shell.At("tests", "Replicate.Reliability", "bin", "Release", "net10.0", "Replicate.Reliability.dll"), .. options]);
    }

    /// <summary>Makes the folder that is published, and checks its manifest.</summary>
    public static int Package()
    {
        RequireBuild();
        Release.ModuleFolder();
        var package = Shell.At("out", "Replicate");
        Console.WriteLine($"Ready to publish: {package}");
        return 0;
    }

    private static void RequireBuild()
    {
        if (Build() is not 0)
        {
            throw new TaskFailedException("The build failed.");
        }
    }

    private static bool CanRestore(params string[] options) =>
        Shell.TryRun("dotnet", ["msbuild", "build.proj", "-t:Restore", .. options], TimeSpan.FromMinutes(5));
}
