using System.Text.Json.Nodes;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed class ListTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_pipe_gets_no_colour_codes()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", checkpoints: $"[{RepositoryFiles.Checkpoint("cccccccccccc", 1, """{"loss": 1}""")}]");
        foreach (var arguments in new[] { new[] { "ls" }, ["show", "aaa"], ["show", "ccc"], ["diff", "aaa", "ccc"] })
        {
            var result = await CommandResult.OfProgramAsync(_directory.Path, arguments);
            Assert.Equal(0, result.ExitCode);
            Assert.DoesNotContain('\e', result.Output + result.Error);
        }
    }

    [Fact]
    public async Task Control_characters_do_not_break_the_table()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa", """{"text": "one\ntwo\u001b[31m"}""");
        var result = await CommandResult.OfAsync(_directory.Path, "ls", "--all");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(@"text=one\ntwo", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output);
    }

    [Fact]
    public async Task Host_and_user_are_shown_when_they_differ()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa");
        Assert.DoesNotContain("User", (await CommandResult.OfAsync(_directory.Path, "ls")).Output, StringComparison.Ordinal);
        _directory.WriteExperiment("bbbbbbbbbbbbbbbb", more: """, "user": "eva" """);
        var result = await CommandResult.OfAsync(_directory.Path, "ls");
        Assert.Contains("User", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Host", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_add_up_and_the_order_can_be_reversed()
    {
        foreach (var (id, rate) in new[] { ("aaaaaaaaaaaaaaaa", 1), ("bbbbbbbbbbbbbbbb", 2), ("cccccccccccccccc", 3), ("dddddddddddddddd", 4) })
        {
            _directory.WriteExperiment(id, $$"""{"rate": {{rate}}}""");
        }

        var result = await CommandResult.OfAsync(
            _directory.Path, "ls", "-q", "-f", "rate > 1", "--filter", "rate < 4", "--sort", "rate-desc");
        Assert.Equal((0, "cccccccccccccccc\nbbbbbbbbbbbbbbbb\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Ps_lists_what_is_running_alone()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa");
        _directory.WriteExperiment("bbbbbbbbbbbbbbbb");
        _directory.Write(
            ".replicate/metadata/heartbeats/bbbbbbbbbbbbbbbb.json",
            $$"""{"experiment_id": "bbbbbbbbbbbbbbbb", "last_heartbeat": "{{Timestamp.Now}}"}""");
        Assert.Equal("bbbbbbbbbbbbbbbb\n", (await CommandResult.OfAsync(_directory.Path, "ps", "-q")).Output);
        Assert.Contains(" running", (await CommandResult.OfAsync(_directory.Path, "ps")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recorded_failure_is_shown_with_its_exit_code()
    {
        _directory.WriteExperiment(
            "aaaaaaaaaaaaaaaa", more: """, "replicate_version": "0.1.0", "powershell": {"status": "failed", "exit_code": 3}""");
        Assert.Contains(
            "failed (3)", (await CommandResult.OfAsync(_directory.Path, "ls")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_experiments_are_an_empty_json_list()
    {
        Directory.CreateDirectory(_directory.Combine(".replicate"));
        var result = await CommandResult.OfAsync(_directory.Path, "ls", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Empty(JsonNode.Parse(result.Output)!.AsArray());
    }

    [Fact]
    public async Task The_repository_can_be_named_without_a_configuration_file()
    {
        var elsewhere = Directory.CreateDirectory(_directory.Combine("elsewhere")).FullName;
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa");
        var repository = "file://" + _directory.Combine(".replicate");
        Assert.Equal("aaaaaaaaaaaaaaaa\n", (await CommandResult.OfAsync(elsewhere, "ls", "-q", "-R", repository)).Output);
        Assert.Equal("aaaaaaaaaaaaaaaa\n", (await CommandResult.OfAsync(elsewhere, "-D", "..", "ls", "-q")).Output);
    }

    [Fact]
    public async Task A_damaged_metadata_file_is_named_in_a_warning()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa");
        _directory.Write(".replicate/metadata/experiments/bad.json", "{}");
        var result = await CommandResult.OfAsync(_directory.Path, "ls", "-q");
        Assert.Equal((0, "aaaaaaaaaaaaaaaa\n"), (result.ExitCode, result.Output));
        Assert.StartsWith("Warning: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("bad.json", result.Error, StringComparison.Ordinal);
    }
}
