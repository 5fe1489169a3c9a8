using System.Globalization;
using System.Text;
using System.Text.Json;
using Replicate.Runs.Metrics;

namespace Replicate.Runs.Params;

/// <summary>
/// Reads params as people write them: a number, <c>true</c>, <c>null</c>, a JSON list or object, otherwise text. A text
/// stays the text where a number would not read back as it, as with <c>007</c>, <c>1.10</c> or the commit <c>12e4567</c>.
/// </summary>
internal static class ParamText
{
    // A double holds no more digits.
    private const int MaxDigits = 17;

    // A whole number with an exponent that is longer, such as 123e45, is as likely the id of a commit.
    private const int MaxBareExponent = 5;

    /// <summary>Reads a value.</summary>
    public static object? Parse(string text)
    {
        var trimmed = text.Trim();
        return trimmed switch
        {
            "null" or "None" => null,
            "true" or "True" => true,
            "false" or "False" => false,
            "nan" or "NaN" => double.NaN,
            "inf" or "+inf" or "Inf" or "Infinity" or "+Infinity" => double.PositiveInfinity,
            "-inf" or "-Inf" or "-Infinity" => double.NegativeInfinity,
            ['[' or '{' or '"', ..] => ParseJson(trimmed) ?? text,
            _ => NumberOf(trimmed) ?? text,
        };
    }

    /// <summary>Reads <c>name=value</c>.</summary>
    /// <exception cref="ReplicateException">There is no name or no <c>=</c> (<c>InvalidParam</c>).</exception>
    public static KeyValuePair<string, object?> ParsePair(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        return separator > 0 && text.AsSpan(0, separator).Trim().Length > 0
            ? new(text[..separator].Trim(), Parse(text[(separator + 1)..]))
            : throw new ReplicateException(
                ErrorKind.InvalidArgument, "InvalidParam", $"'{text}' is no param.", "Write it as name=value, such as learning_rate=0.01.");
    }

    /// <summary>The number that a text is; null where it is none, or would not read back as the text.</summary>
    /// <param name="text">Without blanks around it.</param>
    internal static object? NumberOf(string text)
    {
        var sign = text is ['+' or '-', ..] ? 1 : 0;
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = text.AsSpan(sign, (mark < 0 ? text.Length : mark) - sign);
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? default : mantissa[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || !AreDigits(whole) || !AreDigits(fraction) || whole is ['0', _, ..])
        {
            return null;
        }

        if (mark < 0 && point < 0)
        {
            return text is ['-', '0'] ? -0d
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer
                : ulong.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large) ? large
                : null;
        }

        return IsExact(text, mark, whole, fraction)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) && (number != 0 || !mantissa.ContainsAnyInRange('1', '9'))
            ? number
            : null;
    }

    /// <summary>Reads JSON, with the words that Python adds to it; null for what is none.</summary>
    internal static object? ParseJson(string text)
    {
        try
        {
            return ReadJson(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads JSON, with the words that Python adds to it.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static object? ReadJson(string text) => ValueReader.Parse(Encoding.UTF8.GetBytes(
        text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal)
            ? PythonJson.Parse(text).GetRawText()
            : text));

    private static bool IsExact(string text, int mark, ReadOnlySpan<char> whole, ReadOnlySpan<char> fraction)
    {
        if (mark >= 0 && fraction.IsEmpty && text[(mark + 1)..] is not ['+' or '-', ..] && text.Length > MaxBareExponent)
        {
            return false;
        }

        // The zero at the end of 1.10 says that it is no number; 0.10 and 1.0 are numbers nevertheless.
        if (mark < 0 && fraction is [.., '0'] && !whole.TrimStart('0').IsEmpty && fraction.ContainsAnyInRange('1', '9'))
        {
            return false;
        }

        var digits = whole.TrimStart('0').Length + (whole.TrimStart('0').IsEmpty ? fraction.TrimStart('0') : fraction).TrimEnd('0').Length;
        return digits <= MaxDigits;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
