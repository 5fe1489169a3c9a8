using System.IO.Compression;

namespace Replicate.Archives.Writing;

/// <summary>The compression of tarballs.</summary>
internal static class Gzip
{
    private const int InputBuffer = 1 << 17;

    /// <summary>Compresses what is written; disposing ends the data and leaves the output open.</summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) =>
        new GZipStream(output, level, leaveOpen: true);

    /// <summary>Compresses a chunk as one gzip member.</summary>
    public static void Compress(Stream output, ReadOnlySpan<byte> chunk, CompressionLevel level)
    {
        using var gzip = level == CompressionLevel.Optimal && !Compressibility.IsWorthMoreEffort(chunk)
            ? CompressFaster(output)
            : Compress(output, level);
        gzip.Write(chunk);
    }

    /// <summary>Level 5 of the runtime's zlib takes two thirds of the time of 6, and finds nearly as much where there is little.</summary>
    private static GZipStream CompressFaster(Stream output) =>
        new(output, new ZLibCompressionOptions { CompressionLevel = 5 }, leaveOpen: true);

    /// <summary>Decompresses all members of a gzip file one after the other.</summary>
    public static Stream Decompress(Stream input) =>
        new GZipStream(new BufferedStream(input, InputBuffer), CompressionMode.Decompress);
}
