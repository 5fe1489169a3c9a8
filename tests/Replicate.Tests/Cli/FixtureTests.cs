using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed partial class FixtureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("keepsake-iris", "ls-all.txt", "--all")]
    public async Task Ls_lists_all_that_the_original_does(string name, string expected, params string[] options)
    {
        var project = _directory.CopyOf(Checkout.Fixture(name));
        var result = await CommandResult.OfAsync(project, ["ls", .. options]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Expected.Lines(Expected.File(project, expected)), Expected.Lines(result.Output));
    }

    [Theory]
    [InlineData(
        "keepsake-iris",
        " Id Age Status learning_rate loss Best Trend",
        "* 0cb9836 AGE stopped 0.01 0.89197 33c5df3 (step 11) █▇▆▆▄▄▃▂▂▁",
        " bcbf2e5 AGE stopped 0.2 3.0539 463ce25 (step 11) ▅▇▃█▃▃▂▂▂▁")]
    [InlineData("keepsake-edge", "3bb2aad AGE stopped 3 adam", "ced3f07 AGE stopped three 5")]
    public async Task Ls_has_a_column_for_each_param_that_differs(string name, params string[] expected)
    {
        var project = _directory.CopyOf(Checkout.Fixture(name));
        var result = await CommandResult.OfAsync(project, "ls");
        Assert.All(expected, line => Assert.Contains(line, Expected.Lines(result.Output)));
    }

    [Theory]
    [InlineData("keepsake-iris", "ls.json", "ls", "--json")]
    [InlineData("keepsake-edge", "ls.json", "ls", "--json")]
    [InlineData("keepsake-iris", "ls-quiet.txt", "ls", "-q")]
    [InlineData("keepsake-edge", "ls-quiet.txt", "ls", "--quiet")]
    [InlineData("keepsake-iris", "show-0cb9836.json", "show", "--json", "0cb9836")]
    [InlineData("keepsake-edge", "show-ffc8452.json", "show", "ffc8452", "--json")]
    [InlineData("keepsake-edge", "show-f3b49c1.json", "show", "f3b49c1", "--json")]
    public async Task What_scripts_read_is_what_the_original_prints(string name, string expected, params string[] arguments)
    {
        var project = _directory.CopyOf(Checkout.Fixture(name));
        var result = await CommandResult.OfAsync(project, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(Expected.File(project, expected), result.Output);
    }

    [Theory]
    [InlineData("keepsake-iris", "show-0cb9836.txt", "show", "--all", "0cb9836")]
    [InlineData("keepsake-iris", "show-bcbf2e5.txt", "show", "--all", "bcbf2e5")]
    [InlineData("keepsake-edge", "show-dea2176.txt", "show", "--all", "dea2176")]
    [InlineData("keepsake-edge", "show-f3b49c1.txt", "show", "--all", "f3b49c1")]
    [InlineData("keepsake-edge", "show-3bb2aad.txt", "show", "--all", "3bb2aad")]
    [InlineData("keepsake-iris", "diff-0cb9836-bcbf2e5.txt", "diff", "0cb9836", "bcbf2e5")]
    public async Task Pages_hold_what_the_original_shows(string name, string expected, params string[] arguments)
    {
        var project = _directory.CopyOf(Checkout.Fixture(name));
        var result = await CommandResult.OfProgramAsync(project, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var text = Expected.File(project, expected)
            .Replace("Python Packages", "Python packages", StringComparison.Ordinal)
            .Replace("see more details about", "see more about", StringComparison.Ordinal)
            .Replace("keepsake show <checkpoint ID>", "replicate show <checkpoint id>", StringComparison.Ordinal);
        Assert.Equal(WithoutTable(text), WithoutTable(Added().Replace(result.Output, "")));
    }

    [Theory]
    [InlineData("keepsake-iris", "0cb9836")]
    [InlineData("keepsake-iris", "bcbf2e5")]
    [InlineData("keepsake-edge", "657fee7")]
    [InlineData("keepsake-edge", "dea2176")]
    public async Task Checkout_writes_the_files_that_the_original_does(string name, string id)
    {
        var project = _directory.CopyOf(Checkout.Fixture(name));
        var target = _directory.Combine("target");
        var result = await CommandResult.OfAsync(project, "checkout", id, "-o", target);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            Expected.File(project, $"checkout-{id}.txt").TrimEnd().Split('\n').Order(StringComparer.Ordinal),
            Describe(target).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("3bb2aad")]
    [InlineData("f3b49c1")]
    public async Task Checkout_of_metrics_alone_is_an_error(string id)
    {
        var project = _directory.CopyOf(Checkout.Fixture("keepsake-edge"));
        var result = await CommandResult.OfAsync(project, "checkout", id, "-o", _directory.Combine("target"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(id, result.Error, StringComparison.Ordinal);
    }

    /// <summary>The lines of a page but for the table of checkpoints, of which each has its own, and what it has of each.</summary>
    private static string[] WithoutTable(string text)
    {
        var lines = Expected.Lines(text);
        var start = Array.IndexOf(lines, "Checkpoints");
        var end = start < 0 ? -1 : Array.IndexOf(lines, "", start);
        return start < 0 ? lines :
        [
            .. lines[..(start + 1)],
            .. lines[(start + 2)..end].Select(line => string.Join(' ', line.TrimStart('*', ' ').Split(' ').Take(2))),
            .. lines[end..],
        ];
    }

    // Lines that the original has not.
    [GeneratedRegex("^(Duration|Path): .*\n", RegexOptions.Multiline)]
    private static partial Regex Added();

    private static IEnumerable<string> Describe(string directory) =>
        from file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(directory, file).Replace('\\', '/')
        let mode = OperatingSystem.IsWindows() ? "644" : Convert.ToString((int)File.GetUnixFileMode(file), 8)
        select $"./{name}\t{mode}\t{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}";
}
