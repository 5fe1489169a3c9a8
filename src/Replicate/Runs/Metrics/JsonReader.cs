using System.Text.Json;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads JSON objects: every number is a metric, those of inner objects under <c>outer.inner</c>. A text that is a number,
/// as <c>"0.75"</c>, is one.
/// </summary>
/// <param name="isOnly">Whether every line is meant to be JSON; otherwise lines that aren't objects are passed over.</param>
internal sealed class JsonReader(bool isOnly) : ILineReader
{
    /// <summary>How deep objects may be nested.</summary>
    internal const int MaxDepth = 64;

    /// <summary>How many metrics a step may have.</summary>
    internal const int MaxMetrics = 10_000;

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        line = line.Trim('\uFEFF').Trim();
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
    /// <exception cref="JsonException">It is nested too deep, or has more numbers than are metrics of a step.</exception>
    internal static void ReadObject(JsonElement json, MetricReading reading)
    {
        Collect(json, "", reading, depth: 0);
        StepNames.TakeStep(reading);
    }

    /// <summary>The number that a value is, or that its text is; null for another.</summary>
    internal static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.String when value.GetString()! is var text =>
            ValueConverter.NumberOf(text) ?? (NumberScan.IsWhole(text, out var number) ? number : null),
        _ => null,
    };

    private static void Collect(JsonElement json, string prefix, MetricReading reading, int depth)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (NumberOf(member.Value) is { } number)
            {
                reading.Add(prefix + member.Name, number);
                if (reading.Metrics.Count > MaxMetrics)
                {
                    throw new JsonException($"An object holds more than {MaxMetrics} numbers.");
                }
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && depth < MaxDepth)
            {
                Collect(member.Value, prefix + member.Name + ".", reading, depth + 1);
            }
        }
    }
}
