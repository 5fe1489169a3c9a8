using System.Globalization;

namespace Replicate;

/// <summary>Floats as the original prints them: the shortest text that reads back, as in <c>0.1</c>, <c>1e-7</c>, <c>1e+21</c>.</summary>
internal static class NumberText
{
    // Outside of these powers of ten a number is written with an exponent.
    private const int MinPlainExponent = -6;
    private const int MaxPlainExponent = 20;

    // Below it a float has fewer digits than a text of it may be rounded to.
    private const double LeastPrecise = 1e-300;

    // What stands before the digits of a fraction, and without its first two characters after those of a whole number.
    private const string Zeros = "0.00000000000000000000";

    /// <summary>How long a text can be.</summary>
    internal const int MaxLength = 32;

    internal static string Of(double value)
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Format(value, text)].ToString();
    }

    /// <summary>Puts the text at the beginning of a room of <see cref="MaxLength"/> characters.</summary>
    /// <returns>How long it is.</returns>
    internal static int Format(double value, Span<char> text)
    {
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var mark = text[..length].IndexOf('E');
        if (mark < 0)
        {
            return length;
        }

        // The runtime changes to an exponent earlier: lay its digits out anew.
        var exponent = int.Parse(text[(mark + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        Span<char> mantissa = stackalloc char[mark];
        text[..mark].CopyTo(mantissa);
        return Lay(mantissa, exponent, text);
    }

    internal static string Rounded(double value, int significantDigits)
    {
        // Thousands of numbers stand in a long list: only the result is worth an allocation.
        Span<char> text = stackalloc char[MaxLength];
        Span<char> format = ['E', (char)('0' + significantDigits - 1)];
        if (!(Math.Abs(value) is > LeastPrecise and < double.PositiveInfinity)
            || !value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture))
        {
            return Of(value);
        }

        var end = text.IndexOf('E');
        var exponent = int.Parse(text[(end + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        while (text[end - 1] is '0' or '.')
        {
            end--;
        }

        Span<char> laid = stackalloc char[MaxLength];
        return laid[..Lay(text[..end], exponent, laid)].ToString();
    }

    /// <summary>Lays out a number by one digit before the point, others after it, and a power of ten.</summary>
    private static int Lay(ReadOnlySpan<char> mantissa, int exponent, Span<char> text)
    {
        int length;
        if (exponent is < MinPlainExponent or > MaxPlainExponent)
        {
            text.TryWrite(CultureInfo.InvariantCulture, $"{mantissa}e{exponent:+0;-0}", out length);
            return length;
        }

        var sign = mantissa[..(mantissa[0] == '-' ? 1 : 0)];
        Span<char> buffer = stackalloc char[MaxLength];
        var first = mantissa.Slice(sign.Length, 1);
        var others = mantissa.Length > sign.Length + 1 ? mantissa[(sign.Length + 2)..] : [];
        first.CopyTo(buffer);
        others.CopyTo(buffer[1..]);
        var digits = buffer[..(1 + others.Length)];
        var whole = exponent + 1;
        if (exponent < 0)
        {
            text.TryWrite($"{sign}{Zeros.AsSpan(0, 1 - exponent)}{digits}", out length);
        }
        else if (digits.Length <= whole)
        {
            text.TryWrite($"{sign}{digits}{Zeros.AsSpan(2, whole - digits.Length)}", out length);
        }
        else
        {
            text.TryWrite($"{sign}{digits[..whole]}.{digits[whole..]}", out length);
        }

        return length;
    }
}
