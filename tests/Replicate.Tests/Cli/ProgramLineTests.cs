using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

/// <summary>After the program's name everything is the program's, as with <c>env</c> and <c>nice</c>.</summary>
public class ProgramLineTests
{
    private const string Script = "printf '%s|' \"$0\" \"$@\"";

    [Theory]
    [InlineData("-v", "x=1")]
    [InlineData("-c", "other", "-p", "lr=2", "-m", "acc", "-t", "tag")]
    [InlineData("--tag=theirs", "--note", "theirs", "--every", "0")]
    [InlineData("--", "-v", "--", "x")]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("-R", "s3://nowhere", "-D", "/nowhere", "--color=false")]
    [InlineData("--only-better", "--tty", "--grid", "true")]
    [InlineData("-", "", "-1", "--=", "@file", "[suggest]")]
    [InlineData("run", "ls", "--json")]
    public async Task What_follows_the_name_of_the_program_is_its_own(params string[] words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(project.Directory.Path, ["run", "-t", "ours", "-p", "lr=1", "sh", "-c", Script, .. words]);

        Assert.Equal((0, string.Concat(words.Select(word => word + "|"))), (result.ExitCode, result.Output));
        var experiment = Assert.Single(await project.ListAsync());
        Assert.Equal(("ours", "lr=1"), (experiment.Tags.ToString(), experiment.Params.ToString()));
    }

    [Theory]
    [InlineData("-c", "model")]
    [InlineData("-cmodel")]
    [InlineData("--checkpoint-path=model")]
    [InlineData("--checkpoint-path:model")]
    [InlineData("--params-from-arguments")]
    [InlineData("--grid", "-p", "n=[1]")]
    [InlineData("-v")]
    [InlineData("--")]
    [InlineData("-v", "--")]
    public async Task Options_before_it_are_ours_whatever_their_form(params string[] options)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs true.");
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(project.Directory.Path, ["run", .. options, "true", "-v", "--", "-c"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("true -v -- -c", Assert.Single(await project.ListAsync()).Command);
    }

    [Fact]
    public async Task Options_before_the_command_are_ours_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a Unix shell.");
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(project.Directory.Path, "-R", "file://other", "run", "sh", "-c", Script, "-R", "x");

        Assert.Equal((0, "-R|x|"), (result.ExitCode, result.Output));
        Assert.True(Directory.Exists(project.Directory.Combine("other", "metadata")));
    }

    [Theory]
    [InlineData("--evry", "2", "true")]
    [InlineData("-z", "true")]
    [InlineData("--tags=a", "true")]
    public async Task An_option_that_is_none_is_wrong_usage_and_no_program(params string[] words)
    {
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(project.Directory.Path, ["run", .. words]);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"Error: '{words[0]}' is no option of 'run'", result.Error, StringComparison.Ordinal);
        Assert.Empty(project.RepositoryFiles());
    }

    [Fact]
    public async Task A_program_whose_name_looks_like_an_option_goes_behind_two_dashes()
    {
        using var project = new TestProject();

        var result = await CommandResult.OfAsync(project.Directory.Path, "run", "--", "--no-such-program");

        Assert.Equal(127, result.ExitCode);
        Assert.Contains("'--no-such-program'", result.Error, StringComparison.Ordinal);
    }
}
