using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Replicate;

/// <summary>Makes ids of experiments and checkpoints.</summary>
internal static class Ids
{
    // Asked for one at a time, the source takes longer than all else about a checkpoint.
    private const int Batch = 128;
    private const int Length = 32;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>64 hex digits from a cryptographic random source.</summary>
    internal static PackedId New()
    {
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(_random ??= new byte[Batch * Length]);
            _left = Batch;
        }

        var parts = MemoryMarshal.Cast<byte, ulong>(_random.AsSpan(--_left * Length, Length));
        return new PackedId(parts[0], parts[1], parts[2], parts[3]);
    }
}
