using Replicate.Cli;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    // A directory that is meant to have a repository, so that nobody is warned of another.
    public UsageTests() => Directory.CreateDirectory(Path.Combine(_directory.Path, ".replicate"));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("lss")]
    [InlineData("ls", "--nonsense")]
    [InlineData("ls", "unexpected")]
    [InlineData("ls", "-q", "--json")]
    [InlineData("ps", "--quiet", "--all")]
    [InlineData("show")]
    [InlineData("show", "a", "b")]
    [InlineData("diff", "a")]
    [InlineData("checkout")]
    [InlineData("rm")]
    public async Task Wrong_usage_ends_with_2_and_a_hint(params string[] arguments)
    {
        var result = await CommandResult.OfAsync(_directory.Path, arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("Error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "0123")]
    [InlineData("rm", "-f", "0123")]
    [InlineData("diff", "0123", "4567")]
    [InlineData("ls", "--filter", "nonsense")]
    [InlineData("ls", "-R", "ftp://host")]
    public async Task An_error_ends_with_1_says_what_is_wrong_and_what_to_do(params string[] arguments)
    {
        var result = await CommandResult.OfAsync(_directory.Path, arguments);
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        var lines = result.Error.TrimEnd().Split('\n');
        Assert.StartsWith("Error: ", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length >= 2, result.Error);
    }

    [Theory]
    [InlineData()]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_names_every_command(params string[] arguments)
    {
        var result = await CommandResult.OfAsync(_directory.Path, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.All(["ls", "ps", "show", "diff", "checkout", "rm"], name => Assert.Contains($" {name}", result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_program_tells_its_version()
    {
        var result = await CommandResult.OfProgramAsync(_directory.Path, "--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^replicate \d+\.\d+\.\d+\r?\n$", result.Output);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("processes")]
    public async Task The_longer_names_of_the_original_work(string name)
    {
        var result = await CommandResult.OfAsync(_directory.Path, name);
        Assert.Equal((0, "", "No experiments found."), (result.ExitCode, result.Output, result.Error.TrimEnd()));
    }

    [Fact]
    public async Task A_cancelled_command_ends_with_130()
    {
        _directory.WriteExperiment("aaaaaaaaaaaaaaaa");
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();
        using var terminal = new Replicate.Cli.Terminal(Stream.Null, Stream.Null) { ReadLine = () => null };
        Assert.Equal(
            130, await Replicate.Cli.ReplicateCommand.RunAsync(["ls"], terminal, _directory.Path, interrupted.Token));
    }
}
