using Replicate.Tests.Support;

namespace Replicate.Tests.Cli;

public sealed class RemoveAndCheckoutTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string Iris() => _directory.CopyOf(Checkout.Fixture("keepsake-iris"), "iris");

    [Fact]
    public async Task Rm_needs_force_where_nobody_can_be_asked()
    {
        var project = Iris();
        var result = await CommandResult.OfProgramAsync(project, "rm", "0cb9836");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("--force", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandResult.OfAsync(project, "show", "0cb9836")).ExitCode);
    }

    [Fact]
    public async Task Rm_of_a_checkpoint_says_so_and_leaves_an_experiment_that_can_be_checked_out()
    {
        var project = Iris();
        var result = await CommandResult.OfAsync(project, "rm", "-f", "33c5df3");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Removing checkpoint 33c5df3 of experiment 0cb9836\n", result.Output);
        Assert.Equal(1, (await CommandResult.OfAsync(project, "show", "33c5df3")).ExitCode);
        var checkout = await CommandResult.OfAsync(project, "checkout", "0cb9836", "-o", _directory.Combine("target"));
        Assert.Contains("its best checkpoint 3595933 (step ", checkout.Output, StringComparison.Ordinal);
        Assert.Contains("), best by ", checkout.Output, StringComparison.Ordinal);
        Assert.Equal(0, checkout.ExitCode);
    }

    [Theory]
    [InlineData("best", "--best")]
    [InlineData("late", "--latest")]
    [InlineData("best")]
    public async Task Checkout_of_an_experiment_takes_the_checkpoint_that_is_chosen(string model, params string[] options)
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        foreach (var (loss, text) in new[] { (0.1, "best"), (0.2, "late") })
        {
            project.Directory.Write("model.bin", text);
            await experiment.AddAsync(ExperimentSteps.Loss(loss), "model.bin", primary: new("loss", Goal.Minimize));
        }

        var result = await CommandResult.OfAsync(project.Directory.Path, ["checkout", experiment.Id, "-o", "out", .. options]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(model == "best" ? ", best by loss\n" : ", latest\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(model, await File.ReadAllTextAsync(project.Directory.Combine("out", "model.bin"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Checkout_refuses_a_choice_that_leaves_none()
    {
        using var project = new TestProject();
        var experiment = await project.CreateAsync();
        project.Directory.Write("model.bin", "1");
        var checkpoint = await experiment.AddAsync(path: "model.bin");

        var both = await CommandResult.OfAsync(project.Directory.Path, "checkout", experiment.Id, "-o", "out", "--best", "--latest");
        var none = await CommandResult.OfAsync(project.Directory.Path, "checkout", experiment.Id, "-o", "out", "--best");
        var named = await CommandResult.OfAsync(project.Directory.Path, "checkout", checkpoint.Id, "-o", "out", "--latest");

        Assert.Equal((2, 1, 1), (both.ExitCode, none.ExitCode, named.ExitCode));
        Assert.Contains("no best checkpoint: no primary metric", none.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.Directory.Combine("out")));
    }

    [Fact]
    public async Task Rm_of_an_experiment_takes_its_checkpoints_with_it_even_if_they_are_named_too()
    {
        var project = Iris();
        var result = await CommandResult.OfAsync(project, "delete", "--force", "33c5df3", "0cb9836", "0cb98");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("Removing experiment 0cb9836 and its 12 checkpoints\n", result.Output);
        Assert.DoesNotContain("0cb98", (await CommandResult.OfAsync(project, "ls", "-q")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rm_deletes_nothing_when_one_id_is_unknown_or_the_answer_is_no()
    {
        var project = Iris();
        Assert.Equal(1, (await CommandResult.OfAsync(project, "rm", "-f", "0cb9836", "0000000")).ExitCode);
        var refused = await CommandResult.AskedAsync(project, ["what", "n"], "rm", "0cb9836");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("experiment 0cb9836 (12 checkpoints)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was deleted.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandResult.OfAsync(project, "ls", "-q")).Output.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Rm_deletes_after_a_yes()
    {
        var project = Iris();
        Assert.Equal(0, (await CommandResult.AskedAsync(project, ["y"], "rm", "0cb9836")).ExitCode);
        Assert.Equal(1, (await CommandResult.OfAsync(project, "show", "0cb9836")).ExitCode);
    }

    [Fact]
    public async Task Checkout_goes_into_the_project_directory_and_ends_with_the_command()
    {
        var project = Iris();
        var result = await CommandResult.OfAsync(project, "checkout", "-f", "bcbf2e5");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(Path.Combine(project, "model.json")));
        Assert.EndsWith("\n  train.py --learning_rate=0.2\n\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkout_into_a_full_directory_needs_force_or_a_yes()
    {
        var project = Iris();
        var refused = await CommandResult.OfProgramAsync(project, "checkout", "bcbf2e5");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("not empty", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await CommandResult.AskedAsync(project, [""], "checkout", "bcbf2e5")).ExitCode);
        Assert.False(File.Exists(Path.Combine(project, "model.json")));
        Assert.Equal(0, (await CommandResult.AskedAsync(project, ["yes"], "checkout", "bcbf2e5")).ExitCode);
        Assert.True(File.Exists(Path.Combine(project, "model.json")));
    }

    [Fact]
    public async Task Checkout_takes_one_path_by_its_components()
    {
        var project = _directory.CopyOf(Checkout.Fixture("keepsake-edge"), "edge");
        var target = _directory.Combine("target");
        var result = await CommandResult.OfAsync(project, "checkout", "dea2176", "--path", "data", "-o", target);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(Path.Combine(target, "data", "weights")));
        Assert.False(File.Exists(Path.Combine(target, "data2")));
    }

    [Fact]
    public async Task Checkout_needs_no_configuration_file()
    {
        var elsewhere = Directory.CreateDirectory(_directory.Combine("elsewhere")).FullName;
        var repository = "file://" + Path.Combine(Iris(), ".keepsake");
        var result = await CommandResult.OfAsync(elsewhere, "checkout", "-R", repository, "bcbf2e5", "-o", "here");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(_directory.Combine("elsewhere", "here", "train.py")));
    }
}
