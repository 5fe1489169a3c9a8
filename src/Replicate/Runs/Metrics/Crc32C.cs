using System.Buffers.Binary;
using System.Numerics;

namespace Replicate.Runs;

/// <summary>The checksum of TFRecord files: CRC-32C, rotated and offset so that it may be taken of data that holds one.</summary>
internal static class Crc32C
{
    private const uint Offset = 0xa282ead8;

    /// <summary>The masked checksum of some bytes.</summary>
    internal static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + Offset;
    }
}
