using System.IO.Compression;

namespace Replicate.Archives.Writing;

/// <summary>
/// Tells from a sample whether a chunk is worth compressing: weights are often as good as random, and trying to make them
/// smaller takes twenty times as long as storing them.
/// </summary>
internal static class Compressibility
{
    /// <summary>What cannot be made smaller than this part of itself is stored.</summary>
    private const double WorthIt = 0.9;

    /// <summary>Where even the fastest compression leaves less than this, more effort finds much more.</summary>
    private const double WorthMoreEffort = 0.52;

    private const int Pieces = 8;
    private const int PieceLength = 2 << 10;
    private const int SampleLength = Pieces * PieceLength;

    /// <summary>Whether compressing will pay.</summary>
    public static bool IsWorthIt(ReadOnlySpan<byte> chunk) =>
        chunk.Length <= SampleLength || Entropy(chunk) < WorthIt || FastRatio(chunk) < WorthIt;

    /// <summary>Whether there is more to find than the frequencies of the bytes and a few repeats.</summary>
    public static bool IsWorthMoreEffort(ReadOnlySpan<byte> chunk) =>
        chunk.Length <= SampleLength || FastRatio(chunk) < WorthMoreEffort;

    /// <summary>How much of each byte the frequencies of the bytes leave unknown, from 0 to 1, by pieces from all over the chunk.</summary>
    private static double Entropy(ReadOnlySpan<byte> chunk)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        for (var piece = 0; piece < Pieces; piece++)
        {
            foreach (var value in chunk.Slice((int)((long)(chunk.Length - PieceLength) * piece / (Pieces - 1)), PieceLength))
            {
                counts[value]++;
            }
        }

        var bits = 0.0;
        foreach (var count in counts)
        {
            bits -= count == 0 ? 0 : count * Math.Log2((double)count / SampleLength);
        }

        return bits / SampleLength / 8;
    }

    /// <summary>
    /// What the fastest compression leaves of the middle of the chunk. It knows no frequencies, only repeats; random bytes
    /// that come again and again are found by nothing else.
    /// </summary>
    private static double FastRatio(ReadOnlySpan<byte> chunk)
    {
        using var compressed = new MemoryStream(SampleLength * 2);
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(chunk.Slice((chunk.Length - SampleLength) / 2, SampleLength));
        }

        return (double)compressed.Length / SampleLength;
    }
}
