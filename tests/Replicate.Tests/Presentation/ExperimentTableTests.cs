using Replicate.Presentation;
using static Replicate.Tests.Queries.Sample;

namespace Replicate.Tests.Presentation;

public class ExperimentTableTests
{
    private static readonly DateTime LongAgo = new(2020, 9, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Experiment[] Experiments = [.. Enumerable.Range(0, 3).Select(i => Experiment(
        $"{"abc"[i]}aaaaaaaa",
        new { rate = Math.Pow(10, -i - 7), scheduler = i == 2 ? "cosine-with-many-restarts-and-warmup" : "linear", same = 1 },
        LongAgo.AddDays(i),
        checkpoints: [
            Checkpoint($"{i}1ffffffff", 1, new { loss = 0.5 + i, accuracy = 0.1 }, "loss"),
            Checkpoint($"{i}2ffffffff", 2, new { loss = (i + 2) * 0.123456789, accuracy = 0.2 }, "loss")]))];

    [Theory]
    [InlineData(24, "  Id       rate  loss", "* aaaaaaa  1e-7  0.24691")]
    [InlineData(40, "  Id       Status   rate  loss     Trend", "* aaaaaaa  stopped  1e-7  0.24691  █▁")]
    [InlineData(
        80,
        "  Id       Age         Status   rate  scheduler                   loss     Trend",
        "* aaaaaaa  2020-09-01  stopped  1e-7  linear                      0.24691  █▁")]
    [InlineData(
        120,
        "  Id       Age         Status   rate  scheduler                             loss     Best              Trend",
        "* aaaaaaa  2020-09-01  stopped  1e-7  linear                                0.24691  02fffff (step 2)  █▁")]
    public void A_window_shows_the_columns_that_tell_most_and_cuts_none_that_it_has_room_for(int width, string heading, string first)
    {
        var layout = Fit(Experiments, width);
        Assert.Equal(heading, layout.Heading());
        Assert.Equal(first, layout.Line(Experiments[0]));
        Assert.All(Experiments, experiment => Assert.True(layout.Line(experiment).Length <= width));
        Assert.Equal(
            [layout.Line(Experiments[0]), layout.Line(Experiments[1]), layout.Line(Experiments[2])],
            TableLayout<Experiment>.Of(ExperimentTable.Columns(Experiments), Experiments, width).Lines.Take(3));
        if (width >= 120)
        {
            Assert.Contains("cosine-with-many-restarts-and-warmup", layout.Line(Experiments[2]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_window_all_is_shown()
    {
        var layout = Fit(Experiments, null);
        Assert.Equal(["Id", "Age", "Status", "rate", "scheduler", "loss", "Best", "Trend"], layout.Heading().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Experiments_of_20_params_fill_the_window_with_whole_columns()
    {
        Experiment[] experiments = [.. Enumerable.Range(0, 6).Select(i => Experiment(
            $"{i}aaaaaaaaaa", Enumerable.Range(0, 20).ToDictionary(p => $"param_number_{p:00}", p => (object)((i * p) % 5))))];
        foreach (var width in new[] { 40, 80, 120, 200 })
        {
            var layout = Fit(experiments, width);
            var heading = layout.Heading();
            Assert.DoesNotContain('…', heading);
            Assert.InRange(heading.Length, width - 16, width);
        }
    }

    [Fact]
    public void A_param_called_like_a_metric_says_which_it_is()
    {
        Experiment[] experiments = [.. Enumerable.Range(0, 2).Select(i => Experiment(
            $"{i}aaaaaaaa", new { loss = i == 0 ? "hinge" : "mse" }, checkpoints: [Checkpoint(metrics: new { loss = i }, primary: "loss")]))];
        Assert.Contains("params.loss  loss", Fit(experiments, 80).Heading(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_primary_metric_the_metrics_of_the_latest_checkpoint_are_shown()
    {
        Experiment[] experiments = [Experiment("aaaaaaaaaa", checkpoints: [Checkpoint("ccccccccc", 4, new { loss = 0.25, acc = 1 })])];
        var layout = Fit(experiments, 80);
        Assert.Equal("aaaaaaa", layout.Line(experiments[0])[..7]);
        Assert.EndsWith("1    0.25  ccccccc (step 4)", layout.Line(experiments[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_checkpoint_has_a_star_and_each_metric_a_column()
    {
        var experiment = Experiments[0];
        var columns = CheckpointTable.Columns(experiment.Checkpoints);
        var layout = TableLayout<Checkpoint>.Fit(columns, TableLayout<Checkpoint>.Measure(columns, experiment.Checkpoints), 80);
        Assert.StartsWith("  Id       Step  Age", layout.Heading(), StringComparison.Ordinal);
        Assert.EndsWith("loss     accuracy", layout.Heading(), StringComparison.Ordinal);
        Assert.Equal(
            ["  01fffff  1", "* 02fffff  2"], experiment.Checkpoints.Select(checkpoint => layout.Line(checkpoint)[..12]));
        Assert.EndsWith("0.24691  0.2", layout.Line(experiment.Checkpoints[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_of_a_repository_are_escaped()
    {
        Experiment[] experiments = [.. Enumerable.Range(0, 2).Select(i => Experiment($"{i}aaaaaaaa", new Dictionary<string, object> { ["a\e[2J"] = $"x\n{i}" }))];
        var layout = Fit(experiments, 80);
        Assert.DoesNotContain('\e', layout.Heading());
        Assert.EndsWith(@"x\n0", layout.Line(experiments[0]), StringComparison.Ordinal);
    }

    private static TableLayout<Experiment> Fit(Experiment[] experiments, int? width)
    {
        var columns = ExperimentTable.Columns(experiments);
        return TableLayout<Experiment>.Fit(columns, TableLayout<Experiment>.Measure(columns, experiments), width);
    }
}
