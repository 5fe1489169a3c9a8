using System.Buffers.Binary;
using System.Text;
using Replicate.Runs;
using Replicate.Tests.Support;

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
        var path = _directory.Write("logs/train/events.out.tfevents.1.host", "");
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
        Assert.Contains("checksum", Assert.Single(_refused), StringComparison.Ordinal);
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

    public void Dispose() => _directory.Dispose();

    private TensorBoardSource Source() =>
        new(_directory.Combine("logs"), reading => _rows.Add(Readings.Text(reading)), _refused.Add);

    private static byte[] Event(byte step, byte[] summary) => [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, step, .. Field(5, summary)];

    private static byte[] Event(int step, byte[] summary) =>
        [0x10, (byte)(step | 0x80), (byte)(step >> 7), .. Field(5, summary)];

    private static byte[] Simple(string tag, float value) =>
        Field(1, [.. Field(1, Encoding.UTF8.GetBytes(tag)), 0x15, .. BitConverter.GetBytes(value)]);

    private static byte[] Tensor(string tag, float value) =>
        Field(1, [.. Field(1, Encoding.UTF8.GetBytes(tag)), .. Field(8, [0x08, 1, .. Field(2, []), .. Field(4, BitConverter.GetBytes(value))])]);

    private static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];

    private static byte[] Record(byte[] data)
    {
        var header = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        return [.. header, .. BitConverter.GetBytes(RecordChecksum.Of(header)), .. data, .. BitConverter.GetBytes(RecordChecksum.Of(data))];
    }
}
