using Replicate.Reliability;
using Replicate.Reliability.Fuzzing;

namespace Replicate.Tests.Reliability;

/// <summary>A few thousand inputs of a fixed seed; `./build.sh reliability fuzz` goes on with others.</summary>
public class FuzzTests
{
    private const long Seed = 20261121;

    [Theory]
    [InlineData("metadata", 1000)]
    [InlineData("heartbeat", 500)]
    [InlineData("specification", 300)]
    [InlineData("yaml", 300)]
    [InlineData("ignore", 100)]
    [InlineData("query", 1000)]
    [InlineData("tarball", 300)]
    [InlineData("repository", 30)]
    [InlineData("cache", 30)]
    [InlineData("spool", 5)]
    public async Task Wrong_input_is_refused_in_time_and_does_no_harm(string target, int count)
    {
        var options = RunOptions.Parse([target, "--seed", $"{Seed}", "--count", $"{count}", "--minutes", "1"]);
        var rows = await Fuzzer.RunAsync(options, findings: null, measuresMemory: false).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", Assert.Single(rows).Explain());
    }
}
