using System.Diagnostics;
using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Programs;

public class ProgramJobTests
{
    /// <remarks>Elsewhere a program goes on when what ran it is killed, as every program does there.</remarks>
    [Fact]
    public async Task A_run_that_is_killed_leaves_no_program_behind_on_windows()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Jobs are Windows'.");
        var token = TestContext.Current.CancellationToken;
        using var project = new TestProject();
        var child = Path.Combine(AppContext.BaseDirectory, "child", "Replicate.Tests.Child.exe");
        using var run = Process.Start(new ProcessStartInfo(
            CommandResult.Program, ["run", "-R", "file://.replicate", "--", child, "lock", project.Directory.Path])
        {
            WorkingDirectory = project.Directory.Path, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await run.StandardOutput.ReadLineAsync(token));
        Assert.False(IsFree());

        run.Kill();

        while (!IsFree())
        {
            await Task.Delay(20, token);
        }

        bool IsFree()
        {
            try
            {
                new FileStream(project.Directory.Combine(".lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
