using System.Text.Json;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed class NameTests : IDisposable
{
    private readonly TestProject _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task A_checkpoint_is_named_shown_checked_out_moved_and_deleted_by_force()
    {
        var experiment = await _test.CreateAsync();
        _test.Directory.Write("model.bin", "old");
        var old = await experiment.AddAsync(ExperimentSteps.Loss(0.5), "model.bin");
        _test.Directory.Write("model.bin", "new");
        var latest = await experiment.AddAsync(ExperimentSteps.Loss(0.25), "model.bin");

        Assert.Equal(
            $"Checkpoint {old.ShortId} of experiment {experiment.ShortId} has the name production\n",
            (await RunAsync("name", "production", old.Id, "--reason", "first")).Output);
        Assert.Equal(0, (await RunAsync("name", "production", experiment.Id, "--reason", "passed review")).ExitCode);
        var list = (await RunAsync("name")).Output.Split('\n');
        Assert.StartsWith("Name        Checkpoint", list[0], StringComparison.Ordinal);
        Assert.StartsWith($"production  {latest.ShortId}", list[1], StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await RunAsync("name", "production", "--json")).Output);
        Assert.Equal(["first", "passed review"], json.RootElement.GetProperty("history").EnumerateArray().Select(change => change.GetProperty("why").GetString()));
        Assert.Contains("passed review", (await RunAsync("name", "production")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("checkout", "production", "-o", "out")).ExitCode);
        Assert.Equal("new", await File.ReadAllTextAsync(_test.Directory.Combine("out", "model.bin"), TestContext.Current.CancellationToken));
        Assert.Contains("0.25", (await RunAsync("show", "production")).Output, StringComparison.Ordinal);
        Assert.Contains("0.5", (await RunAsync("diff", "production", old.Id)).Output, StringComparison.Ordinal);

        var kept = await RunAsync("rm", "production");
        Assert.Equal(1, kept.ExitCode);
        Assert.Contains("has a name: 'production'", kept.Error, StringComparison.Ordinal);
        Assert.Contains("--force", kept.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("rm", "-f", "production")).ExitCode);
        Assert.Equal((0, "No names found.\n"), ((await RunAsync("name")).ExitCode, (await RunAsync("name")).Error));
    }

    [Fact]
    public async Task A_protected_name_needs_force()
    {
        var experiment = await _test.CreateAsync();
        var (first, second) = (await experiment.AddAsync(), await experiment.AddAsync());
        Assert.Equal(0, (await RunAsync("name", "production", first.Id, "--protect")).ExitCode);
        Assert.Contains("is protected", (await RunAsync("name", "production", second.Id)).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("name", "production", second.Id, "--force", "--protect=false")).ExitCode);
        Assert.Equal("Took the name production off\n", (await RunAsync("name", "production", "--remove")).Output);
        Assert.Equal(2, (await RunAsync("name", "--remove")).ExitCode);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandResult.OfAsync(_test.Directory.Path, arguments);
}
