using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Adapters.Gcs;

/// <summary>The checksum that Google Cloud Storage keeps of every object.</summary>
internal static class Crc32C
{
    private const uint Start = uint.MaxValue;

    /// <summary>The checksum of bytes as the API writes it.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => ToText(Append(Start, bytes));

    /// <summary>The checksum of a file as the API writes it.</summary>
    public static async Task<string> OfAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        var crc = Start;
        int read;
        for (var position = 0L; (read = await RandomAccess.ReadAsync(file, buffer, position, cancellationToken)) > 0; position += read)
        {
            crc = Append(crc, buffer.AsSpan(0, read));
        }

        return ToText(crc);
    }

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
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

    private static string ToText(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return Convert.ToBase64String(bytes);
    }
}
