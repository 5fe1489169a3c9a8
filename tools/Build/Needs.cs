namespace Replicate.Build;

/// <summary>
/// Something of others that tests start or read, and that the .NET SDK does not bring along. A test that needs it skips with
/// <see cref="Reason"/> where it is missing, by which a test run groups what it skipped. The tests compile this file, too.
/// </summary>
/// <param name="Name">What a person calls it: stable, since a run's report and the tags of the Pester tests hold it.</param>
/// <param name="Packages">The packages of Debian and Ubuntu that have it; none where it comes from npm.</param>
/// <param name="Places">Where it is when it is there: absolute paths, paths below <c>tests</c>, or names of programs on the PATH.</param>
internal sealed record Need(string Name, string[] Packages, params string[] Places)
{
    private const string Start = "Needs ";

    /// <summary>What a skipped test says.</summary>
    public string Reason => Start + Name;

    /// <summary>Whether all of it is on this machine, now.</summary>
    /// <param name="tests">The full path of <c>tests</c> in the checkout.</param>
    public bool IsThere(string tests) => Places.All(place => Path.IsPathRooted(place) || place.Contains('/')
        ? Path.Combine(tests, place) is var path && (File.Exists(path) || Directory.Exists(path))
        : IsOnPath(place));

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, program))
        .Any(path => OperatingSystem.IsWindows() ? File.Exists(path + ".exe") || File.Exists(path + ".cmd") : File.Exists(path));
}

/// <summary>All that tests need of others, in one place.</summary>
internal static class Needs
{
    public static readonly Need Ceph = new(
        "Ceph", ["ceph-mon", "ceph-osd", "radosgw", "curl"], "/usr/bin/ceph-mon", "/usr/bin/ceph-osd", "/usr/bin/radosgw", "curl");

    public static readonly Need Swift = new("Swift", ["python3-swift"], "/usr/lib/python3/dist-packages/swift/common/middleware/s3api");

    public static readonly Need Chromium = new(
        "Chromium", ["chromium", "fonts-dejavu-core"], "/usr/bin/chromium", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");

    public static readonly Need ScikitLearn = new("scikit-learn", ["python3-sklearn"], "/usr/bin/python3", "/usr/lib/python3/dist-packages/sklearn");

    public static readonly Need Torch = new("PyTorch", ["python3-torch"], "/usr/bin/python3", "/usr/lib/python3/dist-packages/torch");

    public static readonly Need Python = new("Python", ["python3"], "python3");

    public static readonly Need Git = new("git", ["git"], "git");

    public static readonly Need Tar = new("tar", ["tar"], "tar");

    public static readonly Need Gzip = new("gzip", ["gzip"], "gzip");

    public static readonly Need Awk = new("awk", ["mawk"], "awk");

    public static readonly Need Script = new("script", ["bsdutils"], "script");

    public static readonly Need Java = new("Java", ["default-jdk-headless"], "java");

    public static readonly Need Node = new("Node.js", ["nodejs", "npm"], "node", "npm");

    public static readonly Need GoogleEmulator = new("Google's storage emulator", [], "node", "node_modules/firebase-tools");

    public static readonly Need Azurite = new("Azurite", [], "node", "node_modules/azurite");

    public static readonly Need Playwright = new("Playwright", [], "node", "node_modules/playwright-core");

    public static readonly Need AxeCore = new("axe-core", [], "node_modules/axe-core");

    /// <summary>What fuzzes by coverage. No test needs it.</summary>
    public static readonly Need Afl = new("afl++", ["afl++"], "afl-fuzz");

    /// <summary>What runs the programs of Windows: './build.sh windows'. Debian calls its part for 64 bits <c>wine64</c>.</summary>
    public static readonly Need Wine = new("Wine", ["wine", "wine64"], "wine");

    /// <summary>All that tests need. No test needs eatmydata: it spares the servers the disk.</summary>
    public static readonly IReadOnlyList<Need> All =
    [
        Ceph, Swift, Chromium, ScikitLearn, Torch, Python, Git, Tar, Gzip, Awk, Script, Java, Node, GoogleEmulator, Azurite, Playwright, AxeCore,
        new("eatmydata", ["eatmydata"], "/usr/bin/eatmydata"),
    ];
}
