using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replicate.Runs;

/// <summary>Reads JSON objects: every number is a metric, those of inner objects under <c>outer.inner</c>.</summary>
/// <param name="isOnly">Whether every line is meant to be JSON; otherwise lines that aren't objects are passed over.</param>
internal sealed class JsonReader(bool isOnly) : ILineReader
{
    private const int MaxDepth = 64;

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        line = line.Trim();
        if (line is not ['{', .., '}'])
        {
            return !isOnly || line.IsEmpty;
        }

        try
        {
            ReadObject(PythonJson.Parse(line), reading);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads one object.</summary>
    /// <exception cref="JsonException">It is nested too deep.</exception>
    internal static void ReadObject(JsonElement json, MetricReading reading)
    {
        Collect(json, "", reading, depth: 0);
        StepNames.TakeStep(reading);
    }

    private static void Collect(JsonElement json, string prefix, MetricReading reading, int depth)
    {
        foreach (var member in json.EnumerateObject())
        {
            var name = prefix + member.Name;
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Number when member.Value.TryGetDouble(out var number):
                    reading.Add(name, number);
                    break;
                case JsonValueKind.String when ValueConverter.NumberOf(member.Value.GetString()!) is { } special:
                    reading.Add(name, special);
                    break;
                case JsonValueKind.Object when depth < MaxDepth:
                    Collect(member.Value, name + ".", reading, depth + 1);
                    break;
            }
        }
    }
}

/// <summary>JSON as Python writes it, with <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which JSON doesn't have.</summary>
internal static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static JsonElement Parse(ReadOnlySpan<char> text)
    {
        using var document = JsonDocument.Parse(
            text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal)
                ? Quote(text)
                : text.ToString());
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
            var word = inString ? null : WordAt(text[at..]);
            if (word is null)
            {
                result.Append(text[at++]);
                continue;
            }

            var sign = word == "Infinity" ? "+" : "";
            result.Append(CultureInfo.InvariantCulture, $"\"[{sign}{word}]\"");
            at += word.Length;
        }

        return result.ToString();
    }

    private static string? WordAt(ReadOnlySpan<char> text)
    {
        foreach (var word in Words)
        {
            if (text.StartsWith(word, StringComparison.Ordinal))
            {
                return word;
            }
        }

        return null;
    }
}
