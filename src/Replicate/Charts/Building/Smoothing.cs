namespace Replicate.Charts.Building;

/// <summary>
/// Averages a line: an exponential moving average over about <c>span</c> values, the newest with the weight
/// 2 / (span + 1). The first values are averaged among themselves, so that the line does not begin at zero; what is
/// missing between segments has no weight.
/// </summary>
internal static class Smoothing
{
    internal static IReadOnlyList<IReadOnlyList<ChartPoint>> Of(IReadOnlyList<IReadOnlyList<ChartPoint>> segments, int span)
    {
        if (span <= 1)
        {
            return segments;
        }

        var (average, weight) = (0.0, 0.0);
        var keep = 1 - (2.0 / (span + 1.0));
        return [.. segments.Select(segment => segment.Select(point =>
        {
            // In this form nothing grows beyond the values themselves, however large they are.
            weight = (weight * keep) + 1;
            average += (point.Y / weight) - (average / weight);
            return point with { Y = average };
        }).ToArray())];
    }
}
