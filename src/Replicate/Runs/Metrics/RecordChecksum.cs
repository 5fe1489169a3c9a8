using System.Numerics;
using Replicate.Storage;

namespace Replicate.Runs.Metrics;

/// <summary>The checksum of TFRecord files: CRC-32C, rotated and offset so that it may be taken of data that holds one.</summary>
internal static class RecordChecksum
{
    private const uint Offset = 0xa282ead8;

    /// <summary>The masked checksum of some bytes.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes) =>
        BitOperations.RotateRight(~Crc32C.Append(Crc32C.Start, bytes), 15) + Offset;
}
