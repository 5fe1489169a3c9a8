namespace Replicate.Queries;

/// <summary>Reads what may be quoted in a filter or an order: <c>"…"</c> or <c>'…'</c>, a quote within doubled.</summary>
internal static class QueryText
{
    internal static bool IsQuote(char character) => character is '"' or '\'';

    /// <summary>Reads a quoted name from the start of a text, with the <c>metrics.</c> or <c>params.</c> before it.</summary>
    /// <returns>False when the name isn't quoted.</returns>
    /// <exception cref="FormatException">The closing quote is missing.</exception>
    internal static bool TryReadQuotedName(string text, out string name, out int end)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["", ExperimentField.MetricsPrefix, ExperimentField.ParamsPrefix])
        {
            if (text.Length > prefix.Length && IsQuote(text[prefix.Length])
                && text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                name = prefix + ReadQuoted(text, prefix.Length, out end);
                return true;
            }
        }

        (name, end) = ("", 0);
        return false;
    }

    /// <summary>Reads quoted text.</summary>
    /// <param name="text">A text with a quote at <paramref name="start"/>.</param>
    /// <param name="start">Where the opening quote is.</param>
    /// <param name="end">After the closing quote.</param>
    /// <exception cref="FormatException">The closing quote is missing.</exception>
    internal static string ReadQuoted(string text, int start, out int end)
    {
        var quote = text[start];
        for (end = start + 1; end < text.Length; end++)
        {
            if (text[end] != quote)
            {
                continue;
            }

            if (end + 1 == text.Length || text[end + 1] != quote)
            {
                var quoted = text[(start + 1)..end++];
                return quoted.Replace($"{quote}{quote}", quote.ToString(), StringComparison.Ordinal);
            }

            end++;
        }

        throw new FormatException($"the closing {quote} is missing");
    }
}
