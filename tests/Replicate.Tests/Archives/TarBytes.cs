using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Replicate.Tests.Archives;

/// <summary>Tarballs put together byte by byte, as nobody well-meaning would write them.</summary>
internal sealed class TarBytes
{
    public const string Id = "0123456789abcdef";

    private readonly List<byte> _tar = [];

    public static TarBytes Empty => new();

    public TarBytes File(string name, string content = "x", char type = '0', int mode = 420) =>
        Entry(name, type, "", Encoding.UTF8.GetBytes(content), mode);

    public TarBytes Link(string name, string target) => Entry(name, '2', target, [], 511);

    /// <summary>A PAX record for the next entry.</summary>
    public TarBytes Record(string key, string value)
    {
        var rest = $" {key}={value}\n";
        var length = rest.Length + 1;
        while (length != rest.Length + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return File("record", length.ToString(CultureInfo.InvariantCulture) + rest, 'x');
    }

    public TarBytes Entry(string name, char type, string linkTarget, byte[] content, int mode, string? size = null)
    {
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, Octal(mode, 7));
        Put(header, 108, Octal(0, 7));
        Put(header, 116, Octal(0, 7));
        Put(header, 124, size ?? Octal(content.Length, 11));
        Put(header, 136, Octal(1_600_000_000, 11));
        Put(header, 148, "        ");
        header[156] = (byte)type;
        Put(header, 157, linkTarget);
        Put(header, 257, "ustar");
        Put(header, 263, "00");
        Put(header, 148, Octal(header.Sum(b => b), 6) + "\0 ");
        _tar.AddRange(header);
        _tar.AddRange(content);
        _tar.AddRange(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    public byte[] Tar(int zeroBlocks = 2) => [.. _tar, .. new byte[512 * zeroBlocks]];

    public MemoryStream Tarball(int zeroBlocks = 2) => new(Gzip(Tar(zeroBlocks)));

    public static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }

    private static string Octal(long value, int digits) =>
        Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Put(byte[] header, int offset, string text) =>
        Encoding.UTF8.GetBytes(text).CopyTo(header, offset);
}
