using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replicate.Queries;

/// <summary>The right side of a condition: what the values of experiments are compared with.</summary>
internal abstract class Operand
{
    /// <summary>Reads an operand as the field wants it.</summary>
    /// <exception cref="FormatException">A quote isn't closed, or the field wants a date and it is none.</exception>
    internal static Operand Read(ExperimentField field, string text)
    {
        var isQuoted = QueryText.IsQuote(text[0]);
        if (isQuoted)
        {
            var quoted = QueryText.ReadQuoted(text, 0, out var end);
            text = end == text.Length ? quoted : throw new FormatException($"there is text after the quoted value, {text[end..]}");
        }

        var value = isQuoted ? text : ReadValue(text);
        return value switch
        {
            not null when field.IsDate => DateSpan.Read(text),
            not null when field.IsStatus => new StatusOperand(text),
            not null when field.IsTags => new TagOperand(text),
            _ => new ValueOperand(value),
        };
    }

    internal abstract bool IsEqual(object? value);

    /// <summary>Where a value lies: below 0 before the operand, above 0 after it, null where they have no order.</summary>
    internal abstract int? Order(object? value);

    /// <summary>Reads a value without quotes; what is nothing else is text.</summary>
    internal static object? ReadValue(string text) => text switch
    {
        "null" or "None" => null,
        ['[' or '{', ..] => ReadJson(text),
        _ when bool.TryParse(text, out var truth) => truth,
        _ => ReadNumber(text) ?? text,
    };

    private static object? ReadNumber(string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var integer) ? integer
            : ulong.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var large) ? large
            : double.TryParse(text, NumberStyles.Float, culture, out var number) ? number
            : text.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase)
                ? text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
            : null;
    }

    private static object? ReadJson(string text)
    {
        try
        {
            return ValueReader.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
