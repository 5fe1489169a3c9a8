using System.Buffers.Binary;

namespace Replicate.Recording.Output;

/// <summary>What a line is but for which digits it has: a hash of 64 bits, another in each process.</summary>
internal static class LineShape
{
    private const ulong Highest = 0x8080808080808080;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>The shape of a line.</summary>
    internal static ulong Of(ReadOnlySpan<byte> line)
    {
        var hash = Seed ^ (ulong)line.Length;
        for (; line.Length >= sizeof(ulong); line = line[sizeof(ulong)..])
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(line));
        }

        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        line.CopyTo(rest);
        return Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    private static ulong Mix(ulong hash, ulong bytes)
    {
        var high = Math.BigMul(hash ^ WithZeros(bytes), 0x9e3779b97f4a7c15, out var low);
        return high ^ low ^ Seed;
    }

    /// <summary>Eight bytes, of which each that is a digit is a zero.</summary>
    private static ulong WithZeros(ulong bytes)
    {
        // In the highest bit of each byte: whether it is none of 0x30 to 0x3f, and whether it is one of them beyond '9'.
        var high = (bytes & 0xf0f0f0f0f0f0f0f0) ^ 0x3030303030303030;
        var isOther = ((high & ~Highest) + ~Highest) | high;
        var isBeyond = (bytes & 0x0f0f0f0f0f0f0f0f) + 0x7676767676767676;
        var isDigit = ~(isOther | isBeyond) & Highest;
        return bytes & ~((isDigit >> 7) * 0x0f);
    }
}
