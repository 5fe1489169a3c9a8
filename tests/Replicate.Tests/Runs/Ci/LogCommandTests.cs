using Replicate.Cli;
using Replicate.Tests.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Ci;

public class LogCommandTests
{
    [Theory]
    [InlineData("##vso[task.setvariable variable=x]y", "\\u0023#vso[task.setvariable variable=x]y")]
    [InlineData("a ##[error]b", "a \\u0023#[error]b")]
    [InlineData("###VSO[x]", "\\u0023\\u0023#VSO[x]")]
    [InlineData("::set-output name=x::y", "\\u003a:set-output name=x\\u003a:y")]
    [InlineData("  ::warning::y", "  \\u003a:warning\\u003a:y")]
    [InlineData("#\u200b#vso[x]", "#\\u200b#vso[x]")]
    [InlineData("##\u200bvso[x]", "\\u0023#\\u200bvso[x]")]
    [InlineData("\u001b[0m##[error]x", "\\u001b[0m\\u0023#[error]x")]
    [InlineData("x\n##[error]x", "x\\n\\u0023#[error]x")]
    [InlineData("# heading [1] 1::2 a: b #[x]", "# heading [1] 1::2 a: b #[x]")]
    public void In_CI_what_an_agent_would_obey_is_escaped(string text, string expected)
    {
        Assert.Equal(expected, VisibleText.Of(text, inCi: true));
        Assert.DoesNotContain("\\u0023", VisibleText.Of(text, inCi: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TF_BUILD")]
    [InlineData("GITHUB_ACTIONS")]
    public async Task What_the_command_shows_of_a_repository_holds_no_command(string service)
    {
        const string Commands = "##vso[task.setvariable variable=x]y ##[error]z ::set-output name=a::b";
        using var project = new TestProject();
        var created = await project.CreateAsync(new Dictionary<string, object> { [Commands] = Commands, ["long"] = Commands + new string('x', 500) });
        await created.CheckpointAsync(
            new CheckpointOptions { Metrics = new Dictionary<string, object> { [Commands] = Commands } }, cancellationToken: TestContext.Current.CancellationToken);
        await created.SetAsync([Commands], Commands, TestContext.Current.CancellationToken);

        foreach (var arguments in new[] { "ls", "ls --verbose", "ls --json", "show " + created.ShortId, "show --json " + created.ShortId, "ls --filter ##vso[x]=1", "show ##vso[x]" })
        {
            var result = await CommandResult.OfProgramAsync(project.Directory.Path, service, arguments.Split(' '));
            Assert.NotEmpty(result.Output + result.Error);
            Assert.All((result.Output + result.Error).Split('\n'), line => Assert.DoesNotMatch(@"##vso\[|##\[|^\s*::\w", line));
        }

        var json = await CommandResult.OfProgramAsync(project.Directory.Path, service, ["show", "--json", created.ShortId]);
        Assert.Equal(Commands, System.Text.Json.JsonDocument.Parse(json.Output).RootElement.GetProperty("params").GetProperty(Commands).GetString());
    }

    [Fact]
    public void Json_reads_back_as_the_same_text()
    {
        using var output = new MemoryStream();
        using (var defused = new Replicate.Cli.DefusedJson(output))
        {
            defused.Write("""{"note": "##vso[x] #"}"""u8);
        }

        var json = System.Text.Encoding.UTF8.GetString(output.ToArray());
        Assert.DoesNotContain('#', json);
        Assert.Equal("##vso[x] #", System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("note").GetString());
    }
}
