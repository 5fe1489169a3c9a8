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
        return TestRun.Run(requiresAll: false, TestSuites.Xunit(filters));
    }

    /// <summary>Runs all tests, or one suite with options; ends with a line of counts.</summary>
    /// <param name="options">
    /// Nothing, or the suite and options for it. Before that, <c>--all</c> installs what tests need of Debian's packages, with
    /// <c>--yes</c> without a question; then a test that is skipped for want of a package is a failure.
    /// </param>
    public static int Test(string[] options)
    {
        var switches = options.TakeWhile(option => option is "--all" or "--yes").ToArray();
        options = options[switches.Length..];
        if (options is [['-', ..] wrong, ..])
        {
            throw new TaskFailedException($"'test' has no option '{wrong}': say '--all' and '--yes', or 'xunit' or 'pester', then its options.");
        }

        var isAll = switches.Contains("--all");
        if (isAll)
        {
            DebianPackages.Install(Needs.All, switches.Contains("--yes"));
        }

        var packages = Task.Run(NodePackages.Restore);
        PowerShellHost.Prepare();
        RequireBuild("Tests");
        if (packages.Result is { } problem)
        {
            Console.WriteLine(problem);
        }

        if (options is [])
        {
            MakeRelease();
        }

        return options switch
        {
            [] => TestRun.Run(isAll, TestSuites.Xunit([]), TestSuites.Pester([])),
            ["xunit", .. var rest] => TestRun.Run(isAll, TestSuites.Xunit(rest)),
            ["pester", .. var rest] => TestRun.Run(isAll, TestSuites.Pester(rest)),
            [var suite, ..] => throw new TaskFailedException($"There is no test suite '{suite}': say 'xunit' or 'pester', then its options."),
        };
    }

    /// <summary>
    /// Makes the release that a suite tests before the suites begin: it compiles once more what the other suite starts, and whoever
    /// runs a file that is written anew falls.
    /// </summary>
    private static void MakeRelease()
    {
        try
        {
            if (Release.Make(["--built", "--here"]) == 0)
            {
                Environment.SetEnvironmentVariable("REPLICATE_RELEASE", "made");
            }
        }
        catch (TaskFailedException failure)
        {
            Console.WriteLine(failure.Message);
        }
    }

    /// <summary>Trains twice on the Iris data, lists, compares and checks out the better model.</summary>
    public static int Demo()
    {
        PowerShellHost.Prepare();
        RequireBuild("Module");
        var directory = Shell.At("out", "demo");
        return PowerShellHost.Run(Shell.At("samples", "iris", "demo.ps1"), "-OutputDirectory", directory);
    }

    /// <summary>Runs the benchmarks.</summary>
    public static int Bench(string[] options)
    {
        RequireBuild();
        var shell = Path.GetDirectoryName(PowerShellHost.Path);
        Environment.SetEnvironmentVariable("PATH", shell + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"));
        return Shell.Run("dotnet", ["run", "--project", "benchmarks/Replicate.Benchmarks", "-c", "Release", "--", .. options]);
    }

    /// <summary>Fuzzes, kills, lets stores fail and loads; what docs/RELIABILITY.md reports.</summary>
    public static int Reliability(string[] options)
    {
        if (options is ["afl", ..])
        {
            DebianPackages.Install([Needs.Afl], options.Contains("--yes"));
            _ = DotnetTool.Path("sharpfuzz.commandline");
        }

        RequireBuild("Tests");
        options = [.. options.Where(option => option != "--yes")];
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

    /// <param name="goal">What build.proj is to make: all, the module or what the tests need.</param>
    private static void RequireBuild(string goal = "All")
    {
        if (Build($"-p:Goal={goal}") is not 0)
        {
            throw new TaskFailedException("The build failed.");
        }
    }

    private static bool CanRestore(params string[] options) =>
        Shell.TryRun("dotnet", ["msbuild", "build.proj", "-t:Restore", .. options], TimeSpan.FromMinutes(5));
}
