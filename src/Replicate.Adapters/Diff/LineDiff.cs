using DiffPlex;

namespace Replicate.Adapters.Diff;

/// <summary>What has to be changed in some lines to make them others, by DiffPlex.</summary>
internal static class LineDiff
{
    private const string Left = "left";
    private const string Right = "right";

    // The time grows with the square of the lines in another order: ten thousand take seconds.
    private const int MaxCompared = 10_000;

    /// <summary>The changes, in order and apart from one another.</summary>
    internal static IReadOnlyList<LineChange> Compare(string[] left, string[] right)
    {
        var (start, end) = (left.AsSpan().CommonPrefixLength(right), 0);
        while (end < Math.Min(left.Length, right.Length) - start && left[^(end + 1)] == right[^(end + 1)])
        {
            end++;
        }

        // A line that the other side has nowhere cannot be kept: without those, files that have little in common are
        // compared as quickly as files that have much.
        var (leftShared, rightShared) = (PlacesOfShared(left, right, start, end), PlacesOfShared(right, left, start, end));
        if (Math.Max(leftShared.Length, rightShared.Length) > MaxCompared)
        {
            return [new LineChange(start, left.Length - start - end, start, right.Length - start - end)];
        }

        var differences = new Differ().CreateCustomDiffs(
            Left, Right, ignoreWhiteSpace: false, side => side == Left ? LinesAt(left, leftShared) : LinesAt(right, rightShared)).DiffBlocks;

        // What lies between two differences are pairs of lines that are kept: everything between the pairs is changed.
        var changes = new List<LineChange>();
        var (nextLeft, nextRight) = (start, start);
        var (sharedLeft, sharedRight) = (0, 0);
        foreach (var difference in differences)
        {
            while (sharedLeft < difference.DeleteStartA)
            {
                Keep(leftShared[sharedLeft++], rightShared[sharedRight++]);
            }

            (sharedLeft, sharedRight) = (difference.DeleteStartA + difference.DeleteCountA, difference.InsertStartB + difference.InsertCountB);
        }

        while (sharedLeft < leftShared.Length)
        {
            Keep(leftShared[sharedLeft++], rightShared[sharedRight++]);
        }

        Keep(left.Length - end, right.Length - end);
        return changes;

        void Keep(int leftPlace, int rightPlace)
        {
            if (leftPlace > nextLeft || rightPlace > nextRight)
            {
                changes.Add(new LineChange(nextLeft, leftPlace - nextLeft, nextRight, rightPlace - nextRight));
            }

            (nextLeft, nextRight) = (leftPlace + 1, rightPlace + 1);
        }
    }

    private static int[] PlacesOfShared(string[] lines, string[] others, int start, int end)
    {
        var known = new HashSet<string>(others[start..^end], StringComparer.Ordinal);
        return [.. Enumerable.Range(start, lines.Length - start - end).Where(place => known.Contains(lines[place]))];
    }

    private static string[] LinesAt(string[] lines, int[] places) => Array.ConvertAll(places, place => lines[place]);
}
