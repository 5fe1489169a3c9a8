using System.Text;
using Replicate.Runs.Metrics;
using Replicate.Tests.Support;
using static Replicate.Tests.Runs.Metrics.EventBytes;

namespace Replicate.Tests.Runs.Metrics;

public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _rows = [];
    private readonly List<string> _refused = [];

    [Fact]
    public void The_checksum_is_that_of_the_format()
    {
        // CRC-32C of "123456789" is e3069283 by its specification.
        var unmasked = 0xe3069283u;
        Assert.Equal(((unmasked >> 15) | (unmasked << 17)) + 0xa282ead8, RecordChecksum.Of("123456789"u8));
    }

    [Fact]
    public void Scalars_of_both_kinds_are_read_and_a_torn_tail_waits()
    {
        using var source = Source();
        byte[] records =
        [
            .. Record([.. Field(3, Encoding.ASCII.GetBytes("brain.Event:2"))]),
            .. Record(Event(5, Simple("loss", 0.1f))),
            .. Record(Event(300, Tensor("accuracy", 0.75f))),
        ];
        var path = _directory.Write("logs/run_7/events.out.tfevents.1.host", "");
        File.WriteAllBytes(path, records[..^3]);
        source.Poll(isLast: false);
        Assert.Equal(["5 | loss=0.1"], _rows);

        File.WriteAllBytes(path, records);
        source.Poll(isLast: true);
        Assert.Equal(["5 | loss=0.1", "300 | accuracy=0.75"], _rows);
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_damaged_file_is_named_once_and_what_came_before_is_kept()
    {
        using var source = Source();
        var bad = Record(Event(2, Simple("loss", 1)));
        bad[^6] ^= 1;
        File.WriteAllBytes(
            _directory.Write("logs/events.out.tfevents.2.host", ""),
            [.. Record(Event(1, Simple("loss", 2))), .. bad, .. Record(Event(3, Simple("loss", 3)))]);
        source.Poll(isLast: false);
        source.Poll(isLast: true);

        Assert.Equal(["1 | loss=2"], _rows);
        Assert.StartsWith("'events.out.tfevents.2.host' is damaged at byte ", Assert.Single(_refused), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_earlier_runs_are_passed_over()
    {
        var path = _directory.Write("logs/events.out.tfevents.3.host", "");
        File.WriteAllBytes(path, Record(Event(1, Simple("loss", 2))));
        using var source = Source();
        source.Poll(isLast: true);

        Assert.Empty(_rows);
    }

    [Theory]
    [InlineData("train", "validation", "train/loss", "validation/loss")]
    [InlineData("validation", "train", "validation/loss", "train/loss")]
    [InlineData("20261127/train", "20261127/val", "train/loss", "val/loss")]
    [InlineData("fold_0", "fold_1", "fold_0/loss", "fold_1/loss")]
    [InlineData(".", "loss_train", "loss", "loss_train/loss")]
    public void Directories_tell_equal_names_apart_and_events_come_in_their_order(string first, string second, string left, string right)
    {
        using var source = Source();
        File.WriteAllBytes(
            _directory.Write($"logs/{first}/events.out.tfevents.1.host", ""),
            [.. Record([.. At(1), .. Event(1, Simple("loss", 2))]), .. Record([.. At(3), .. Event(2, Simple("loss", 1))])]);
        File.WriteAllBytes(
            _directory.Write($"logs/{second}/events.out.tfevents.2.host", ""),
            [.. Record([.. At(2), .. Event(1, Simple("loss", 4))]), .. Record([.. At(4), .. Event(2, Simple("loss", 3))])]);
        source.Poll(isLast: true);

        Assert.Equal([$"1 | {left}=2", $"1 | {right}=4", $"2 | {left}=1", $"2 | {right}=3"], _rows);
    }

    [Fact]
    public void The_events_of_CatBoost_whose_file_is_written_anew_each_time_are_those_of_this_run()
    {
        var path = _directory.Write("logs/learn/events.out.tfevents", "");
        File.WriteAllBytes(path, [.. Record(Event(1, Simple("RMSE", 9))), .. Record(Event(2, Simple("RMSE", 9)))]);
        using var source = Source();
        File.WriteAllBytes(path, Record(Event(0, Simple("RMSE", 0.5f))));
        source.Poll(isLast: true);

        Assert.Equal(["0 | learn/RMSE=0.5"], _rows);
    }

    [Fact]
    public void A_file_that_is_written_anew_to_the_same_length_is_of_this_run()
    {
        var path = _directory.Write("logs/learn/events.out.tfevents", "");
        File.WriteAllBytes(path, Record([.. At(1), .. Event(1, Simple("RMSE", 9))]));
        using var source = Source();
        File.WriteAllBytes(path, Record([.. At(2), .. Event(1, Simple("RMSE", 8))]));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(1));
        source.Poll(isLast: true);

        Assert.Equal(["1 | learn/RMSE=8"], _rows);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 40)]
    public void A_length_that_cannot_be_is_said_and_nothing_is_read_for_it(long length)
    {
        using var source = Source();
        var header = BitConverter.GetBytes(length);
        File.WriteAllBytes(
            _directory.Write("logs/events.out.tfevents.4.host", ""),
            [.. Record(Event(1, Simple("loss", 2))), .. header, .. BitConverter.GetBytes(RecordChecksum.Of(header)), .. new byte[64]]);
        source.Poll(isLast: true);

        Assert.Equal(["1 | loss=2"], _rows);
        Assert.Single(_refused);
    }

    public void Dispose() => _directory.Dispose();

    private TensorBoardSource Source() =>
        new(_directory.Combine("logs"), new FileTakers(reading => _rows.Add(Readings.Text(reading)), _refused.Add, _refused.Add));
}
