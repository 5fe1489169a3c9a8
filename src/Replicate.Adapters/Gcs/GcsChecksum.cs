using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage;

namespace Replicate.Adapters.Gcs;

/// <summary>The checksum that Google Cloud Storage keeps of every object.</summary>
internal static class GcsChecksum
{
    /// <summary>The checksum of bytes as the API writes it.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => ToText(Crc32C.Append(Crc32C.Start, bytes));

    /// <summary>The checksum of a file as the API writes it.</summary>
    public static async Task<string> OfAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 20];
        var crc = Crc32C.Start;
        int read;
        for (var position = 0L; (read = await RandomAccess.ReadAsync(file, buffer, position, cancellationToken)) > 0; position += read)
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
        }

        return ToText(crc);
    }

    private static string ToText(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return Convert.ToBase64String(bytes);
    }
}
