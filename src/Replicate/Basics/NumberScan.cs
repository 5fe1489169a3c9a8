using System.Globalization;

namespace Replicate;

/// <summary>Reads numbers as programs of any language print them.</summary>
internal static class NumberScan
{
    private static readonly (string Text, double Value)[] Words =
    [
        ("infinity", double.PositiveInfinity), ("inf", double.PositiveInfinity), ("nan", double.NaN),
    ];

    /// <summary>Reads a number at the beginning of a text.</summary>
    /// <param name="text">What may begin with a number.</param>
    /// <param name="value">The number.</param>
    /// <returns>How long it is; 0 where there is none.</returns>
    internal static int Read(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        var sign = text is ['+' or '-', ..] ? 1 : 0;
        var digits = sign;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var end = digits;
        if (end < text.Length && text[end] == '.')
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            // The point at the end of a sentence belongs to it.
            if (end == digits + 1 && (digits == sign || end == text.Length || char.IsWhiteSpace(text[end])))
            {
                end--;
            }
        }

        if (end == sign)
        {
            return ReadWord(text, sign, out value);
        }

        end += Exponent(text[end..]);
        return double.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? end : 0;
    }

    /// <summary>Whether a whole text is a number, blanks around it aside.</summary>
    internal static bool IsWhole(ReadOnlySpan<char> text, out double value)
    {
        text = text.Trim();
        return Read(text, out value) is > 0 and var length && length == text.Length;
    }

    private static int ReadWord(ReadOnlySpan<char> text, int sign, out double value)
    {
        foreach (var (word, number) in Words)
        {
            if (text[sign..].StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                value = sign > 0 && text[0] == '-' ? -number : number;
                return sign + word.Length;
            }
        }

        value = 0;
        return 0;
    }

    private static int Exponent(ReadOnlySpan<char> text)
    {
        if (text is not ['e' or 'E', ..])
        {
            return 0;
        }

        var start = text.Length > 1 && text[1] is '+' or '-' ? 2 : 1;
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end > start ? end : 0;
    }
}
