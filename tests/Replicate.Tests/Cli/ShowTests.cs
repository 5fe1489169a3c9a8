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
                "  Id       Step  Age         loss   accuracy",
                "  c1c1c1c  1     2020-09-01  0.5    0.25",
                "* c2c2c2c  2     2020-09-01  0.125",
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

    [Fact]
    public async Task Diff_of_files_shows_sizes_and_lines_without_escape_codes_in_a_pipe()
    {
        var (left, right) = await SaveTwoAsync();
        var result = await CommandResult.OfAsync(_directory.Path, "diff", left, right, "--files");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"\nFiles\nnew: +\(not set\) +3 bytes\ntrain.py: +4 bytes +4 bytes\n", result.Output);
        Assert.EndsWith("\n@@ -1,2 +1,2 @@\n a\n-b\n+\\u001b\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("new:", (await CommandResult.OfAsync(_directory.Path, "diff", left, right, "--path", "train.py")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Files", (await CommandResult.OfAsync(_directory.Path, "diff", left, right)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_prints_json()
    {
        var (left, right) = await SaveTwoAsync();
        var result = await CommandResult.OfAsync(_directory.Path, "diff", left, right, "--json", "--files");
        using var json = System.Text.Json.JsonDocument.Parse(result.Output);
        Assert.Equal([left, right], json.RootElement.GetProperty("sides").EnumerateArray().Select(side => side.GetProperty("experiment").GetString()));
        var differences = json.RootElement.GetProperty("differences").EnumerateArray().ToDictionary(
            difference => $"{difference.GetProperty("section")}/{difference.GetProperty("name")}");
        Assert.Equal("[1,null]", Compact(differences["Params/rate"].GetProperty("values")));
        Assert.Equal("[true,false]", Compact(differences["Params/rate"].GetProperty("has")));
        Assert.Matches("^\"....-..-..T.*Z\"$", Compact(differences["Experiment/Created"].GetProperty("values")[0]));
        Assert.Equal("added", differences["Files/new"].GetProperty("change").GetString());
        Assert.Equal("[null,3]", $"[{Compact(differences["Files/new"].GetProperty("values")[0])},{differences["Files/new"].GetProperty("values")[1].GetProperty("size")}]");
        Assert.EndsWith("-b\n+\u001b\n", differences["Files/train.py"].GetProperty("diff").GetString(), StringComparison.Ordinal);
    }

    private static string Compact(System.Text.Json.JsonElement element) => System.Text.Json.JsonSerializer.Serialize(element);

    private async Task<(string Left, string Right)> SaveTwoAsync()
    {
        var project = new Project("file://.replicate", _directory.Path);
        var ids = new List<string>();
        foreach (var (code, parameters) in new[] { ("a\nb\n", new Dictionary<string, object> { ["rate"] = 1 }), ("a\n\u001b\n", []) })
        {
            _directory.Write("train.py", code);
            ids.Add((await project.Experiments.CreateAsync(
                new ExperimentOptions { Params = parameters, Path = ".", Heartbeat = HeartbeatMode.None },
                cancellationToken: TestContext.Current.CancellationToken)).Id);
            _directory.Write("new", "new");
        }

        return (ids[0], ids[1]);
    }
}
