namespace Replicate;

/// <summary>A row of numbers as a line of small bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Draws numbers, the lowest as the smallest bar; a blank for what isn't a finite number.</summary>
    /// <param name="values">The numbers in order; of more than fit, evenly chosen ones.</param>
    /// <param name="width">How many characters at most; 1 or more.</param>
    public static string Of(IReadOnlyList<double> values, int width = 30)
    {
        if (values.Count > width)
        {
            var all = values;
            values = [.. Enumerable.Range(0, width).Select(i => all[(int)((i + 1L) * all.Count / width) - 1])];
        }

        var finite = values.Where(double.IsFinite).DefaultIfEmpty().ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(values.Select(value =>
            !double.IsFinite(value) ? ' '
            : high > low ? Bars[(int)Math.Round((value / 2 - low / 2) / (high / 2 - low / 2) * (Bars.Length - 1))]
            : Bars[0]));
    }
}
