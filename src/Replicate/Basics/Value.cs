using System.Collections;
using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>
/// What can be recorded as a param or a metric, and how it compares and prints. The canonical kinds are those that
/// <see cref="ValueMap"/> names.
/// </summary>
public static class Value
{
    /// <summary>How deep lists and maps may be nested.</summary>
    public const int MaxDepth = 64;

    private const int SignificantDigits = 5;
    private const double LeastUnrounded = 1e5;
    private const string Ellipsis = "...";

    /// <summary>Brings anything that can be recorded to its canonical kind.</summary>
    /// <param name="name">The param's or metric's name, for the error.</param>
    /// <param name="value">The value as a caller has it.</param>
    /// <remarks>
    /// The texts <c>[NaN]</c>, <c>[+Infinity]</c> and <c>[-Infinity]</c> are the repository's words for those numbers and
    /// are recorded as such.
    /// </remarks>
    /// <exception cref="ReplicateException">
    /// The type cannot be recorded (<c>UnsupportedValue</c>), or two keys of a dictionary have the same text
    /// (<c>DuplicateName</c>).
    /// </exception>
    public static object? From(string name, object? value) => ValueConverter.Convert(name, value, depth: 0);

    /// <summary>Brings a dictionary of anything that can be recorded to a map.</summary>
    /// <param name="values">The values by name, or null for none.</param>
    /// <exception cref="ReplicateException">
    /// A type cannot be recorded (<c>UnsupportedValue</c>), or two keys have the same text (<c>DuplicateName</c>).
    /// </exception>
    public static ValueMap MapFrom(IDictionary? values) => values is null ? ValueMap.Empty : ValueConverter.ConvertNamed(values);

    /// <summary>Whether two canonical values are equal: numbers as numbers, NaN equal to NaN, other kinds never.</summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (bool a, bool b) => a == b,
        (ValueList a, ValueList b) => a.Equals(b),
        (ValueMap a, ValueMap b) => a.Equals(b),
        (long or ulong or double, long or ulong or double) => CompareNumbers(left, right) == 0,
        _ => false,
    };

    /// <summary>Orders two canonical numbers exactly, whatever their kinds; NaN is below all others and equal to itself.</summary>
    /// <returns>Below zero, zero or above zero.</returns>
    /// <exception cref="ArgumentException">One is not a number.</exception>
    public static int CompareNumbers(object left, object right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (double a, _) => -CompareMixed(ToInteger(right), a),
        (_, double b) => CompareMixed(ToInteger(left), b),
        _ => ToInteger(left).CompareTo(ToInteger(right)),
    };

    /// <summary>Reads a canonical number as a double, the nearest one for an integer above 2^53; NaN is a number here.</summary>
    /// <returns>False when the value is not a number.</returns>
    public static bool TryGetNumber(object? value, out double number)
    {
        (var isNumber, number) = value switch
        {
            double d => (true, d),
            long i => (true, i),
            ulong u => (true, u),
            _ => (false, 0d),
        };
        return isNumber;
    }

    /// <summary>The shortest text that reads back as the same value; strings as they are, lists and maps as JSON.</summary>
    public static string ToText(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => NumberText.Of(number),
        ValueList or ValueMap => JsonTextWriter.ToLine(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>
    /// A text for narrow columns: floats below 100,000 to five significant digits, long text cut, control characters
    /// escaped.
    /// </summary>
    /// <param name="value">A canonical value.</param>
    /// <param name="maxLength">The most characters to return; a number that needs more is never cut, though a float is rounded.</param>
    public static string ToShortText(object? value, int maxLength = 20) => value switch
    {
        double number => ToShortText(number, maxLength),
        string or ValueList or ValueMap => Cut(ToText(value), maxLength),
        _ => ToText(value),
    };

    /// <summary>
    /// Makes what could change a terminal's state or a table's layout visible: control characters, line separators and
    /// changes of the writing direction, as in <c>\n</c> or <c>\u001b</c>.
    /// </summary>
    public static string Escape(string text) => VisibleText.Of(text);

    private static string ToShortText(double number, int maxLength)
    {
        if (Math.Abs(number) >= LeastUnrounded && NumberText.Of(number) is var text && text.Length <= maxLength)
        {
            return text;
        }

        return NumberText.Rounded(number, SignificantDigits);
    }

    private static string Cut(string text, int maxLength)
    {
        // Escaping makes text no shorter: what lies beyond need not be looked at.
        if (text.Length <= maxLength && VisibleText.Of(text) is var whole && whole.Length <= maxLength)
        {
            return whole;
        }

        var ellipsis = maxLength > Ellipsis.Length ? Ellipsis : "";
        var cut = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var visible = VisibleText.Of(rune.ToString());
            if (cut.Length + visible.Length + ellipsis.Length > maxLength)
            {
                break;
            }

            cut.Append(visible);
        }

        // Rune by rune, no log command of a CI agent is seen.
        return VisibleText.Of(cut.Append(ellipsis).ToString());
    }

    private static Int128 ToInteger(object number) => number switch
    {
        long value => value,
        ulong value => value,
        _ => throw new ArgumentException($"'{number}' is not a number.", nameof(number)),
    };

    private static int CompareMixed(Int128 integer, double number)
    {
        if (double.IsNaN(number))
        {
            return 1;
        }

        // Beyond the range of all integers, and so of what the cast below can hold.
        if (Math.Abs(number) > 1e30)
        {
            return number > 0 ? -1 : 1;
        }

        var floor = Math.Floor(number);
        var order = integer.CompareTo((Int128)floor);
        return order != 0 ? order : floor < number ? -1 : 0;
    }
}
