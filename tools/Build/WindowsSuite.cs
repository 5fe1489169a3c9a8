namespace Replicate.Build;

/// <summary>
/// The tests on Windows' own .NET by Wine, for machines without Windows. The assemblies are the ones that were compiled; the runtime,
/// and the programs that start them, are Windows'. docs/WINDOWS.md tells what that shows of Windows and what it doesn't.
/// </summary>
internal static class WindowsSuite
{
    /// <summary>Takes Wine minutes that say nothing of Windows: it looks a name up by reading its whole directory.</summary>
    private static readonly string[] Slow = ["-method-", "*Many_keys_are_listed_by_prefix_and_deleted"];

    private static string Output => Shell.At("out", "windows");

    /// <summary>Installs Wine where it is missing, builds, and runs the tests.</summary>
    /// <param name="options">
    /// <c>--yes</c> installs without a question, <c>--all</c> leaves out nothing that is only slow; then words that a test's name holds,
    /// or options of xunit.
    /// </param>
    public static int Run(string[] options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new TaskFailedException("Wine runs these tests on Linux only; on Windows, './build.ps1 test' does it on the real one.");
        }

        var switches = options.TakeWhile(option => option is "--all" or "--yes").ToArray();
        options = options[switches.Length..];
        DebianPackages.Install([Needs.Wine], switches.Contains("--yes"));
        if (Tasks.Build("-p:Goal=Tests") is var code and not 0)
        {
            return code;
        }

        LayOut();
        string[] filters = options is [] || options[0].StartsWith('-') ? options : [.. options.SelectMany(word => new[] { "-method", $"*{word}*" })];
        return TestRun.Run(requiresAll: false, Xunit(filters, switches.Contains("--all")));
    }

    /// <summary>Puts the runtime and the programs for Windows in their place, beside what is compiled.</summary>
    public static void LayOut() => Shell.Require(
        "dotnet",
        ["msbuild", "-restore", "packaging/Windows", "-t:LayOut", "-p:Configuration=Release", $"-p:PublishDir={Output}/dotnet/", "-v:quiet", "-nologo"]);

    /// <summary>The suite of engine and command.</summary>
    /// <param name="options">Options of xunit.</param>
    /// <param name="isWhole">Whether what is only slow is run, too.</param>
    /// <param name="name">What its report and its log are called.</param>
    public static SuiteRun Xunit(string[] options, bool isWhole = false, string name = "windows")
    {
        string[] all = [.. isWhole ? [] : Slow, .. options];
        return TestSuites.Xunit(
            "engine and command by Wine", "wine", [Shell.At("tests", "Replicate.Tests", "bin", "Release", "net10.0", "Replicate.Tests.exe")], name, all,
            methods => Xunit([.. methods.SelectMany(method => new[] { "-method", method })], isWhole: true, $"{name}-again"), Variables);
    }

    private static Dictionary<string, string> Variables => new()
    {
        // Its own Windows, which nothing of the user's lies in but what the drive Z: shows.
        ["WINEPREFIX"] = Path.Combine(Output, "prefix"),
        ["WINEDEBUG"] = "-all",
        ["DOTNET_ROOT"] = WindowsPath(Path.Combine(Output, "dotnet")),
        // Wine 8 maps the same memory twice in a way that the runtime's protection of code falls over,
        ["DOTNET_EnableWriteXorExecute"] = "0",
        // and tells of reads that ended at once a second time, which its own thread pool stands.
        ["DOTNET_ThreadPool_UseWindowsThreadPool"] = "1",
    };

    /// <summary>How Wine names a path of this machine.</summary>
    private static string WindowsPath(string path) => "Z:" + path.Replace('/', '\\');
}
