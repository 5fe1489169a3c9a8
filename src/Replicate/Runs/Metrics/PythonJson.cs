using System.Text;
using System.Text.Json;

namespace Replicate.Runs.Metrics;

/// <summary>
/// JSON as programs write it, with <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> (Python) or <c>nan</c> and <c>inf</c> (C),
/// which JSON doesn't have, and perhaps a comma behind the last item.
/// </summary>
internal static class PythonJson
{
    // Longer ones first, since each may begin with another.
    private static readonly (string Word, string Text)[] Words =
    [
        ("-Infinity", "\"[-Infinity]\""), ("Infinity", "\"[+Infinity]\""), ("-inf", "\"[-Infinity]\""), ("inf", "\"[+Infinity]\""),
        ("-nan", "\"[NaN]\""), ("nan", "\"[NaN]\""),
    ];

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, MaxDepth = JsonReader.MaxDepth };

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It is not JSON, or nested too deep.</exception>
    internal static JsonElement Parse(ReadOnlySpan<char> text)
    {
        using var document = JsonDocument.Parse(
            text.Contains("nan", StringComparison.OrdinalIgnoreCase) || text.Contains("inf", StringComparison.OrdinalIgnoreCase)
                ? Quote(text)
                : text.ToString(),
            Options);
        return document.RootElement.Clone();
    }

    /// <summary>Makes the words what the repository's format has for them.</summary>
    private static string Quote(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length + 16);
        var inString = false;
        for (var at = 0; at < text.Length;)
        {
            if (inString && text[at] == '\\' && at + 1 < text.Length)
            {
                result.Append(text.Slice(at, 2));
                at += 2;
                continue;
            }

            inString ^= text[at] == '"';
            var (word, quoted) = inString ? default : WordAt(text[at..]);
            if (word is null)
            {
                result.Append(text[at++]);
                continue;
            }

            result.Append(quoted);
            at += word.Length;
        }

        return result.ToString();
    }

    private static (string? Word, string? Text) WordAt(ReadOnlySpan<char> text)
    {
        if (text[0] is '-' or 'I' or 'i' or 'N' or 'n')
        {
            foreach (var entry in Words)
            {
                if (text.StartsWith(entry.Word, StringComparison.OrdinalIgnoreCase))
                {
                    return entry;
                }
            }
        }

        return default;
    }
}
