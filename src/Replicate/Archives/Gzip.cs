using System.IO.Compression;

namespace Replicate.Archives;

/// <summary>The compression of tarballs.</summary>
internal static class Gzip
{
    private const int InputBuffer = 1 << 17;

    private const int SampleLength = 1 << 16;

    /// <summary>Compresses what is written; disposing ends the data and leaves the output open.</summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) =>
        new GZipStream(output, level, leaveOpen: true);

    /// <summary>
    /// The level that is worth its time: weights are often as good as random, and trying to make them smaller takes twenty
    /// times as long as storing them.
    /// </summary>
    /// <param name="files">What is going to be compressed; the middle of the largest file stands for all.</param>
    public static CompressionLevel LevelFor(IEnumerable<SelectedFile> files)
    {
        var largest = files.Where(file => file.LinkTarget is null).MaxBy(file => file.Length);
        if (largest is null || largest.Length < SampleLength)
        {
            return CompressionLevel.Optimal;
        }

        try
        {
            var sample = new byte[SampleLength];
            using var file = File.OpenHandle(largest.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var read = RandomAccess.Read(file, sample, (largest.Length - SampleLength) / 2);
            using var compressed = new MemoryStream();
            using (var gzip = Compress(compressed, CompressionLevel.Fastest))
            {
                gzip.Write(sample, 0, read);
            }

            return compressed.Length > read * 0.95 ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reading it in earnest tells what is wrong.
            return CompressionLevel.Optimal;
        }
    }

    /// <summary>Decompresses all members of a gzip file one after the other.</summary>
    public static Stream Decompress(Stream input) =>
        new GZipStream(new BufferedStream(input, InputBuffer), CompressionMode.Decompress);
}
