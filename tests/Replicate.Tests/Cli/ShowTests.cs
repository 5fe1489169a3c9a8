using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed class ShowTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_checkpoint_without_a_metric_of_another_is_blank_there()
    {
        var primary = """{"name": "loss", "goal": "minimize"}""";
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", checkpoints: $"""
            [{RepositoryFiles.Checkpoint("c1c1c1c1c1", 1, """{"loss": 0.5, "accuracy": 0.25}""", primary)},
             {RepositoryFiles.Checkpoint("c2c2c2c2c2", 2, """{"loss": 0.125}""", primary)}]
            """);
        var lines = (await CommandResult.OfAsync(_directory.Path, "show", "aaa")).Output.Split('\n').ToList();
        var table = lines.GetRange(lines.IndexOf("Checkpoints") + 1, 3);
        Assert.Equal(
            [
                "ID       STEP  CREATED     ACCURACY  LOSS",
                "c1c1c1c  1     2020-09-01  0.25      0.5",
                "c2c2c2c  2     2020-09-01            0.125 (best)",
            ],
            table);
    }

    [Fact]
    public async Task A_checkpoint_is_shown_with_its_experiment_and_primary_metric()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", """{"rate": 0.01}""", $"""
            [{RepositoryFiles.Checkpoint("c1c1c1c1c1", 1, """{"loss": 0.5}""", """{"name": "loss", "goal": "minimize"}""")}]
            """);
        var output = (await CommandResult.OfAsync(_directory.Path, "show", "c1c")).Output;
        Assert.StartsWith("Checkpoint: c1c1c1c1c1\n", output, StringComparison.Ordinal);
        Assert.Matches(@"\nID: +aaaaaaaaaaaaaaaa\n", output);
        Assert.Matches(@"\nloss: +0\.5 \(primary, minimize\)\n", output);
    }

    [Fact]
    public async Task Of_many_packages_the_known_ones_are_shown_until_all_are_asked_for()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", more: """
            , "python_packages": {"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "numpy": "1.24", "torch": "2.0"}
            """);
        var few = (await CommandResult.OfAsync(_directory.Path, "show", "aaa")).Output;
        Assert.Contains("torch:", few, StringComparison.Ordinal);
        Assert.Contains("... and 5 more.", few, StringComparison.Ordinal);
        Assert.DoesNotContain("\nc:", few, StringComparison.Ordinal);
        Assert.Contains("\nc:", (await CommandResult.OfAsync(_directory.Path, "show", "--all", "aaa")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_gives_each_side_a_column_and_needs_no_checkpoint()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", """{"rate": 1}""");
        _directory.WriteExperiment("bbbbbbbbbbbbbbbb", """{"rate": 2}""");
        _directory.WriteExperiment("cccccccccccccccc", "{}");
        var result = await CommandResult.OfAsync(_directory.Path, "diff", "aaa", "bbb", "ccc");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"\nID: +aaaaaaa +bbbbbbb +ccccccc\n", result.Output);
        Assert.Matches(@"\nrate: +1 +2 +\(not set\)\n", result.Output);
        Assert.Matches(@"\nID: +\(none\) +\(none\) +\(none\)\n", result.Output);
    }
}
