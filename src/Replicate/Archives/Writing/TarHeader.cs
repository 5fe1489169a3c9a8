using System.Globalization;
using System.Text;

namespace Replicate.Archives.Writing;

/// <summary>Headers of a tar file: ustar, with a PAX header before it only where something does not fit.</summary>
internal static class TarHeader
{
    /// <summary>The unit that headers and contents of a tar file are padded to.</summary>
    public const int Block = 512;

    private const int NameLength = 100;
    private const int PrefixLength = 155;
    private const long MaxSize = (1L << 33) - 1;

    /// <summary>The header of a file or link.</summary>
    /// <param name="name">Its full name, top directory included.</param>
    /// <param name="file">All else about it.</param>
    /// <returns>One block, or three and more with a PAX header.</returns>
    public static byte[] Of(string name, SavedFile file)
    {
        var slash = name.LastIndexOf('/');
        var isAscii = Ascii.IsValid(name);
        var fits = isAscii && name.Length <= NameLength;
        var splits = isAscii && !fits && slash <= PrefixLength && name.Length - slash - 1 <= NameLength;
        var target = file.LinkTarget ?? "";
        var targetFits = Ascii.IsValid(target) && target.Length <= NameLength;
        var seconds = Seconds(file.LastModified);

        var records = new MemoryStream();
        AddRecord(records, "path", fits || splits ? null : name);
        AddRecord(records, "linkpath", targetFits ? null : target);
        AddRecord(records, "size", file.Length <= MaxSize ? null : file.Length.ToString(CultureInfo.InvariantCulture));

        var pax = records.Length == 0 ? 0 : Block + (int)Padded(records.Length);
        var header = new byte[pax + Block];
        if (pax > 0)
        {
            var recordFile = new SavedFile { Path = "", Length = records.Length, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            Fill(header.AsSpan(0, Block), "", Cut("PaxHeaders/" + name[(slash + 1)..]), "", recordFile, seconds, 'x');
            records.GetBuffer().AsSpan(0, (int)records.Length).CopyTo(header.AsSpan(Block));
        }

        var (prefix, last) = splits ? (name[..slash], name[(slash + 1)..]) : ("", Cut(name));
        Fill(header.AsSpan(pax), prefix, last, Cut(target), file, seconds, file.LinkTarget is null ? '0' : '2');
        return header;
    }

    /// <summary>A length with the padding up to a whole block.</summary>
    public static long Padded(long length) => (length + Block - 1) / Block * Block;

    /// <summary>Whole seconds since 1970, not before: what a ustar header can hold.</summary>
    public static long Seconds(DateTime time) =>
        Math.Clamp(new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds(), 0, MaxSize);

    private static void Fill(
        Span<byte> header, string prefix, string name, string target, SavedFile file, long seconds, char type)
    {
        Put(header, 0, name);
        PutOctal(header.Slice(100, 8), (long)file.Mode);
        PutOctal(header.Slice(108, 8), 0);
        PutOctal(header.Slice(116, 8), 0);
        PutOctal(header.Slice(124, 12), file.Length <= MaxSize ? file.Length : 0);
        PutOctal(header.Slice(136, 12), seconds);
        header.Slice(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        Put(header, 157, target);
        Put(header, 257, "ustar");
        Put(header, 263, "00");
        PutOctal(header.Slice(329, 8), 0);
        PutOctal(header.Slice(337, 8), 0);
        Put(header, 345, prefix);

        var sum = 0L;
        foreach (var value in header)
        {
            sum += value;
        }

        PutOctal(header.Slice(148, 7), sum);
    }

    /// <summary>What a reader that knows no PAX records gets of a text that does not fit.</summary>
    private static string Cut(string text) =>
        new([.. text.Take(NameLength).Select(c => char.IsAscii(c) ? c : '_')]);

    private static void Put(Span<byte> header, int offset, string ascii) => Encoding.ASCII.GetBytes(ascii, header[offset..]);

    /// <summary>Digits with zeros before them, and a NUL at the end of the field.</summary>
    private static void PutOctal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    /// <summary>A record begins with its own length, whose digits count.</summary>
    private static void AddRecord(MemoryStream records, string key, string? value)
    {
        if (value is null)
        {
            return;
        }

        var rest = Encoding.UTF8.GetBytes($" {key}={value}\n");
        var length = rest.Length + 1;
        while (length != rest.Length + Digits(length))
        {
            length++;
        }

        records.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
        records.Write(rest);
    }

    private static int Digits(int value) => value.ToString(CultureInfo.InvariantCulture).Length;
}
