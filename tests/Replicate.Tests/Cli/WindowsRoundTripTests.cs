using System.Diagnostics;
using System.Runtime.InteropServices;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>
/// One repository for two systems, with the command of each: Windows' is run by Wine, which reads and writes the same disk as its
/// drive Z:, without Windows' own limits of a file system.
/// </summary>
public sealed class WindowsRoundTripTests : IDisposable
{
    private static readonly string Runtime = Path.Combine(Checkout.Root, "out", "windows", "dotnet");

    private readonly TemporaryDirectory _project = new();
    private readonly TemporaryDirectory _state = new();
    private readonly TemporaryDirectory _target = new();

    public void Dispose()
    {
        _project.Dispose();
        _state.Dispose();
        _target.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_system_writes_the_other_reads_byte_for_byte(bool isWrittenOnWindows)
    {
        Assert.SkipUnless(RuntimeInformation.RuntimeIdentifier == "linux-x64" && Directory.Exists(Runtime), "Needs what './build.sh windows' lays out.");
        Needs.Wine.Require();
        var weights = new byte[1_500_000];
        new Random(1).NextBytes(weights);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["code/train.py"] = "print(1)\r\nprint(2)\n"u8.ToArray(),
            ["data/Größe 模型.bin"] = weights,
            ["data/empty"] = [],
        };
        foreach (var (path, content) in files)
        {
            await File.WriteAllBytesAsync(_project.Write(path, ""), content, TestContext.Current.CancellationToken);
        }

        var written = await RunAsync(isWrittenOnWindows, "run", "--path", "code", "-p", "learning_rate=0.1", "--", Program(isWrittenOnWindows), "--version");
        Assert.Equal((0, "replicate 0.1.0\n"), (written.ExitCode, written.Output));
        var second = await RunAsync(!isWrittenOnWindows, "run", "--path", "data", "-p", "learning_rate=0.2", "--", Program(!isWrittenOnWindows), "--version");
        Assert.Equal(0, second.ExitCode);

        var ids = (await RunAsync(true, "ls", "-q")).Output;
        Assert.Equal(ids, (await RunAsync(false, "ls", "-q")).Output);
        Assert.Equal(2, ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var show = new[] { "show", ids.Split('\n')[0] };
        Assert.Equal((await RunAsync(true, show)).Output, (await RunAsync(false, show)).Output);

        foreach (var id in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var isWindows in new[] { true, false })
            {
                var target = _target.Combine($"{isWindows}");
                var checkedOut = await RunAsync(isWindows, "checkout", id, "--force", "-o", isWindows ? "Z:" + target.Replace('/', '\\') : target);
                Assert.Equal((0, ""), (checkedOut.ExitCode, checkedOut.Error));
            }
        }

        foreach (var side in new[] { "True", "False" })
        {
            Assert.Equal(files.Keys, FilesIn(_target.Combine(side)));
            Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(_target.Combine(side, file.Key))));
        }
    }

    private static IEnumerable<string> FilesIn(string directory) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(directory, path)).Order(StringComparer.Ordinal);

    private static string Program(bool isWindows) =>
        isWindows ? "Z:" + CommandResult.Program.Replace('/', '\\') + ".exe" : CommandResult.Program;

    private async Task<CommandResult> RunAsync(bool isWindows, params string[] arguments)
    {
        var token = TestContext.Current.CancellationToken;
        string[] all = [.. arguments[..1], "-R", "file://.replicate", .. arguments[1..]];
        var start = isWindows ? new ProcessStartInfo("wine", [CommandResult.Program + ".exe", .. all]) : new ProcessStartInfo(CommandResult.Program, all);
        start.WorkingDirectory = _project.Path;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["REPLICATE_STATE"] = isWindows ? "Z:" + _state.Combine("windows").Replace('/', '\\') : _state.Combine("here");
        if (isWindows)
        {
            start.Environment["WINEPREFIX"] = Path.Combine(Checkout.Root, "out", "windows", "prefix");
            start.Environment["WINEDEBUG"] = "-all";
            start.Environment["DOTNET_ROOT"] = "Z:" + Runtime.Replace('/', '\\');
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(token);
        var output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new CommandResult(process.ExitCode, output, string.Join('\n', (await error).Split('\n').Where(line => !IsOfWine(line))));
    }

    /// <summary>Debian's Wine says on every start that its part for 32 bits is not installed.</summary>
    private static bool IsOfWine(string line) =>
        line.Contains("wine32", StringComparison.Ordinal) || line.Contains("multiarch", StringComparison.Ordinal)
        || line.Contains("dpkg --add", StringComparison.Ordinal) || line == "i386\"" || line.Contains("configuration in L", StringComparison.Ordinal);
}
