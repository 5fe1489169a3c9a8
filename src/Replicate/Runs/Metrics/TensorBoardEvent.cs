using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Replicate.Runs.Metrics;

/// <summary>Reads the scalars of an event of TensorFlow: those of its first version, and tensors of a single number.</summary>
internal static class TensorBoardEvent
{
    private const int MaxTagLength = 1 << 12;
    private const int MaxScalars = 10_000;

    /// <summary>Reads an event.</summary>
    /// <returns>When it was recorded, in seconds since 1970; 0 where it doesn't say.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    internal static double Read(ReadOnlySpan<byte> bytes, MetricReading reading)
    {
        long step = 0;
        double time = 0;
        for (var message = new Protobuf(bytes); message.Next();)
        {
            switch (message.Field)
            {
                case 1 when message.Bytes.Length == sizeof(double): time = BinaryPrimitives.ReadDoubleLittleEndian(message.Bytes); break;
                case 2: step = (long)message.Integer; break;
                case 5: ReadSummary(message.Bytes, reading); break;
            }
        }

        reading.Step = reading.Metrics.Count > 0 ? step : null;
        return double.IsFinite(time) ? time : 0;
    }

    private static void ReadSummary(ReadOnlySpan<byte> bytes, MetricReading reading)
    {
        for (var message = new Protobuf(bytes); message.Next();)
        {
            if (message.Field == 1 && reading.Metrics.Count < MaxScalars)
            {
                ReadValue(message.Bytes, reading);
            }
        }
    }

    private static void ReadValue(ReadOnlySpan<byte> bytes, MetricReading reading)
    {
        var tag = "";
        double? value = null;
        for (var message = new Protobuf(bytes); message.Next();)
        {
            switch (message.Field)
            {
                case 1 when message.Bytes.Length <= MaxTagLength: tag = Encoding.UTF8.GetString(message.Bytes); break;
                case 2: value = Shortest(message.Single); break;
                case 8: value = ReadTensor(message.Bytes); break;
            }
        }

        if (tag.Length > 0 && value is { } number)
        {
            reading.Add(tag, number);
        }
    }

    /// <summary>The number of a tensor without dimensions; null for another.</summary>
    private static double? ReadTensor(ReadOnlySpan<byte> bytes)
    {
        ulong type = 0;
        double? value = null;
        ReadOnlySpan<byte> content = default;
        for (var message = new Protobuf(bytes); message.Next();)
        {
            switch (message.Field)
            {
                case 1: type = message.Integer; break;
                case 2 when !message.Bytes.IsEmpty: return null;
                case 4: content = message.Bytes; break;
                case 5 when message.Bytes.Length == sizeof(float): value = Shortest(message.Single); break;
                case 6 when message.Bytes.Length == sizeof(double): value = BinaryPrimitives.ReadDoubleLittleEndian(message.Bytes); break;
                case 7 or 10: value = message.Bytes.IsEmpty ? (long)message.Integer : ReadPacked(message.Bytes); break;
            }
        }

        return value ?? (type, content.Length) switch
        {
            (1, sizeof(float)) => Shortest(BinaryPrimitives.ReadSingleLittleEndian(content)),
            (2, sizeof(double)) => BinaryPrimitives.ReadDoubleLittleEndian(content),
            (3, sizeof(int)) => BinaryPrimitives.ReadInt32LittleEndian(content),
            (9, sizeof(long)) => BinaryPrimitives.ReadInt64LittleEndian(content),
            _ => null,
        };
    }

    private static double? ReadPacked(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                return i == bytes.Length - 1 ? (long)value : null;
            }
        }

        return null;
    }

    // 0.1 as the program meant it, not 0.10000000149011612.
    private static double Shortest(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
