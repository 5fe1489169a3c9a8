using System.Buffers;
using System.Globalization;

namespace Replicate.Runs.Metrics;

/// <summary>A number as programs print it for people, with groups of digits, a unit, a scale or a total behind it.</summary>
/// <param name="Value">The number.</param>
/// <param name="Length">How much of the text it takes, unit and all; 0 where there is none.</param>
/// <param name="IsDecimal">Whether it was written with a decimal point, an exponent or a percent sign, or as a word such as <c>nan</c>.</param>
/// <param name="IsUnclear">Whether there is a number which may be read in two ways, as <c>12,5</c>.</param>
internal readonly record struct PrintedNumber(double Value, int Length, bool IsDecimal = false, bool IsUnclear = false)
{
    private const int MaxDigits = 40;

    private static readonly SearchValues<char> OfWhole = SearchValues.Create("+-0123456789");

    private static readonly string[] Units =
    [
        "s", "ms", "us", "µs", "ns", "m", "min", "h", "hr", "d", "sec", "secs", "KB", "MB", "GB", "TB", "Kb", "Mb", "Gb", "kB", "KiB", "MiB",
        "GiB", "it/s", "s/it", "its/s", "step/s", "steps/s", "samples/s", "sample/s", "img/s", "images/s", "tok/s", "tokens/s", "iter/s",
        "ms/step", "s/step", "s/iter", "dB", "Hz", "kHz", "MHz", "W", "x", "px", "fps", "pp", "bits", "bpc", "nats",
    ];

    /// <summary>Reads the number at the beginning of a text, with its groups of digits and its decimal comma.</summary>
    internal static PrintedNumber Plain(ReadOnlySpan<char> text, DecimalComma comma)
    {
        var length = NumberScan.Read(text, out var value);
        if (length == 0)
        {
            return default;
        }

        var number = text[..length];
        var isWhole = !number.ContainsAnyExcept(OfWhole);
        if (length + 1 < text.Length && char.IsAsciiDigit(text[length + 1]))
        {
            if (text[length] == ',')
            {
                return WithCommas(text, length, isWhole, comma);
            }

            if (text[length] == '_' && isWhole)
            {
                return Joined(text, length, '_');
            }
        }

        if (number.Contains('.'))
        {
            comma.SawPoint();
        }

        return new PrintedNumber(value, length, !isWhole);
    }

    /// <summary>Reads the number at the beginning of a text, with what belongs to it behind: a scale, a unit, a percent sign, a total.</summary>
    /// <remarks>
    /// A unit or percent sign leaves the number as it is. <c>K</c>, <c>M</c>, <c>G</c>, <c>B</c> and <c>T</c> multiply it. A count of a
    /// total, <c>95/100</c>, is their ratio.
    /// </remarks>
    internal static PrintedNumber Read(ReadOnlySpan<char> text, DecimalComma comma)
    {
        var plain = Plain(text, comma);
        if (plain.Length == 0 || plain.IsUnclear || plain.Length == text.Length)
        {
            return plain;
        }

        var rest = text[plain.Length..];
        if (rest[0] == '%')
        {
            return plain with { Length = plain.Length + 1, IsDecimal = true };
        }

        if (rest[0] == '/')
        {
            var total = rest.Length > 1 && char.IsAsciiDigit(rest[1]) ? Plain(rest[1..], comma) : default;
            return total is { Length: > 0, Value: > 0 }
                ? new PrintedNumber(plain.Value / total.Value, plain.Length + 1 + total.Length, IsDecimal: true)
                : default;
        }

        if (!char.IsLetter(rest[0]))
        {
            return plain;
        }

        var end = 1;
        while (end < rest.Length && (char.IsLetterOrDigit(rest[end]) || rest[end] is '/' or '_'))
        {
            end++;
        }

        if (ScaleOf(rest[..end]) is var scale && scale > 0)
        {
            return plain with { Value = plain.Value * scale, Length = plain.Length + end };
        }

        return IsUnit(rest[..end]) && !IsDurationOfParts(rest[..end], rest[end..])
            ? plain with { Length = plain.Length + end, IsDecimal = true }
            : default;
    }

    /// <summary>What <c>K</c>, <c>M</c>, <c>G</c> or <c>B</c>, and <c>T</c> multiply by; 0 for anything else.</summary>
    internal static double ScaleOf(ReadOnlySpan<char> suffix) => suffix switch
    {
        "K" or "k" => 1e3,
        "M" => 1e6,
        "G" or "B" => 1e9,
        "T" => 1e12,
        _ => 0,
    };

    /// <summary>Whether a text is a unit that may stand behind a number.</summary>
    internal static bool IsUnit(ReadOnlySpan<char> text)
    {
        foreach (var unit in Units)
        {
            if (text.SequenceEqual(unit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether hours, minutes and seconds follow each other, as in <c>1m 30s</c>: that is no one number.</summary>
    private static bool IsDurationOfParts(ReadOnlySpan<char> unit, ReadOnlySpan<char> rest) =>
        unit is "d" or "h" or "m" or "min" && rest.TrimStart(' ') is [>= '0' and <= '9', ..];

    private static PrintedNumber WithCommas(ReadOnlySpan<char> text, int length, bool isWhole, DecimalComma comma)
    {
        var sign = text[0] is '+' or '-' ? 1 : 0;
        if (!isWhole)
        {
            // 1.234,5 where commas are decimal; otherwise a list.
            return comma.IsUsed && IsGrouped(text[sign..length], '.') ? Joined(text, length, '.', ',') : default;
        }

        var (end, groups, allThree) = (length, 0, true);
        while (end + 1 < text.Length && text[end] == ',' && char.IsAsciiDigit(text[end + 1]))
        {
            var start = ++end;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            allThree &= end - start == 3;
            groups++;
        }

        var hasPoint = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]);
        var startsWithZero = text[sign] == '0';
        if (allThree && length - sign <= 3 && !startsWithZero && (groups > 1 || hasPoint || !comma.IsUsed))
        {
            return Joined(text, length, ',', hasPoint ? '.' : '\0');
        }

        if (groups > 1 || hasPoint)
        {
            return default;
        }

        if (startsWithZero && length - sign == 1)
        {
            comma.SawComma();
        }

        return comma.IsUsed ? Joined(text, length, '\0', ',') : new PrintedNumber(0, end, IsUnclear: true);
    }

    private static bool IsGrouped(ReadOnlySpan<char> text, char mark)
    {
        var at = text.IndexOf(mark);
        return at is > 0 and <= 3 && text.Length - at == 4;
    }

    /// <summary>Parses digits whose groups are joined by a mark, up to and with the fraction behind the decimal mark.</summary>
    private static PrintedNumber Joined(ReadOnlySpan<char> text, int length, char groupMark, char decimalMark = '\0')
    {
        Span<char> digits = stackalloc char[MaxDigits];
        var (count, end, isDecimal) = (0, 0, false);
        for (; end < text.Length && count < MaxDigits - 1; end++)
        {
            var character = text[end];
            if (char.IsAsciiDigit(character) || (end == 0 && character is '+' or '-'))
            {
                digits[count++] = character;
            }
            else if (end + 1 == text.Length || !char.IsAsciiDigit(text[end + 1]))
            {
                break;
            }
            else if (character == decimalMark && !isDecimal)
            {
                (digits[count++], isDecimal) = ('.', true);
            }
            else if (character != groupMark || isDecimal)
            {
                break;
            }
        }

        // An exponent may follow a fraction.
        if (isDecimal && end < text.Length && text[end] is 'e' or 'E')
        {
            var start = end++;
            end += end < text.Length && text[end] is '+' or '-' ? 1 : 0;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            text[start..end].CopyTo(digits[count..]);
            count += end - start;
        }

        return end >= length && double.TryParse(digits[..count], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new PrintedNumber(value, end, isDecimal)
            : default;
    }
}
