using System.Buffers.Text;
using System.Text;
using Replicate.Storage;

namespace Replicate.Metadata;

/// <summary>
/// The checksum in our own key at the end of a metadata file, of all that comes before it. It is written in a form of its own,
/// without the blank behind the colon, and tells how much it is of: so what another program has rewritten, an older release or
/// an editor, is told from what is damaged.
/// </summary>
internal static class MetadataSeal
{
    /// <summary>The member's name.</summary>
    internal const string Name = "checksum";

    private const int SumLength = 8;
    private const int LongestLength = 48;

    private static ReadOnlySpan<byte> Beginning => ",\n  \"checksum\":\""u8;

    private static ReadOnlySpan<byte> End => "\"\n }\n}"u8;

    private static ReadOnlySpan<byte> PlainEnd => "\n }\n}"u8;

    /// <summary>Whether a file has a checksum of just this content, and another content.</summary>
    internal static bool IsBroken(ReadOnlySpan<byte> utf8) =>
        Find(utf8) is { } length
        && utf8[(length + Beginning.Length)..^End.Length] is { Length: > SumLength + 1 } value && value[SumLength] == '-'
        && Utf8Parser.TryParse(value[..SumLength], out uint sum, out var digits, 'x') && digits == SumLength
        && Utf8Parser.TryParse(value[(SumLength + 1)..], out int told, out var rest) && rest == value.Length - SumLength - 1
        && told == length && sum != ~Crc32C.Append(Crc32C.Start, utf8[..length]);

    /// <summary>The file without a checksum; null where it has none.</summary>
    internal static byte[]? Remove(ReadOnlySpan<byte> utf8) => Find(utf8) is { } length ? [.. utf8[..length], .. PlainEnd] : null;

    /// <summary>The file with a checksum; as it is where it does not end with our own key.</summary>
    internal static byte[] Add(ReadOnlySpan<byte> utf8) =>
        CanAdd(utf8) ? [.. utf8[..^PlainEnd.Length], .. Ending(~Crc32C.Append(Crc32C.Start, utf8[..^PlainEnd.Length]), utf8.Length - PlainEnd.Length)]
        : [.. utf8];

    /// <summary>Whether a file ends so that a checksum can be added.</summary>
    internal static bool CanAdd(ReadOnlySpan<byte> utf8) => utf8.EndsWith(PlainEnd);

    /// <summary>Writes a file with a checksum.</summary>
    /// <param name="stream">Gets it.</param>
    /// <param name="write">Writes the file in parts but for its last one.</param>
    /// <param name="last">The last part.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static async Task WriteAsync(
        Stream stream, Func<Stream, Task> write, ReadOnlyMemory<byte> last, CancellationToken cancellationToken)
    {
        await using var summed = new SummedStream(stream);
        await write(summed);
        await summed.WriteAsync(last[..^PlainEnd.Length], cancellationToken);
        await stream.WriteAsync(Ending(summed.Sum, summed.Written), cancellationToken);
    }

    private static byte[] Ending(uint sum, long length) => [.. Beginning, .. Encoding.ASCII.GetBytes($"{sum:x8}-{length}"), .. End];

    /// <summary>Where the checksum begins, which is how much it is of; null where there is none.</summary>
    private static int? Find(ReadOnlySpan<byte> utf8)
    {
        var tail = utf8[Math.Max(0, utf8.Length - LongestLength)..];
        return tail.EndsWith(End) && tail.LastIndexOf(Beginning) is >= 0 and var start ? utf8.Length - tail.Length + start : null;
    }
}
