using Replicate.Runs;
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
        var notices = new CollectedNotices();
        using var _ = Notices.SendTo(notices);
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
        Assert.Equal("The metric 'loss' came from the output and from 'log.csv'; only the first was recorded.", Assert.Single(notices.Warnings));
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
