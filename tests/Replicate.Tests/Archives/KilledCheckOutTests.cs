using System.Diagnostics;
using Replicate.Archives.CheckingOut;
using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Archives;

/// <summary>A check-out of many files by a process that is really killed.</summary>
public sealed class KilledCheckOutTests : IDisposable
{
    private const int Files = 1500;
    private const int Kills = 4;

    private readonly TestProject _project = new();
    private readonly TemporaryDirectory _state = new();

    public void Dispose()
    {
        _project.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task After_a_kill_and_the_next_command_all_is_old_or_all_is_new()
    {
        Write("new");
        var experiment = await _project.CreateAsync(path: "data");
        await experiment.StopAsync(cancellationToken: Archive.Token);
        var moments = new Random(7);
        var (old, @new, interrupted) = (0, 0, 0);
        for (var i = 0; i < Kills; i++)
        {
            Write("old");
            using (var checkOut = Start("checkout", "-f", experiment.Id))
            {
                // While files wait in the staging directory, or a moment after the first is in its place.
                await WaitAsync(checkOut, i < 1 ? () => Directory.EnumerateDirectories(_project.Directory.Path, CheckOut.StagingPrefix + "*").Any() : IsPlacing);
                await Task.Delay(moments.Next(0, 30), Archive.Token);
                checkOut.Kill();
                await checkOut.WaitForExitAsync(Archive.Token);
            }

            var texts = Texts();
            interrupted += texts.Length == 2 ? 1 : 0;
            using (var list = Start("ls", "-q"))
            {
                await list.WaitForExitAsync(Archive.Token);
                Assert.Equal(0, list.ExitCode);
            }

            var text = Assert.Single(Texts());
            (old, @new) = text == "old" ? (old + 1, @new) : (old, @new + 1);
            Assert.Empty(Directory.EnumerateDirectories(_project.Directory.Path, CheckOut.StagingPrefix + "*"));
            Assert.Equal(Files, Directory.EnumerateFiles(_project.Directory.Combine("data"), "*", SearchOption.AllDirectories).Count());
        }

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {interrupted} left a mixture; then {old} old, {@new} new.");
        Assert.Equal(Kills, old + @new);
    }

    private bool IsPlacing() =>
        Directory.EnumerateDirectories(_project.Directory.Path, CheckOut.StagingPrefix + "*")
            .Any(staging => Directory.Exists(Path.Combine(staging, Placement.Replaced)));

    private static async Task WaitAsync(Process process, Func<bool> isReached)
    {
        while (!process.HasExited && !isReached())
        {
            await Task.Delay(1, Archive.Token);
        }
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(CommandResult.Program, [.. arguments, "-R", "file://.replicate"])
        {
            WorkingDirectory = _project.Directory.Path,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["REPLICATE_STATE"] = _state.Path, ["REPLICATE_REPOSITORY"] = null },
        };
        return Process.Start(start)!;
    }

    private void Write(string text)
    {
        for (var i = 0; i < Files; i++)
        {
            _project.Directory.Write(FormattableString.Invariant($"data/{i / 100}/{i}"), text);
        }
    }

    private string[] Texts() => [.. Directory.EnumerateFiles(_project.Directory.Combine("data"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Distinct()];
}
