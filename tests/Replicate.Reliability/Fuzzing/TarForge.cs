using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Replicate.Reliability.Fuzzing;

/// <summary>Tar files put together header by header, with whatever is in them, and gzip around them.</summary>
internal static class TarForge
{
    private const int Block = 512;

    private static readonly string[] Names =
    [
        "a", "a/b", "a/b/c", "a/", "", "/", "..", "../x", "a/../../x", "./a", "a//b", "C:/x", "C:\\x", "a\\..\\..\\x", "name:stream", "CON", "nul.txt",
        "trailing.", "trailing ", "\u001b[2J", "A", "e\u0301", "\u00e9", "日本語", "link", "link/x", "link/../x", "link2", "link2/y", "model.pth",
        "canary", "../canary", "\0x", "\ud800",
    ];

    private static readonly string[] Targets =
        ["a", "..", "../canary", "../../canary", "/etc/passwd", "/", "", ".", "link", "link2", "a/../..", "../a", "a/b", "C:\\x", "\0"];

    private static readonly string[] Sizes =
        ["77777777777", "00000000000", "00000000001", "37777777777", "-0000000001", "\u00ff\u00ff\u00ff\u00ff", "99999999999", "           ", "17777777777"];

    /// <summary>A tar file of a few entries that are often wrong.</summary>
    public static byte[] Forge(string id, Dice dice)
    {
        using var tar = new MemoryStream();
        for (var entries = dice.Below(8); entries >= 0; entries--)
        {
            var top = dice.OneIn(12) ? dice.Pick(["", "/", "..", "other/", $"{id}x/", "./"]) : id + "/";
            var name = top + dice.Pick(Names) + (dice.OneIn(20) ? new string('n', dice.Below(5000)) : "");
            if (dice.OneIn(6))
            {
                Record(tar, dice, name);
            }

            var type = dice.OneIn(3) ? (char)dice.Pick("0125\07gxLKSVNDM3469\xff"u8.ToArray()) : '0';
            var link = type is '1' or '2' || dice.OneIn(10) ? dice.Pick(Targets) : "";
            var content = dice.Bytes(dice.OneIn(3) ? 0 : dice.Below(700));
            Entry(tar, name, type, link, content, dice.OneIn(15) ? dice.Pick(Sizes) : null, dice.OneIn(20), dice.OneIn(4) ? 4095 : 420);
        }

        tar.Write(new byte[Block * (dice.OneIn(8) ? dice.Below(5) : 2)]);
        return tar.ToArray();
    }

    /// <summary>Tar files as other programs write them: each form that .NET knows.</summary>
    public static IEnumerable<byte[]> OfOthers(string id)
    {
        foreach (var format in new[] { TarEntryFormat.V7, TarEntryFormat.Ustar, TarEntryFormat.Pax, TarEntryFormat.Gnu })
        {
            using var tar = new MemoryStream();
            using (var writer = new TarWriter(tar, format, leaveOpen: true))
            {
                foreach (var name in new[] { "train.py", "data/" + new string('d', format == TarEntryFormat.V7 ? 10 : 120), "data/日本" })
                {
                    var type = format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile;
                    TarEntry entry = format switch
                    {
                        TarEntryFormat.V7 => new V7TarEntry(type, $"{id}/{name}"),
                        TarEntryFormat.Ustar => new UstarTarEntry(type, $"{id}/{name[..Math.Min(name.Length, 80)]}"),
                        TarEntryFormat.Pax => new PaxTarEntry(type, $"{id}/{name}", new Dictionary<string, string> { ["comment"] = "c" }),
                        _ => new GnuTarEntry(type, $"{id}/{name}"),
                    };
                    entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(name + "\n"));
                    writer.WriteEntry(entry);
                }
            }

            yield return tar.ToArray();
        }
    }

    /// <summary>Changes fields of headers, and sets the sums right again.</summary>
    public static byte[] Damage(byte[] tar, Dice dice)
    {
        var damaged = tar.ToArray();
        for (var changes = 1 + dice.Below(3); changes > 0 && damaged.Length >= Block; changes--)
        {
            var header = damaged.AsSpan(dice.Below(damaged.Length / Block) * Block, Block);
            var at = dice.Pick([0, 100, 124, 136, 156, 157, 257, 265, 345]) + dice.Below(12);
            var put = dice.OneIn(2) ? dice.Bytes(1) : Encoding.UTF8.GetBytes(dice.Pick(dice.OneIn(2) ? Sizes : Names));
            put.AsSpan(0, Math.Min(put.Length, Block - at)).CopyTo(header[at..]);
            SetSum(header);
        }

        return damaged;
    }

    /// <summary>Compresses, in one member or several.</summary>
    public static byte[] Compress(byte[] tar, Dice dice)
    {
        using var output = new MemoryStream();
        var members = dice.OneIn(3) ? 1 + dice.Below(4) : 1;
        for (var (member, from) = (1, 0); member <= members; member++)
        {
            var to = member == members ? tar.Length : from + dice.Below(tar.Length - from + 1);
            using var gzip = new GZipStream(output, dice.OneIn(3) ? CompressionLevel.NoCompression : CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(tar, from, to - from);
            from = to;
        }

        return output.ToArray();
    }

    /// <summary>What is in a gzip file; nothing where it isn't one.</summary>
    public static byte[] Decompress(byte[] gzip)
    {
        try
        {
            using var output = new MemoryStream();
            new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress).CopyTo(output);
            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static void Record(MemoryStream tar, Dice dice, string name)
    {
        var (key, value) = dice.Below(4) switch
        {
            0 => ("path", name),
            1 => ("linkpath", dice.Pick(Targets)),
            2 => ("size", dice.InterestingNumber().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            _ => (dice.Pick(["mtime", "uid", "GNU.sparse.size", "", "a=b"]), dice.Pick(["-1", "1e99", "99999999999999999999", ""])),
        };
        var record = $" {key}={value}\n";
        var length = Encoding.UTF8.GetByteCount(record) + 3;
        Entry(tar, "record", dice.OneIn(8) ? 'g' : 'x', "", Encoding.UTF8.GetBytes((dice.OneIn(10) ? "999999999" : $"{length:000}") + record), null, false, 420);
    }

    private static void Entry(MemoryStream tar, string name, char type, string link, byte[] content, string? size, bool hasWrongSum, int mode)
    {
        Span<byte> header = new byte[Block];
        Put(header, 0, 100, name);
        Put(header, 100, 8, Convert.ToString(mode, 8).PadLeft(7, '0'));
        Put(header, 108, 8, "0000000");
        Put(header, 116, 8, "0000000");
        Put(header, 124, 12, size ?? Convert.ToString(content.Length, 8).PadLeft(11, '0'));
        Put(header, 136, 12, "13734131000");
        header[156] = (byte)type;
        Put(header, 157, 100, link);
        Put(header, 257, 8, "ustar\0" + "00");
        SetSum(header);
        header[150] ^= (byte)(hasWrongSum ? 1 : 0);
        tar.Write(header);
        tar.Write(content);
        tar.Write(new byte[(Block - (content.Length % Block)) % Block]);
    }

    private static void SetSum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var b in header)
        {
            sum += b;
        }

        Put(header, 148, 8, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");
    }

    private static void Put(Span<byte> header, int offset, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(header[offset..]);
    }
}
