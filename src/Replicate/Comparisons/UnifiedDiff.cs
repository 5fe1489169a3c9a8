using System.Globalization;
using System.Text;
using Replicate.Adapters;

namespace Replicate.Comparisons;

/// <summary>Writes what differs between two texts as a patch.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Writes the patch; empty where the lines are the same.</summary>
    /// <param name="leftName">What the first text is called.</param>
    /// <param name="left">The text as it was.</param>
    /// <param name="rightName">What the second text is called.</param>
    /// <param name="right">The text as it is.</param>
    internal static string Write(string leftName, string left, string rightName, string right)
    {
        var (leftLines, rightLines) = (TextContent.LinesOf(left), TextContent.LinesOf(right));
        var changes = AdapterLoader.Adapters.CompareLines(leftLines, rightLines);
        var patch = new StringBuilder();
        for (var first = 0; first < changes.Count;)
        {
            var last = first;
            while (last + 1 < changes.Count && changes[last + 1].LeftStart - EndOf(changes[last]) <= 2 * Context)
            {
                last++;
            }

            if (first == 0)
            {
                patch.Append(CultureInfo.InvariantCulture, $"--- {leftName}\n+++ {rightName}\n");
            }

            WriteHunk(patch, leftLines, rightLines, [.. changes.Skip(first).Take(last - first + 1)]);
            first = last + 1;
        }

        return patch.ToString();
    }

    private static int EndOf(LineChange change) => change.LeftStart + change.LeftCount;

    private static void WriteHunk(StringBuilder patch, string[] left, string[] right, LineChange[] changes)
    {
        var (first, last) = (changes[0], changes[^1]);
        var before = Math.Min(Context, first.LeftStart);
        var after = Math.Min(Context, left.Length - EndOf(last));
        var (leftStart, rightStart) = (first.LeftStart - before, first.RightStart - before);
        var leftCount = EndOf(last) + after - leftStart;
        var rightCount = last.RightStart + last.RightCount + after - rightStart;
        patch.Append(CultureInfo.InvariantCulture, $"@@ -{Span(leftStart, leftCount)} +{Span(rightStart, rightCount)} @@\n");
        var next = leftStart;
        foreach (var change in changes)
        {
            WriteLines(patch, ' ', left.AsSpan(next, change.LeftStart - next));
            WriteLines(patch, '-', left.AsSpan(change.LeftStart, change.LeftCount));
            WriteLines(patch, '+', right.AsSpan(change.RightStart, change.RightCount));
            next = EndOf(change);
        }

        WriteLines(patch, ' ', left.AsSpan(next, after));
    }

    // Lines count from 1; of no lines, the one before is told.
    private static string Span(int start, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start : start + 1)},{count}");

    private static void WriteLines(StringBuilder patch, char mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            patch.Append(mark).Append(line);
            if (!line.EndsWith('\n'))
            {
                patch.Append("\n\\ No newline at end of file\n");
            }
        }
    }
}
