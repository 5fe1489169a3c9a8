using Replicate.Runs;
using Replicate.Tests.Support;
using static Replicate.Tests.Support.ExperimentSteps;

namespace Replicate.Tests.Metadata;

public sealed class ChosenCheckpointTests : IDisposable
{
    private static readonly PrimaryMetric ByLoss = new("loss", Goal.Minimize);

    private readonly TestProject _project = new();
    private readonly TemporaryDirectory _output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _project.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task The_second_run_gives_back_its_own_model_and_not_what_the_first_left_in_the_project()
    {
        _project.Directory.Write("train.py", "code");
        var first = await RunAsync("first 1", "first 2");
        var second = await RunAsync("second 1", "second 2");

        var restored = await second.CheckOutAsync(null, Into("second"), cancellationToken: Token);
        await first.CheckOutAsync(null, Into("first"), cancellationToken: Token);

        Assert.Equal("second 2", Text("second", "model.bin"));
        Assert.Equal("first 2", Text("first", "model.bin"));
        Assert.Equal("code", Text("second", "train.py"));
        Assert.Equal(("best by loss", second.Checkpoints[1].Id), (restored.Reason, restored.Checkpoint!.Id));
    }

    [Theory]
    [InlineData(CheckpointChoice.BestElseLatest, true, "1", "best by loss")]
    [InlineData(CheckpointChoice.Best, true, "1", "best by loss")]
    [InlineData(CheckpointChoice.Latest, true, "3", "latest")]
    [InlineData(CheckpointChoice.BestElseLatest, false, "3", "latest: no primary metric")]
    [InlineData(CheckpointChoice.Latest, false, "3", "latest")]
    public async Task A_choice_decides_and_says_why(CheckpointChoice choice, bool hasPrimary, string model, string reason)
    {
        var experiment = await _project.CreateAsync();
        foreach (var (loss, name) in new[] { (0.5, "0"), (0.1, "1"), (0.2, "2"), (0.3, "3") })
        {
            _project.Directory.Write("model.bin", name);
            await experiment.AddAsync(Loss(loss), "model.bin", primary: hasPrimary ? ByLoss : null);
        }

        var result = await experiment.CheckOutAsync(null, Into("out") with { Choice = choice }, cancellationToken: Token);

        Assert.Equal((model, reason), (Text("out", "model.bin"), result.Reason));
    }

    [Fact]
    public async Task A_primary_metric_without_a_number_leaves_the_latest()
    {
        var experiment = await _project.CreateAsync();
        await experiment.AddAsync(Loss(double.NaN), primary: ByLoss);

        Assert.Equal("latest: no number for loss", experiment.Choose().Reason);
        Assert.Equal("NoBestCheckpoint", Assert.Throws<ReplicateException>(() => experiment.Choose(CheckpointChoice.Best)).Id);
    }

    [Fact]
    public async Task Without_checkpoints_the_experiments_own_files_come_back()
    {
        _project.Directory.Write("train.py", "code");
        var experiment = await _project.CreateAsync(path: ".");

        var result = await experiment.CheckOutAsync(null, Into("out"), cancellationToken: Token);

        Assert.Equal((null, ""), (result.Checkpoint, result.Reason));
        Assert.Equal("code", Text("out", "train.py"));
        Assert.Equal("CheckpointNeeded", Assert.Throws<ReplicateException>(() => experiment.Choose(CheckpointChoice.Latest)).Id);
    }

    [Fact]
    public async Task An_experiment_is_listed_and_opened_as_it_is_checked_out_and_it_says_where_each_file_is()
    {
        _project.Directory.Write("train.py", "code");
        var experiment = await RunAsync("1", "2");

        var files = await experiment.ListFilesAsync(null, Token);
        await using var model = await experiment.OpenFileAsync(null, "model.bin", Token);

        var best = experiment.Checkpoints[1];
        Assert.Equal(["model.bin", "train.py"], files.Select(file => file.Path));
        Assert.Equal([best.Id, experiment.Id], files.Select(file => file.Id));
        Assert.Equal([$"checkpoint {best}, best by loss", $"experiment {experiment.ShortId}"], files.Select(file => file.SavedWith));
        Assert.Equal("2", await new StreamReader(model).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_file_that_only_another_checkpoint_holds_is_named()
    {
        var experiment = await _project.CreateAsync();
        _project.Directory.Write("out/early.bin", "1");
        var early = await experiment.AddAsync(Loss(0.5), "out", primary: ByLoss);
        File.Delete(_project.Directory.Combine("out", "early.bin"));
        _project.Directory.Write("out/late.bin", "2");
        await experiment.AddAsync(Loss(0.1), "out", primary: ByLoss);

        var opened = await Assert.ThrowsAsync<ReplicateException>(() => experiment.OpenFileAsync(null, "out/early.bin", Token));
        var restored = await Assert.ThrowsAsync<ReplicateException>(
            () => experiment.CheckOutAsync(null, Into("out") with { Path = "out/early.bin" }, cancellationToken: Token));
        var nowhere = await Assert.ThrowsAsync<ReplicateException>(() => experiment.OpenFileAsync(null, "out/never.bin", Token));

        Assert.Equal(("FileNotSaved", "FileNotSaved"), (opened.Id, restored.Id));
        Assert.Contains($"only checkpoint {early} holds it", opened.Message, StringComparison.Ordinal);
        Assert.Contains($"only checkpoint {early} holds it", restored.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("holds it", nowhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_best_checkpoint_without_files_beside_others_that_have_some_is_a_warning()
    {
        _project.Directory.Write("train.py", "code");
        var experiment = await _project.CreateAsync(path: ".");
        _project.Directory.Write("model.bin", "1");
        var saved = await experiment.AddAsync(Loss(0.5), "model.bin", primary: ByLoss);
        var best = await experiment.AddAsync(Loss(0.1), primary: ByLoss);
        var warnings = new CollectedLog();

        using (Log.SendTo(warnings))
        {
            await experiment.CheckOutAsync(null, Into("out"), cancellationToken: Token);
        }

        var warning = Assert.Single(warnings.Warnings);
        Assert.Contains($"The checkpoint {best}, best by loss, has no files of its own", warning, StringComparison.Ordinal);
        Assert.Contains($"{saved}", warning, StringComparison.Ordinal);
        Assert.False(File.Exists(_output.Combine("out", "model.bin")));
    }

    [Fact]
    public async Task A_run_goes_on_from_the_same_checkpoint()
    {
        _project.Directory.Write("train.py", "code");
        var experiment = await RunAsync("1", "2");
        _project.Directory.Write("model.bin", "changed");

        var from = await Replicate.Runs.TrainingRun.CheckOutParentAsync(_project.Project, experiment.Id, Token);

        Assert.Equal(experiment.Checkpoints[1].Id, from.Id);
        Assert.Equal("2", await File.ReadAllTextAsync(_project.Directory.Combine("model.bin"), Token));
    }

    private async Task<Experiment> RunAsync(params string[] models)
    {
        var experiment = await _project.CreateAsync(path: ".");
        var loss = 1.0;
        foreach (var model in models)
        {
            _project.Directory.Write("model.bin", model);
            await experiment.AddAsync(Loss(loss /= 2), "model.bin", primary: ByLoss);
        }

        return experiment;
    }

    private CheckOutOptions Into(string name) => new() { OutputDirectory = _output.Combine(name) };

    private string Text(params string[] path) => File.ReadAllText(_output.Combine(path));
}
