using Replicate.Reliability;
using Replicate.Reliability.Faults;

namespace Replicate.Tests.Reliability;

/// <summary>Stores that fail a few times, but for reads that end early without a word: docs/RELIABILITY.md says what is open there; `./build.sh reliability faults` goes on with more.</summary>
public class FaultTests
{
    [Theory]
    [InlineData("disk", FaultKind.Fail)]
    [InlineData("disk", FaultKind.Delay)]
    [InlineData("disk", FaultKind.Reorder)]
    [InlineData("spool", FaultKind.Fail)]
    [InlineData("spool", FaultKind.Delay)]
    [InlineData("spool", FaultKind.Duplicate)]
    [InlineData("spool", FaultKind.Reorder)]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_listed_without_data(string name, FaultKind kind)
    {
        using var scratch = new Scratch();
        using var place = await Place.OpenAsync(name, scratch);
        var row = await FaultRun.RunAsync(place!, RunOptions.Parse(["--seed", "7", "--count", "5"]), scratch, kind);
        Assert.Equal("", row.Explain());
    }
}
