using Replicate.Charts;
using Replicate.Tests.Queries;
using Replicate.Tests.Support;
using static Replicate.Tests.Charts.Curves;

namespace Replicate.Tests.Charts;

public class ChartTests
{
    [Fact]
    public void The_primary_metric_is_drawn_over_steps_a_line_for_each_experiment()
    {
        var chart = Chart(LearningRuns());

        Assert.Equal("loss over step", chart.Title);
        Assert.Equal(["16, 0.01", "32, 0.03", "64, 0.1"], chart.Series.Select(series => series.Values));
        Assert.Equal("a1b2c3d batch_size=16, learning_rate=0.01", chart.Series[0].Name);
        Assert.Equal("batch_size, learning_rate", chart.Heading);
        var panel = Assert.Single(chart.Panels);
        Assert.Equal([0, 1, 2], panel.Lines.Select(line => line.Series));
        Assert.All(panel.Lines, line => Assert.Equal(60, Assert.Single(line.Segments).Count));
        Assert.Equal((0, 59), (panel.X.Min, panel.X.Max));
    }

    [Fact]
    public void The_best_checkpoint_is_marked_in_every_panel()
    {
        var chart = Chart(LearningRuns(), new() { Metrics = ["accuracy", "loss"] });

        var best = LearningRuns()[2].Best()!;
        Assert.Equal(new ChartPoint(best.Step, (double)best.Metrics["accuracy"]!), chart.Panels[0].Lines[2].Best);
        Assert.Equal(new ChartPoint(best.Step, (double)best.Metrics["loss"]!), chart.Panels[1].Lines[2].Best);
    }

    [Fact]
    public void Checkpoints_are_a_slice_and_may_come_with_experiments()
    {
        var runs = LearningRuns();
        var chart = Replicate.Charts.Chart.Of(
            [new(runs[0], null), .. runs[1].Checkpoints.Last(3).Reverse().Select(checkpoint => new Match(runs[1], checkpoint))], new());

        Assert.Equal(60, chart.Panels[0].Lines[0].Segments[0].Count);
        Assert.Equal([57, 58, 59], chart.Panels[0].Lines[1].Segments[0].Select(point => point.X));
    }

    [Fact]
    public void What_is_not_a_finite_number_breaks_the_line_and_is_counted()
    {
        var warnings = Warned(() =>
        {
            var line = Named("gap").Panels[0].Lines[0];
            Assert.Equal(["3 2", "1.5", "1 0.9", "0.8"], line.Segments.Select(segment => string.Join(' ', segment.Select(point => Value.ToText(point.Y)))));
        });

        Assert.Equal("3 values that are not finite numbers are left out of the plot.", Assert.Single(warnings));
    }

    [Fact]
    public void A_checkpoint_without_the_metric_leaves_no_gap()
    {
        var experiment = Sample.Experiment(checkpoints:
            [Sample.Checkpoint("a", 0, new { loss = 2 }, "loss"), Sample.Checkpoint("b", 1, new { other = 1 }), Sample.Checkpoint("c", 2, new { loss = 1 }, "loss")]);

        Assert.Equal([0, 2], Assert.Single(Chart([experiment]).Panels[0].Lines[0].Segments).Select(point => point.X));
    }

    [Fact]
    public void On_a_logarithmic_axis_zero_and_below_are_left_out_and_counted()
    {
        var warnings = Warned(() =>
        {
            var panel = Chart([WithLosses("e", 1, 10, 0, -1, 0.1)], new() { LogY = true }).Panels[0];
            Assert.True(panel.Y.IsLog);
            Assert.Equal(2, panel.Lines[0].Segments.Count);
        });

        Assert.Equal("2 values that are zero or below are left out of the plot: that has no place on a logarithmic axis.", Assert.Single(warnings));
        AssertFails("NothingAboveZero", "'loss'", () => Chart([WithLosses("e", 1, 0, -1)], new() { LogY = true }));
    }

