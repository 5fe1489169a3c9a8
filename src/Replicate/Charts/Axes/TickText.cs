using System.Globalization;

namespace Replicate.Charts.Axes;

/// <summary>Short labels for round numbers.</summary>
internal static class TickText
{
    private const double Thousand = 1e3;
    private const double Million = 1e6;

    /// <summary>Labels of one axis, all of one kind: plain, in thousands (<c>20k</c>), in millions, or with an exponent.</summary>
    /// <param name="values">Multiples of the step.</param>
    /// <param name="step">The distance between two.</param>
    internal static IReadOnlyList<Tick> Label(IReadOnlyList<double> values, double step)
    {
        var largest = values.Count == 0 ? 0 : values.Max(Math.Abs);
        Func<double, string> text = (largest, step) switch
        {
            ( >= 1e9, _) => Exponent,
            ( >= Million, >= Million / 100) => value => Scaled(value, Million, "M"),
            ( >= 1e4, >= Thousand / 100) => value => Scaled(value, Thousand, "k"),
            ( < 1e-3, _) => Exponent,
            _ => NumberText.Of,
        };
        return [.. values.Select(value => new Tick(value, value == 0 ? "0" : text(value)))];
    }

    /// <summary>A label on its own, of a logarithmic axis.</summary>
    internal static string Single(double value) => value is >= 1e-3 and < 1e4 ? NumberText.Of(value) : Exponent(value);

    private static string Scaled(double value, double unit, string suffix) => NumberText.Of(Math.Round(value / unit, 3)) + suffix;

    private static string Exponent(double value)
    {
        // Twelve digits are more than any tick has, and leave out what calculating added.
        var text = value.ToString("E11", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = text[..mark].TrimEnd('0').TrimEnd('.');
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)}");
    }
}
