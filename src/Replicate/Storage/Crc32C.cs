using System.Buffers.Binary;
using System.Numerics;

namespace Replicate.Storage;

/// <summary>The checksum CRC-32C (Castagnoli), as Google Cloud Storage and TensorFlow use it.</summary>
internal static class Crc32C
{
    /// <summary>The value to begin with; the checksum is the complement of the value after the last byte.</summary>
    public const uint Start = uint.MaxValue;

    /// <summary>The value after some more bytes.</summary>
    /// <param name="crc">The value before them.</param>
    /// <param name="bytes">The bytes.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
