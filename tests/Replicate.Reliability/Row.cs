using System.Globalization;
using System.Text;

namespace Replicate.Reliability;

/// <summary>What a run showed: one row of the table in docs/RELIABILITY.md, and what went wrong.</summary>
/// <param name="What">What was done.</param>
/// <param name="Command">What does it again.</param>
/// <param name="Tried">How much of it: seeds, inputs, kills, faults, bytes.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Failures">Each thing that was lost, wrong or not answered for, with what makes it happen again.</param>
public sealed record Row(string What, string Command, string Tried, TimeSpan Time, IReadOnlyCollection<string> Failures)
{
    /// <summary>The heading of the table.</summary>
    public const string Heading = "| what | command | tried | time | failures |\n|---|---|---|---|---|";

    /// <summary>The row in Markdown.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"| {What} | `{Command}` | {Tried} | {Time.TotalSeconds:N0} s | {Failures.Count} |");

    /// <summary>A size as a person writes it.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB");

    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The first failures, one a line.</summary>
    public string Explain(int most = 20)
    {
        var text = new StringBuilder();
        foreach (var failure in Failures.Take(most))
        {
            text.AppendLine(failure);
        }

        return text.ToString();
    }
}
