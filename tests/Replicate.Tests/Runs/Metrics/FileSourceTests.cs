using Replicate.Runs;
using Replicate.Tests.Support;

namespace Replicate.Tests.Runs.Metrics;

public sealed class FileSourceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _rows = [];
    private readonly List<string> _refused = [];

    private string Path => _directory.Combine("metrics.csv");

    [Fact]
    public void Rows_come_when_they_are_whole_and_the_last_at_the_end()
    {
        using var source = Csv();
        source.Poll(isLast: false);
        Assert.False(source.HasAppeared);

        File.WriteAllText(Path, "step,loss\n1,0.5\n2,0.");
        source.Poll(isLast: false);
        Assert.Equal(["1 | loss=0.5"], _rows);

        File.AppendAllText(Path, "25\n3,0.125");
        source.Poll(isLast: false);
        source.Poll(isLast: true);
        Assert.Equal(["1 | loss=0.5", "2 | loss=0.25", "3 | loss=0.125"], _rows);
        Assert.True(source.HasAppeared);
    }

    [Fact]
    public void A_rotated_file_is_read_to_its_end_before_the_next()
    {
        using var source = Csv();
        File.WriteAllText(Path, "step,loss\n1,0.5\n");
        source.Poll(isLast: false);

        File.AppendAllText(Path, "2,0.25");
        File.Move(Path, Path + ".1");
        File.WriteAllText(Path, "step,acc\n3,0.75\n");
        source.Poll(isLast: true);

        Assert.Equal(["1 | loss=0.5", "2 | loss=0.25", "3 | acc=0.75"], _rows);
    }

    [Fact]
    public void A_file_rewritten_with_a_new_column_gives_each_row_once()
    {
        using var source = Csv();
        File.WriteAllText(Path, "epoch,step,train_loss\n0,9,0.5\n1,19,0.4\n");
        source.Poll(isLast: false);

        File.WriteAllText(Path, "epoch,step,train_loss,val_loss\n0,9,0.5,\n1,19,0.4,\n1,19,,0.45\n");
        source.Poll(isLast: true);

        Assert.Equal(["9 | epoch=0, train_loss=0.5", "19 | epoch=1, train_loss=0.4", "19 | epoch=1, val_loss=0.45"], _rows);
    }

    [Fact]
    public void What_an_earlier_run_left_is_passed_over_whether_it_is_appended_to_or_replaced()
    {
        File.WriteAllText(Path, "step,loss\n1,9\n2,9\n");
        using var appended = Csv();
        File.AppendAllText(Path, "3,0.5\n");
        appended.Poll(isLast: false);
        Assert.Equal(["3 | loss=0.5"], _rows);

        using var replaced = Csv();
        _rows.Clear();
        File.WriteAllText(Path, "step,loss\n1,9\n");
        replaced.Poll(isLast: false);
        Assert.Equal(["1 | loss=9"], _rows);
    }

    [Fact]
    public void Json_lines_are_followed()
    {
        var path = _directory.Combine("metrics.json");
        using var source = new JsonFileSource(path, Take, _refused.Add);
        File.WriteAllText(path, "{\"step\": 1, \"loss\": 0.5}\n{\"step\": 2, ");
        source.Poll(isLast: false);
        File.AppendAllText(path, "\"loss\": 0.25}\nrubbish\n");
        source.Poll(isLast: true);

        Assert.Equal(["1 | loss=0.5", "2 | loss=0.25"], _rows);
        Assert.Equal(["rubbish"], _refused);
    }

    [Fact]
    public void The_history_of_a_trainer_state_is_read_as_it_grows()
    {
        var path = _directory.Combine("trainer_state.json");
        using var source = new JsonFileSource(path, Take, _refused.Add);
        File.WriteAllText(path, """
            {
              "best_metric": null,
              "log_history": [ {"epoch": 0.5, "loss": 0.7, "step": 10} ]
            }
            """);
        source.Poll(isLast: false);
        File.WriteAllText(path, "{\n \"log_history\": [");
        source.Poll(isLast: false);
        File.WriteAllText(path, """
            {
              "log_history": [ {"epoch": 0.5, "loss": 0.7, "step": 10}, {"epoch": 1.0, "eval_loss": NaN, "step": 20} ]
            }
            """);
        source.Poll(isLast: true);

        Assert.Equal(["10 | epoch=0.5, loss=0.7", "20 | epoch=1, eval_loss=NaN"], _rows);
        Assert.Empty(_refused);
    }

    public void Dispose() => _directory.Dispose();

    private LineFileSource Csv() => new(Path, new CsvReader(), Take, _refused.Add);

    private void Take(MetricReading reading) => _rows.Add(Readings.Text(reading));
}
