using System.Buffers.Binary;
using System.Text;
using Replicate.Runs.Metrics;

namespace Replicate.Tests.Runs.Metrics;

/// <summary>The bytes of TensorBoard's event files.</summary>
internal static class EventBytes
{
    /// <summary>When an event was written, in seconds.</summary>
    public static byte[] At(double time) => [0x09, .. BitConverter.GetBytes(time)];

    /// <summary>An event of a step below 128, with a time.</summary>
    public static byte[] Event(byte step, byte[] summary) => [0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, step, .. Field(5, summary)];

    /// <summary>An event of a step below 16,384.</summary>
    public static byte[] Event(int step, byte[] summary) =>
        [0x10, (byte)(step | 0x80), (byte)(step >> 7), .. Field(5, summary)];

    /// <summary>A summary with one number.</summary>
    public static byte[] Simple(string tag, float value) =>
        Field(1, [.. Field(1, Encoding.UTF8.GetBytes(tag)), 0x15, .. BitConverter.GetBytes(value)]);

    /// <summary>The same as a tensor.</summary>
    public static byte[] Tensor(string tag, float value) =>
        Field(1, [.. Field(1, Encoding.UTF8.GetBytes(tag)), .. Field(8, [0x08, 1, .. Field(2, []), .. Field(4, BitConverter.GetBytes(value))])]);

    /// <summary>A field of the wire format.</summary>
    public static byte[] Field(int number, byte[] bytes) => [(byte)((number << 3) | 2), (byte)bytes.Length, .. bytes];

    /// <summary>A record of an event file, with its checksums.</summary>
    public static byte[] Record(byte[] data)
    {
        var header = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        return [.. header, .. BitConverter.GetBytes(RecordChecksum.Of(header)), .. data, .. BitConverter.GetBytes(RecordChecksum.Of(data))];
    }
}
