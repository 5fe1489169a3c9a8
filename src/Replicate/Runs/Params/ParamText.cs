using System.Globalization;
using System.Text;
using System.Text.Json;
using Replicate.Format;

namespace Replicate.Runs;

/// <summary>Reads params as people write them: a number, <c>true</c>, <c>null</c>, a JSON list or object, otherwise text.</summary>
public static class ParamText
{
    /// <summary>Reads a value.</summary>
    public static object? Parse(string text)
    {
        var trimmed = text.Trim();
        return trimmed switch
        {
            "null" or "None" => null,
            "true" or "True" => true,
            "false" or "False" => false,
            ['[' or '{' or '"', ..] => ParseJson(trimmed) ?? text,
            _ when long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => integer,
            _ when NumberScan.IsWhole(trimmed, out var number) => number,
            _ => text,
        };
    }

    /// <summary>Reads <c>name=value</c>.</summary>
    /// <exception cref="ReplicateException">There is no name or no <c>=</c> (<c>InvalidParam</c>).</exception>
    public static KeyValuePair<string, object?> ParsePair(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);
        return separator > 0 ? new(text[..separator].Trim(), Parse(text[(separator + 1)..])) : throw new ReplicateException(
            ErrorKind.InvalidArgument, "InvalidParam", $"'{text}' is no param.", "Write it as name=value, such as learning_rate=0.01.");
    }

    private static object? ParseJson(string text)
    {
        try
        {
            return ValueReader.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
