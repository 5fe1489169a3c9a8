using Replicate.Runs.Metrics;
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

        Assert.Equal(["9 | epoch=0, train_loss=0.5", "19 | epoch=1, train_loss=0.4", "19 | val_loss=0.45"], _rows);
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
        using var source = new JsonFileSource(path, Takers);
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
        using var source = new JsonFileSource(path, Takers);
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

    [Fact]
    public void A_row_that_was_torn_when_its_file_was_written_anew_is_no_row()
    {
        using var source = Csv();
        File.WriteAllText(Path, "step,loss\n1,0.5\n2,0.2");
        source.Poll(isLast: false);
        File.WriteAllText(Path, "step,loss\n1,0.5\n2,0.25\n3,0.125\n");
        source.Poll(isLast: true);

        Assert.Equal(["1 | loss=0.5", "2 | loss=0.25", "3 | loss=0.125"], _rows);
        Assert.Empty(_refused);
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public void Files_in_the_encodings_of_Windows_are_read_whatever_they_are(string name, bool hasMark)
    {
        var encoding = System.Text.Encoding.GetEncoding(name);
        byte[] Bytes(string text) => [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
        var lines = _directory.Combine("lines.jsonl");
        var document = _directory.Combine("state.json");
        using var csv = Csv();
        using var json = new JsonFileSource(lines, Takers);
        using var state = new JsonFileSource(document, Takers);
        File.WriteAllBytes(Path, Bytes("step,Größe,損失\r\n1,0.5,2\r\n2,0.25,1\r\n"));
        csv.Poll(isLast: true);
        File.WriteAllBytes(lines, Bytes("{\"step\": 3, \"Größe\": 0.5}\r\n{\"step\": 4, \"損失\": 0.25}\r\n"));
        json.Poll(isLast: true);
        File.WriteAllBytes(document, Bytes("{\r\n  \"log_history\": [{\"step\": 5, \"損失\": 0.5}]\r\n}"));
        state.Poll(isLast: true);

        Assert.Equal(["1 | Größe=0.5, 損失=2", "2 | Größe=0.25, 損失=1", "3 | Größe=0.5", "4 | 損失=0.25", "5 | 損失=0.5"], _rows);
        Assert.Empty(_refused);
    }

    [Fact]
    public void Rows_appended_to_a_file_of_Windows_PowerShell_have_its_encoding_and_header()
    {
        File.WriteAllText(Path, "step;loss\r\n1;9\r\n", System.Text.Encoding.Unicode);
        using var source = Csv();
        File.AppendAllBytes(Path, [.. System.Text.Encoding.Unicode.GetBytes("2;0,25\r\n")]);
        source.Poll(isLast: true);

        Assert.Equal(["2 | loss=0.25"], _rows);
    }

    [Fact]
    public void Wildcards_stand_for_the_versions_that_this_run_writes()
    {
        _directory.Write("logs/version_0/metrics.csv", "epoch,step,loss\n0,1,9\n");
        _directory.Write("logs/version_1/metrics.csv", "epoch,step,loss\n0,1,8\n");
        using var source = new PatternFileSource(
            _directory.Combine("logs/version_*/metrics.csv"), (path, isNew) => new LineFileSource(path, new CsvReader(), Takers, isNew));
        source.Poll(isLast: false);
        Assert.Empty(_rows);

        _directory.Write("logs/version_2/metrics.csv", "epoch,step,train_loss,val_loss\n0,1,0.5,\n0,1,,0.75\n");
        source.Poll(isLast: true);
        Assert.Equal(["1 | epoch=0, train_loss=0.5", "1 | val_loss=0.75"], _rows);
    }

    [Fact]
    public void The_states_in_the_checkpoints_of_a_trainer_give_each_row_once()
    {
        var rows = new StepRows(Take);
        using var source = new PatternFileSource(
            _directory.Combine("out/**/trainer_state.json"), (path, isNew) => new JsonFileSource(path, Takers, isNew, rows));
        _directory.Write("out/checkpoint-10/trainer_state.json", """{"log_history": [{"loss": 0.5, "step": 10}]}""");
        source.Poll(isLast: false);
        _directory.Write("out/checkpoint-20/trainer_state.json", """{"log_history": [{"loss": 0.5, "step": 10}, {"loss": NaN, "step": 20}]}""");
        source.Poll(isLast: true);

        Assert.Equal(["10 | loss=0.5", "20 | loss=NaN"], _rows);
    }

    [Theory]
    [InlineData("""{"a": {"0": 1, "5": 2}, "loss": {"0": 3, "1": 4}, "best": 7}""", "0 | a=1, loss=3", "1 | loss=4", "5 | a=2")]
    [InlineData("""{"10": {"loss": 0.5}, "20": {"loss": "0.25"}}""", "10 | loss=0.5", "20 | loss=0.25")]
    [InlineData("""{"epoch": [1, 2], "history": {"loss": [0.5, null], "acc": [0.75, 1]}}""", "0 | loss=0.5, acc=0.75", "1 | acc=1")]
    [InlineData("""{"epoch": [5, 6], "train": {"loss": [0.5, 0.25]}, "valid_1": {"auc": [0.75]}}""", "5 | train.loss=0.5, valid_1.auc=0.75", "6 | train.loss=0.25")]
    [InlineData("""{"accuracy": 0.9, "f1 of each class": [0.5, 0.25]}""", " | accuracy=0.9")]
    [InlineData("""[{"epoch": 1, "loss": 0.5}, "text", {"epoch": 2, "loss": 0.25}]""", "1 | loss=0.5", "2 | loss=0.25")]
    public void A_document_gives_a_row_for_each_step(string text, params string[] expected)
    {
        var path = _directory.Combine("history.json");
        using var source = new JsonFileSource(path, Takers);
        File.WriteAllText(path, text);
        source.Poll(isLast: false);
        source.Poll(isLast: true);

        Assert.Equal(expected, _rows);
        Assert.Empty(_refused);
    }

    [Theory]
    [InlineData("log.csv", "", "it is empty")]
    [InlineData("log.csv", "epoch,loss\n", "it has the columns 'epoch', 'loss' and no rows below them")]
    [InlineData("log.csv", "name,file\na,b\nc,d\n", "in the 2 rows under the columns 'name', 'file' there is no number but a step")]
    [InlineData("log.csv", "1,0.5\n2,0.25\n", "its first line holds numbers, where the names of the columns should be")]
    [InlineData("log.json", "{\"a\": \"x\", \"b\": [\"y\"]}", "its line holds no number but a step")]
    [InlineData("log.json", "{\n\"a\": \"x\"}", "it holds 'a', and no number but a step among them")]
    [InlineData("log.jsonl", "{\"step\": 1}\n{\"step\": 2}\n", "its 2 lines hold no number but a step")]
    public void What_gave_nothing_tells_what_it_holds(string name, string text, string account)
    {
        var path = _directory.Combine(name);
        using IFileSource source = name.EndsWith("csv", StringComparison.Ordinal)
            ? new LineFileSource(path, new CsvReader(), Takers) : new JsonFileSource(path, Takers);
        File.WriteAllText(path, text);
        source.Poll(isLast: true);

        Assert.True(source.HasAppeared);
        Assert.Equal(account, source.Account);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JSON_nested_without_end_is_refused_and_takes_bounded_memory(bool isLine)
    {
        var path = _directory.Combine(isLine ? "deep.jsonl" : "deep.json");
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 200_000));
        using var source = new JsonFileSource(path, Takers);
        File.WriteAllText(path, isLine ? $"{deep}1{new string('}', 200_000)}\n{{\"step\": 1, \"loss\": 0.5}}\n" : deep);
        source.Poll(isLast: true);

        Assert.Equal(isLine ? ["1 | loss=0.5"] : [], _rows);
        Assert.Single(_refused);
    }

    public void Dispose() => _directory.Dispose();

    private LineFileSource Csv() => new(Path, new CsvReader(), Takers);

    private FileTakers Takers => new(Take, _refused.Add, _refused.Add);

    private void Take(MetricReading reading) => _rows.Add(Readings.Text(reading));
}
