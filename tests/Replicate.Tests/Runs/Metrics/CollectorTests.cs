using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

public class CollectorTests
{
    [Fact]
    public void A_step_gathers_its_lines_until_the_next_begins() => Assert.Equal(
        ["1 | loss=0.5, val=0.6", "2 | loss=0.4"],
        Steps("Epoch 1/2", "loss: 0.5", "val: 0.6", "Epoch 2/2", "loss: 0.4"));

    [Fact]
    public void Without_a_step_a_metric_that_comes_again_begins_the_next() => Assert.Equal(
        [" | acc=1, loss=0.5", " | acc=2, loss=0.4"],
        Steps("loss: 0.5", "acc: 1", "loss: 0.4", "acc: 2"));

    [Fact]
    public void What_is_said_before_the_first_step_belongs_to_it() => Assert.Equal(
        ["1 | batch size=32, loss=0.5", "2 | loss=0.4"],
        Steps("batch size: 32", "Epoch 1, loss: 0.5", "Epoch 2, loss: 0.4"));

    [Fact]
    public void Steps_that_begin_again_are_steps_of_their_own() => Assert.Equal(
        ["1 | loss=1", "2 | loss=2", "1 | loss=3", "2 | loss=4"],
        Steps("step 1 loss=1", "step 2 loss=2", "step 1 loss=3", "step 2 loss=4"));

    [Fact]
    public void A_progress_bar_is_one_step_with_its_last_values_and_no_snapshot_until_it_is_done()
    {
        var snapshots = 0;
        var closed = Run([MetricSource.Pairs], null, new MetricProblems(), _ => snapshots++, (output, _) =>
            output.Add(false, "Epoch 1: loss: 3\rEpoch 1: loss: 2\r\u001b[32mEpoch 1\u001b[0m: loss: 1\nEpoch 2: loss: 0.5\r"u8, Timestamp.Now));

        Assert.Equal(["1 | loss=1", "2 | loss=0.5"], closed);
        Assert.Equal(1, snapshots);
    }

    [Fact]
    public void Two_sources_join_in_one_step_and_a_metric_of_both_is_told_once()
    {
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var problems = new MetricProblems();
        MetricSource[] sources = [MetricSource.Pairs, MetricSource.CsvFile("log.csv")];
        var closed = Run(sources, null, problems, null, (output, collector) =>
        {
            for (var epoch = 1; epoch <= 3; epoch++)
            {
                output.AddLine($"Epoch {epoch} loss: {epoch}", Timestamp.Now);
                var reading = new MetricReading { Step = epoch };
                reading.Add("loss", 9);
                reading.Add("val", epoch * 10);
                collector.Take(1, reading, Timestamp.Now);
            }
        });
        problems.Tell();

        Assert.Equal(["1 | loss=1, val=10", "2 | loss=2, val=20", "3 | loss=3, val=30"], closed);
        Assert.Equal("The metric 'loss' came from the output and from 'log.csv'; only the first was recorded.", Assert.Single(log.Warnings));
    }

    [Fact]
    public void A_metric_that_comes_again_in_an_epoch_is_a_point_of_its_own_and_the_steps_count_on() => Assert.Equal(
        ["1 | epoch=1, loss=3", " | epoch=1, loss=2, val=1", " | epoch=2, loss=1"],
        Steps("Epoch 1: loss: 3", "Epoch 1: loss: 2", "val: 1", "Epoch 2: loss: 1"));

    [Fact]
    public void Lines_below_the_heading_of_an_epoch_are_points_each() => Assert.Equal(
        ["1 | epoch=1, loss=3", " | epoch=1, loss=2", " | epoch=2, loss=1"],
        Steps("Epoch 1/2", "loss: 3", "loss: 2", "Epoch 2/2", "loss: 1"));

    [Fact]
    public void Batches_below_the_heading_of_an_epoch_count_on_in_the_next() => Assert.Equal(
        ["50 | epoch=1, loss=4", "100 | epoch=1, loss=3, val=2", "150 | epoch=2, loss=1"],
        Steps("Epoch 1/2", "batch 50/100 loss: 4", "batch 100/100 loss: 3", "val: 2", "Epoch 2/2", "batch 50/100 loss: 1"));

    [Fact]
    public void Fractions_of_an_epoch_are_metrics_and_the_steps_count_on() => Assert.Equal(
        [" | epoch=0.5, loss=3", " | epoch=1, eval=2, loss=2", " | epoch=1.5, loss=1"],
        Steps("{'loss': 3.0, 'epoch': 0.5}", "{'loss': 2.0, 'epoch': 1.0}", "{'eval': 2.0, 'epoch': 1.0}", "{'loss': 1.0, 'epoch': 1.5}"));

