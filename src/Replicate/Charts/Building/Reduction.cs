namespace Replicate.Charts.Building;

/// <summary>
/// Leaves out points of long lines that nobody could see: of those that share a narrow column only the first, the lowest,
/// the highest and the last stay, which draw the same line.
/// </summary>
internal static class Reduction
{
    private const int MaxPoints = 4000;
    private const int Columns = 1000;

    internal static IReadOnlyList<IReadOnlyList<ChartPoint>> Of(IReadOnlyList<IReadOnlyList<ChartPoint>> segments) =>
        [.. segments.Select(Of)];

    private static IReadOnlyList<ChartPoint> Of(IReadOnlyList<ChartPoint> points)
    {
        if (points.Count <= MaxPoints)
        {
            return points;
        }

        var kept = new List<ChartPoint>(MaxPoints);
        foreach (var column in Enumerable.Range(0, Columns))
        {
            var (from, to) = ((int)((long)column * points.Count / Columns), (int)((column + 1L) * points.Count / Columns));
            var (lowest, highest) = (from, from);
            for (var i = from; i < to; i++)
            {
                lowest = points[i].Y < points[lowest].Y ? i : lowest;
                highest = points[i].Y > points[highest].Y ? i : highest;
            }

            kept.AddRange(new[] { from, lowest, highest, to - 1 }.Distinct().Order().Select(i => points[i]));
        }

        return kept;
    }
}