    [Fact]
    public void Smoothed_lines_keep_their_values_and_begin_with_the_first()
    {
        var line = Chart([WithLosses("e", 1, 4, 2, double.NaN, 2)], new() { Smooth = 3 }).Panels[0].Lines[0];

        // Weights 1, 1/2, 1/4 from the newest, divided by their sum.
        Assert.Equal([4, 8.0 / 3, 16.0 / 7], line.Segments.SelectMany(segment => segment).Select(point => point.Y), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([4, 2, 2], line.Raw.Select(point => point.Y));
    }

    [Theory]
    [InlineData("point")]
    [InlineData("equal")]
    public void One_point_and_equal_values_make_a_chart(string name)
    {
        var panel = Named(name).Panels[0];
        Assert.InRange(panel.Y.Position(0.5), 0.4, 0.6);
        Assert.Equal(0.5, panel.Lines[0].Best!.Value.Y);
    }

    [Fact]
    public void Without_experiments_or_checkpoints_or_numbers_there_is_nothing_to_plot()
    {
        AssertFails("NothingToPlot", "no experiment", () => Chart([]));
        AssertFails("NothingToPlot", "none of the 2", () => Chart([Sample.Experiment("a"), Sample.Experiment("b")]));
        AssertFails("NothingToPlot", "'loss'", () => Chart([WithLosses("e", 1, double.NaN)]));
        AssertFails("NothingToPlot", "'loss'", () => Chart([WithLosses("e", 1, "text", null)]));
    }

    [Fact]
    public void Without_a_shared_primary_metric_one_must_be_named()
    {
        var none = Sample.Experiment("a", checkpoints: [Sample.Checkpoint(metrics: new { loss = 1, gain = 2 })]);
        var other = Sample.Experiment("b", checkpoints: [Sample.Checkpoint(metrics: new { gain = 2 }, primary: "gain")]);

        AssertFails("NoPrimaryMetric", "'gain', 'loss'", () => Chart([none]));
        AssertFails("SeveralPrimaryMetrics", "'loss', 'gain'", () => Chart([WithLosses("c", 1, 1), other]));
        AssertFails("MetricNotFound", "'nope'; there are 'gain', 'loss'", () => Chart([none], new() { Metrics = ["nope"] }));
        Assert.Equal("gain over step", Chart([none, other]).Title);
        Assert.Equal("gain over step", Chart([none, WithLosses("c", 1, 1)], new() { Metrics = ["gain"] }).Title);
    }

    [Fact]
    public void Against_a_param_an_experiment_is_its_best_checkpoint()
    {
        var chart = Chart(Sweep(), new() { Param = "learning_rate", LogX = true });

        Assert.True(chart.IsScatter);
        Assert.Equal("loss against learning_rate", chart.Title);
        Assert.Equal(
            Sweep().Select(experiment => new ChartPoint((double)experiment.Params["learning_rate"]!, (double)experiment.Best()!.Metrics["loss"]!)),
            chart.Panels[0].Lines.Select(line => line.Last));
        Assert.Equal(8, Assert.Single(chart.Panels[0].Lines, line => line.Best is not null).Series);
    }

    [Fact]
    public void A_param_that_is_not_a_number_makes_categories()
    {
        var panel = Named("categories").Panels[0];

        Assert.Equal(["true", "adam", "sgd"], panel.X.Categories);
        Assert.Equal([1, 2, 0, 1], panel.Lines.Select(line => line.Last.X));
    }

    [Fact]
    public void A_param_that_cannot_be_an_axis_is_an_error()
    {
        AssertFails("ParamNotFound", "'nope'; there are 'batch_size', 'epochs', 'learning_rate'", () => Chart(LearningRuns(), new() { Param = "nope" }));
        AssertFails("NotANumber", "'adam'", () => Chart([WithLosses("a", "adam", 1)], new() { Param = "p", LogX = true }));
        AssertFails("NothingToSmooth", "'p'", () => Chart([WithLosses("a", 1, 1)], new() { Param = "p", Smooth = 3 }));
        AssertFails("NothingAboveZero", "'loss'", () => Chart([WithLosses("a", 0, 1)], new() { Param = "p", LogX = true }));
        Assert.Contains("1 of 2 experiments", Assert.Single(Warned(() => Chart(
            [WithLosses("a", 1, 1), Sample.Experiment("b", checkpoints: [Sample.Checkpoint(metrics: new { loss = 2 }, primary: "loss")])],
            new() { Param = "p" }))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_many_points_is_reduced_without_losing_its_peaks()
    {
        var losses = Enumerable.Range(0, 100_000).Select(i => (object)(i == 54_321 ? 100.0 : i % 7)).ToArray();
        var line = Chart([WithLosses("e", 1, losses)]).Panels[0].Lines[0];

        Assert.InRange(line.Segments[0].Count, 1000, 4000);
        Assert.Contains(new ChartPoint(54_321, 100), line.Segments[0]);
        Assert.Equal((0, 99_999), (line.Segments[0][0].X, line.Last.X));
    }

    private static void AssertFails(string id, string message, Func<object> work)
    {
        var error = Assert.Throws<ReplicateException>(work);
        Assert.Equal(id, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyCollection<string> Warned(Action work)
    {
        var log = new CollectedLog();
        using (Log.SendTo(log))
        {
            work();
        }

        return log.Warnings;
    }
}
