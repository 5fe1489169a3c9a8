using System.Globalization;

namespace Replicate;

/// <summary>Floats as the original prints them: the shortest text that reads back, as in <c>0.1</c>, <c>1e-7</c>, <c>1e+21</c>.</summary>
internal static class NumberText
{
    // Outside of these powers of ten a number is written with an exponent.
    private const int MinPlainExponent = -6;
    private const int MaxPlainExponent = 20;

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
        var mantissa = text[..mark];
        if (exponent is < MinPlainExponent or > MaxPlainExponent)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent:+0;-0}");
        }

        var sign = value < 0 ? "-" : "";
        var digits = mantissa[sign.Length..].Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0)
        {
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = exponent + 1;
        return digits.Length <= whole
            ? sign + digits.PadRight(whole, '0')
            : $"{sign}{digits.AsSpan(0, whole)}.{digits.AsSpan(whole)}";
    }

    internal static string Rounded(double value, int significantDigits)
    {
        var format = "E" + (significantDigits - 1).ToString(CultureInfo.InvariantCulture);
        return Of(double.Parse(value.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }
}
