using System.Diagnostics;
using System.Text;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Reliability;

/// <summary>A repository that somebody of ill will wrote shows as harmless text.</summary>
public sealed class HostileRepositoryTests : IDisposable
{
    private const string Escapes = "\\u001b]0;owned\\u0007\\u001b[2J\\u001b[31m\\u009b5n\\u0008\\u007f\\u202e\\r\\nError: none";

    private readonly TemporaryDirectory _directory = new();

    public HostileRepositoryTests()
    {
        _directory.Write("replicate.yaml", "repository: file://repository");
        _directory.Write("repository/repository.json", """{"version":1}""");
        Write("aaaa", Escapes, new string('[', 60) + new string(']', 60), Escapes);
        Write("bbbb", "<script>alert(1)</script>", "1e308", new string('x', 10_000_000));
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ls")]
    [InlineData("ls", "--json")]
    [InlineData("ls", "-q")]
    [InlineData("ls", "--filter", "command != x", "--sort", "note")]
    [InlineData("ps")]
    [InlineData("show", "aaaa")]
    [InlineData("show", "aaaa", "--json")]
    [InlineData("show", "caaaa")]
    [InlineData("show", "bbbb")]
    [InlineData("diff", "aaaa", "bbbb")]
    [InlineData("checkout", "aaaa", "-o", "out", "--verbose")]
    [InlineData("rm", "-f", "aaaa", "--verbose")]
    [InlineData("show", "\u001b[2J")]
    public async Task No_command_says_what_a_terminal_would_obey(params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        var result = await CommandResult.OfAsync(_directory.Path, arguments);

        var said = result.Output + result.Error;
        Assert.DoesNotContain(said.ReplaceLineEndings("\n"), c => c != '\n' && (char.IsControl(c) || (c == '\u202e' && !arguments.Contains("--json"))));
        Assert.DoesNotContain("\nError: none", said, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It took {clock.Elapsed}.");
    }

    [Theory]
    [InlineData("\\u001b[2J")]
    [InlineData("../../outside")]
    [InlineData("..")]
    [InlineData("a\\\\b")]
    public async Task An_id_that_no_file_has_is_passed_over_with_a_warning(string id)
    {
        _directory.Write("repository/metadata/experiments/cccc.json", $$"""{"id": "{{id}}", "created": "2020-09-01T21:42:25Z"}""");

        var result = await CommandResult.OfAsync(_directory.Path, "ls", "-q");

        Assert.Equal(["aaaa", "bbbb"], result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        Assert.Contains("cccc.json", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_in_escapes_that_are_none_is_refused() => Assert.Throws<FormatException>(() => MetadataReader.ReadHeartbeat(
        Encoding.UTF8.GetBytes("""{"experiment_id": "a", "last_heartbeat": "\ud800 2020-09-01T21:42:25Z"}""")));

    private void Write(string id, string text, string deep, string longText) => _directory.Write($"repository/{RepositoryKeys.Metadata(id)}", $$"""
        {"id": "{{id}}", "created": "9999-12-31T23:59:59.999999999Z", "params": {"{{text}}": "{{text}}", "deep": {{deep}}, "big": 1e308},
        "host": "{{text}}", "user": "{{text}}", "config": {"repository": "{{text}}"}, "command": "{{longText}}", "path": "{{text}}",
        "python_version": "{{text}}", "python_packages": {"{{text}}": "{{text}}", "torch": "{{text}}"},
        "checkpoints": [{"id": "c{{id}}", "created": "0001-01-01T00:00:00Z", "metrics": {"{{text}}": "{{longText}}", "loss": 1e308}, "step": 9223372036854775807,
        "path": "{{text}}", "primary_metric": {"name": "{{text}}", "goal": "{{text}}"} }], "replicate_version": "{{text}}",
        "powershell": {"version": "1", "status": "failed", "exit_code": -1, "error_output": "{{text}}", "ended": "0001-01-01T00:00:00Z", "note": "{{text}}",
        "tags": ["{{text}}"], "parent": "{{text}}", "git": {"branch": "{{text}}", "commit": "{{text}}"}, "environment": {"{{text}}": "{{text}}"} } }
        """);
}
