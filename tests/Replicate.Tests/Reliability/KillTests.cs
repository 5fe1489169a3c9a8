using Replicate.Reliability;
using Replicate.Reliability.Faults;
using Replicate.Reliability.Kills;
using Replicate.Tests.Cli;

namespace Replicate.Tests.Reliability;

/// <summary>A few kills; `./build.sh reliability kills` goes on with more.</summary>
public class KillTests
{
    [Fact]
    public async Task What_a_killed_process_was_told_is_there_once_and_whole()
    {
        using var scratch = new Scratch();
        using var place = await Place.OpenAsync("disk", scratch);
        var row = await KillRun.RunAsync(place!, RunOptions.Parse(["--count", "8"]), scratch, together: 4);
        Assert.Equal("", row.Explain());
    }

    [Fact]
    public async Task What_a_killed_run_had_passed_on_a_second_before_is_in_its_log()
    {
        using var scratch = new Scratch();
        var row = await LogKills.RunAsync(RunOptions.Parse(["--count", "2"]), scratch, CommandResult.Program);
        Assert.Equal("", row.Explain());
    }
}
