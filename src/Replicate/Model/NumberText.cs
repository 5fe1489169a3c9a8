using System.Globalization;

namespace Replicate;

/// <summary>Floats as the original prints them: the shortest text that reads back, as in <c>0.1</c>, <c>1e-7</c>, <c>1e+21</c>.</summary>
internal static class NumberText
{
    // Outside of these powers of ten a number is written with an exponent.
    private const int MinPlainExponent = -6;
    private const int MaxPlainExponent = 20;

    // The longest text of a float: sign, 17 digits, point, exponent.
    private const int MaxLength = 32;

    // Below it a float has fewer digits than a text of it may be rounded to.
    private const double LeastPrecise = 1e-300;

    // What stands before the digits of a fraction, and without its first two characters after those of a whole number.
    private const string Zeros = "0.00000000000000000000";

    internal static string Of(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
        {
            return text;
        }

        // The runtime changes to an exponent earlier: lay its digits out anew.
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return Lay(text.AsSpan(0, mark), exponent);
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

        return Lay(text[..end], exponent);
    }

    /// <summary>Lays out a number by one digit before the point, others after it, and a power of ten.</summary>
    private static string Lay(ReadOnlySpan<char> mantissa, int exponent)
    {
        if (exponent is < MinPlainExponent or > MaxPlainExponent)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent:+0;-0}");
        }

        var sign = mantissa[0] == '-' ? "-" : "";
        Span<char> buffer = stackalloc char[MaxLength];
        var first = mantissa.Slice(sign.Length, 1);
        var others = mantissa.Length > sign.Length + 1 ? mantissa[(sign.Length + 2)..] : [];
        first.CopyTo(buffer);
        others.CopyTo(buffer[1..]);
        var digits = buffer[..(1 + others.Length)];
        if (exponent < 0)
        {
            return string.Concat(sign, Zeros.AsSpan(0, 1 - exponent), digits);
        }

        var whole = exponent + 1;
        return digits.Length <= whole
            ? string.Concat(sign, digits, Zeros.AsSpan(2, whole - digits.Length))
            : string.Concat(sign, digits[..whole], ".", digits[whole..]);
    }
}
