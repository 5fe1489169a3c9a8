using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>An id of 64 lower-case hex digits in a quarter of the memory of its text; there are many in a long list.</summary>
internal readonly record struct PackedId(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>How many digits it stands for.</summary>
    internal const int Length = 64;

    private const int PartLength = Length / 4;

    /// <summary>The 64 digits.</summary>
    public override string ToString() => string.Create(Length, this, static (text, id) =>
    {
        Span<byte> utf8 = stackalloc byte[Length];
        id.Format(utf8);
        Encoding.ASCII.GetChars(utf8, text);
    });

    /// <summary>Puts the 64 digits at the beginning of a room.</summary>
    internal void Format(Span<byte> utf8)
    {
        Format(First, utf8);
        Format(Second, utf8[PartLength..]);
        Format(Third, utf8[(2 * PartLength)..]);
        Format(Fourth, utf8[(3 * PartLength)..]);
    }

    /// <summary>The first digits, as <see cref="ShortIds"/> has them.</summary>
    internal string ToShortString() => (First >> ((PartLength - ShortIds.Length) * 4)).ToString("x7", CultureInfo.InvariantCulture);

    /// <summary>Packs an id; null for one of another form, whose text is to be kept.</summary>
    internal static PackedId? TryPack(ReadOnlySpan<byte> utf8) =>
        utf8.Length == Length && Part(utf8, 0) is { } first && Part(utf8, 1) is { } second
        && Part(utf8, 2) is { } third && Part(utf8, 3) is { } fourth
            ? new PackedId(first, second, third, fourth)
            : null;

    /// <inheritdoc cref="TryPack(ReadOnlySpan{byte})"/>
    internal static PackedId? TryPack(string text)
    {
        Span<byte> utf8 = stackalloc byte[Length];
        return text.Length == Length && Encoding.UTF8.TryGetBytes(text, utf8, out var length) ? TryPack(utf8[..length]) : null;
    }

    private static void Format(ulong part, Span<byte> utf8)
    {
        for (var i = PartLength - 1; i >= 0; i--, part >>= 4)
        {
            utf8[i] = "0123456789abcdef"u8[(int)(part & 0xf)];
        }
    }

    private static ulong? Part(ReadOnlySpan<byte> utf8, int index)
    {
        var part = 0UL;
        foreach (var character in utf8.Slice(index * PartLength, PartLength))
        {
            if (!char.IsAsciiHexDigitLower((char)character))
            {
                return null;
            }

            part = (part << 4) | (uint)(character <= '9' ? character - '0' : character - 'a' + 10);
        }

        return part;
    }
}
