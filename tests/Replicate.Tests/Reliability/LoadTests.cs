using Replicate.Reliability;
using Replicate.Reliability.Load;

namespace Replicate.Tests.Reliability;

/// <summary>The cheap one of the loads; `./build.sh reliability load` has the others.</summary>
public class LoadTests
{
    [Fact]
    public async Task Long_and_deep_paths_and_names_that_look_the_same_come_back()
    {
        using var scratch = new Scratch();
        Assert.Equal("", (await LoadRun.TreeAsync(RunOptions.Parse([]), scratch)).Explain());
    }
}