    [Fact]
    public void A_line_whose_step_cannot_be_read_does_not_take_the_step_before_it() => Assert.Equal(
        ["1 | loss=3", " | loss=2", " | acc=1", "4 | loss=1"],
        Steps("step 1 loss=3", "step 0x2 loss=2", "step 0x3 acc=1", "step 4 loss=1"));

    [Fact]
    public void The_same_line_of_two_loggers_is_one_point() => Assert.Equal(
        ["5 | loss=3", "6 | loss=3"],
        Steps("step 5 loss=3", "INFO:root:step 5 loss=3", "step 6 loss=3"));

    [Fact]
    public void Another_value_of_the_same_step_is_another_point() => Assert.Equal(
        ["5 | loss=3", "5 | loss=2", "6 | loss=1"],
        Steps("step 5 loss=3", "step 5 loss=2", "step 6 loss=1"));

    [Fact]
    public void Parts_of_an_epoch_share_its_point_under_their_names() => Assert.Equal(
        ["0 | Acc=0.5, train Loss=3, val Acc=0.75, val Loss=2", "1 | Acc=0.625, train Loss=1"],
        Steps("Epoch 0/1", "train Loss: 3 Acc: 0.5", "val Loss: 2 Acc: 0.75", "Epoch 1/1", "train Loss: 1 Acc: 0.625"));

    [Theory]
    [InlineData("loss: 3\b\b\bloss: 2\b\b\bloss: 1")]
    [InlineData("loss: 3\u001b[1A\u001b[2Kloss: 2\u001b[1Gloss: 1")]
    [InlineData("loss: 3\r\u001b[Kloss: 2\rloss: 1\u001b[K")]
    public void What_is_drawn_over_is_no_point(string line)
    {
        var closed = Run([MetricSource.Pairs], null, new MetricProblems(), null, (output, _) =>
            output.Add(false, System.Text.Encoding.UTF8.GetBytes(line + "\nloss: 0\n"), Timestamp.Now));

        Assert.Equal([" | loss=1", " | loss=0"], closed);
    }

    [Theory]
    [InlineData("the loss is now at 3", "No metric was read: 1 line of output holds numbers")]
    [InlineData("done", null)]
    [InlineData("loss: 3", null)]
    public void Output_with_numbers_but_no_metric_is_complained_of(string line, string? expected)
    {
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var problems = new MetricProblems();
        Run([MetricSource.Pairs], null, problems, null, (output, _) => output.AddLine(line, Timestamp.Now));
        problems.Tell();

        Assert.Equal(expected is null ? 0 : 1, log.Warnings.Count);
        Assert.All(log.Warnings, warning => Assert.StartsWith(expected!, warning, StringComparison.Ordinal));
    }

    [Fact]
    public void A_metric_that_was_asked_for_and_never_came_is_named()
    {
        var log = new CollectedLog();
        using var _ = Log.SendTo(log);
        var problems = new MetricProblems();
        Run([MetricSource.Pairs], ["los"], problems, null, (output, _) => output.AddLine("step 1 loss: 3 acc: 1", Timestamp.Now));
        problems.Tell();

        Assert.Equal("The metric 'los' never came; these did: acc, loss.", Assert.Single(log.Warnings));
    }

    [Fact]
    public void Only_wanted_metrics_are_taken() => Assert.Equal(
        ["1 | loss=0.5"],
        Run([MetricSource.Pairs], ["loss"], new MetricProblems(), null, (output, _) =>
        {
            output.AddLine("seed: 42", Timestamp.Now);
            output.AddLine("step 1 loss: 0.5 acc: 1", Timestamp.Now);
        }));

    private static List<string> Steps(params string[] lines) =>
        Run([MetricSource.Pairs], null, new MetricProblems(), null, (output, _) =>
        {
            foreach (var line in lines)
            {
                output.AddLine(line, Timestamp.Now);
            }
        });

    private static List<string> Run(
        MetricSource[] sources, string[]? wanted, MetricProblems problems, Action<OpenStep>? read,
        Action<OutputReader, MetricCollector> feed)
    {
        var closed = new List<string>();
        var collector = new MetricCollector(
            sources, wanted, problems, read ?? (_ => { }), step => closed.Add(Readings.Text(step.Step, step.ToMap().Select(metric => (metric.Key, (double)metric.Value!)))));
        var output = new OutputReader(sources, collector, problems);
        feed(output, collector);
        output.Finish();
        collector.Finish();
        return closed;
    }
}
