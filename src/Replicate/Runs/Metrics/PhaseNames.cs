namespace Replicate.Runs.Metrics;

/// <summary>
/// What programs call the parts of an epoch. Where the same metric comes for two of them under one step, as in
/// <c>train Loss: 0.5 Acc: 0.7</c> and <c>val Loss: 0.4 Acc: 0.8</c>, the second is named after its part: <c>val Acc</c>.
/// </summary>
internal static class PhaseNames
{
    private static readonly string[] Names = ["train", "training", "val", "valid", "validation", "test", "testing", "eval", "evaluation", "dev"];

    /// <summary>The name in lower case; null for what is none.</summary>
    internal static string? Of(ReadOnlySpan<char> text)
    {
        foreach (var name in text.Length is > 2 and < 12 ? Names : [])
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>That of the first word of a metric's name; null where there is none.</summary>
    internal static string? First(ReadOnlySpan<char> metric) => metric.IndexOf(' ') is > 0 and var end ? Of(metric[..end]) : null;
}
