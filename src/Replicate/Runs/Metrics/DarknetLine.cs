namespace Replicate.Runs.Metrics;

/// <summary>
/// Darknet names its numbers behind them: <c>1000: 0.155, 0.187 avg loss, 0.0026 rate, 26.4 seconds, 64000 images</c>.
/// </summary>
internal static class DarknetLine
{
    private static readonly (string Text, string Name)[] Columns =
        [("avg", "avg loss"), ("avg loss", "avg loss"), ("rate", "rate"), ("seconds", "seconds"), ("images", "images")];

    /// <summary>Reads a line of it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Behind the number of the iteration and its colon.</param>
    /// <param name="reading">Filled.</param>
    /// <returns>Whether it is one.</returns>
    internal static bool Read(ReadOnlySpan<char> line, int start, MetricReading reading)
    {
        var rest = line[start..];
        if (!rest.Contains(" avg", StringComparison.Ordinal) || !rest.Contains(" rate", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var range in rest.Split(','))
        {
            var part = rest[range].Trim();
            var length = NumberScan.Read(part, out var value);
            if (length == 0)
            {
                continue;
            }

            var text = part[length..].Trim();
            if (text.IsEmpty)
            {
                reading.Add("loss", value);
            }

            foreach (var (known, name) in Columns)
            {
                if (text.SequenceEqual(known))
                {
                    reading.Add(name, value);
                }
            }
        }

        return true;
    }
}
