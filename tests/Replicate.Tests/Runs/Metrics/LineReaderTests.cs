using Replicate.Runs.Metrics;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

public class LineReaderTests
{
    [Theory]
    [InlineData("""{"epoch": 1.0, "step": 10, "loss": 0.5, "note": "x", "eval": {"f1": 0.75}, "flag": true}""", "10 | epoch=1, loss=0.5, eval.f1=0.75")]
    [InlineData("""{"epoch": 2, "loss": NaN, "a": -Infinity, "b": "[NaN]", "text": "NaN \" Infinity"}""", "2 | loss=NaN, a=-Infinity, b=NaN")]
    [InlineData("Training begins", " | ")]
    [InlineData("""{"loss": }""", " |  !")]
    [InlineData("""{"step": "3", "loss": "0.5", "acc": "1e-3", "id": "a1", "lr": " 0.25 ", "v": "1.2.3"}""", "3 | loss=0.5, acc=0.001, lr=0.25")]
    [InlineData("""{"step": 1, "loss": nan, "x": -inf, "info": "nan",}""", "1 | loss=NaN, x=-Infinity, info=NaN")]
    [InlineData("\uFEFF{\"step\": 1, \"loss\": 0.5}", "1 | loss=0.5")]
    public void Json_lines_are_read(string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new JsonReader(isOnly: false), line));

    [Theory]
    [InlineData(@"ep(?<step>\d+) .*?l=(?<loss>\S+)", "ep7 xx l=0.5", "7 | loss=0.5")]
    [InlineData(@"(?<name>\w+)\s+is\s+(?<value>\S+)", "loss is 0.5 and acc is 1", " | loss=0.5, acc=1")]
    [InlineData(@"loss (?<loss>\S+)", "loss none", " |  !")]
    [InlineData(@"loss (?<loss>\S+)", "nothing", " | ")]
    [InlineData(@"(?<step>\S+) (?<loss>\S+)", "x 1", " | loss=1 !")]
    public void Named_groups_are_metrics(string pattern, string line, string expected) =>
        Assert.Equal(expected, Readings.Of(new PatternReader(pattern), line));

    [Theory]
    [InlineData("(")]
    [InlineData(@"loss (\S+)")]
    [InlineData(@"(?<step>\d+)")]
    public void A_pattern_that_can_give_no_metric_is_refused(string pattern) =>
        Assert.Equal("InvalidMetricPattern", Assert.Throws<ReplicateException>(() => new PatternReader(pattern)).Id);

    [Fact]
    public void A_pattern_that_backtracks_without_end_is_given_up_with_one_warning()
    {
        var log = new CollectedLog();
        using var sending = Log.SendTo(log);
        var reader = new PatternReader(@"(?<loss>(a+)+)$", TimeSpan.FromMilliseconds(1));
        var line = new string('a', 60) + "!";
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(" |  !", Readings.Of(reader, line));
        }

        Assert.Equal(" | ", Readings.Of(reader, line));
        Assert.Contains("(a+)+", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_of_Keras_is_read()
    {
        var csv = new CsvReader();
        Readings.Of(csv, "epoch,accuracy,loss,val_loss");
        Assert.Equal("0 | accuracy=0.5, loss=0.69", Readings.Of(csv, "0,0.5,0.69,NA"));
        Assert.Equal("1 | accuracy=0.9, loss=NaN, val_loss=0.5", Readings.Of(csv, "1,0.9,nan,0.5"));
    }

    [Fact]
    public void Csv_of_Lightning_takes_the_step_and_keeps_the_epoch()
    {
        var csv = new CsvReader();
        Readings.Of(csv, "epoch,step,train_loss,val_loss");
        Assert.Equal("49 | epoch=0, train_loss=0.25", Readings.Of(csv, "0,49,0.25,"));
        Assert.Equal("49 | epoch=0, val_loss=0.5", Readings.Of(csv, "0,49,,0.5"));
    }

    [Fact]
    public void Text_in_csv_is_wrong_only_where_numbers_were_before()
    {
        var csv = new CsvReader();
        Readings.Of(csv, "step;phase;loss");
        Assert.Equal("1 | loss=0.5", Readings.Of(csv, "1;train;0.5"));
        Assert.Equal("2 |  !", Readings.Of(csv, "2;\"a;\"\"b\";oops"));
        Assert.Equal(" |  !", Readings.Of(csv, "3;train"));
    }
}
