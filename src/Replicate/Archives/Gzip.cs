using System.IO.Compression;

namespace Replicate.Archives;

/// <summary>The compression of tarballs.</summary>
internal static class Gzip
{
    private const int InputBuffer = 1 << 17;

    /// <summary>Compresses what is written; disposing ends the data and leaves the output open.</summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) =>
        new GZipStream(output, level, leaveOpen: true);

    /// <summary>Decompresses all members of a gzip file one after the other.</summary>
    public static Stream Decompress(Stream input) =>
        new GZipStream(new BufferedStream(input, InputBuffer), CompressionMode.Decompress);
}
