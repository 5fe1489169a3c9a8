namespace Replicate.Charts.Axes;

/// <summary>A place on an axis that is labelled.</summary>
/// <param name="Value">Where.</param>
/// <param name="Text">The label, as short as tells it from its neighbours.</param>
internal readonly record struct Tick(double Value, string Text);

/// <summary>How much of an axis lies beyond the values.</summary>
internal enum AxisFit
{
    /// <summary>Nothing.</summary>
    Exact,

    /// <summary>A little at both ends.</summary>
    Padded,

    /// <summary>Up to the next round numbers; on a logarithmic axis a little.</summary>
    Round,
}

/// <summary>An axis of a panel: what it shows, from where to where. It has a length above zero whatever the values are.</summary>
internal sealed class Axis
{
    private const double Padding = 0.04;
    private const int RoundTicks = 5;
    private const int MostTries = 10;

    private readonly bool _isWhole;
    private readonly double? _only;
    private readonly IReadOnlyList<string>? _categories;

    private Axis(
        string label, double min, double max, bool isLog = false, bool isWhole = false, double? only = null,
        IReadOnlyList<string>? categories = null) =>
        (Label, Min, Max, IsLog, _isWhole, _only, _categories) = (label, min, max, isLog, isWhole, only, categories);

    /// <summary>What it shows, short and visible.</summary>
    internal string Label { get; }

    /// <summary>Whether equal factors, rather than equal differences, are equally long.</summary>
    internal bool IsLog { get; }

    /// <summary>The left or lower end.</summary>
    internal double Min { get; }

    /// <summary>The right or upper end.</summary>
    internal double Max { get; }

    /// <summary>The names of categories, which stand at 0, 1, 2 and so on; null for numbers.</summary>
    internal IReadOnlyList<string>? Categories => _categories;

    /// <summary>An axis of categories.</summary>
    internal static Axis OfCategories(string label, IReadOnlyList<string> categories) =>
        new(label, -0.5, categories.Count - 0.5, categories: categories);

    /// <summary>An axis that values fit on.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="values">At least one, all finite; on a logarithmic axis above zero.</param>
    /// <param name="isLog">Whether it is logarithmic.</param>
    /// <param name="fit">How much lies beyond the values.</param>
    /// <param name="isWhole">Whether there is nothing between whole numbers.</param>
    internal static Axis Of(string label, IReadOnlyCollection<double> values, bool isLog, AxisFit fit, bool isWhole = false)
    {
        var (min, max) = (values.Min(), values.Max());
        return isLog ? Log(label, min, max, fit, isWhole) : Linear(label, min, max, fit, isWhole);
    }

    /// <summary>How far a value is along the axis: 0 at its beginning, 1 at its end.</summary>
    internal double Position(double value) => IsLog
        ? (Math.Log10(value) - Math.Log10(Min)) / (Math.Log10(Max) - Math.Log10(Min))
        : double.IsFinite(Max - Min) ? (value - Min) / (Max - Min)
        : ((value / 2) - (Min / 2)) / ((Max / 2) - (Min / 2));

    /// <summary>The labelled places, one at least.</summary>
    /// <param name="count">About how many there is room for.</param>
    internal IReadOnlyList<Tick> Ticks(int count)
    {
        if (_categories is not null)
        {
            var stride = (_categories.Count + count - 1) / Math.Max(1, count);
            return [.. Enumerable.Range(0, _categories.Count).Where(i => i % stride == 0).Select(i => new Tick(i, _categories[i]))];
        }

        // Between the steps before and after the only one there is nothing to read.
        if (_only is { } only)
        {
            return [new(only, NumberText.Of(only))];
        }

        // A short axis may lie between two round numbers that are far enough apart for so few.
        return Enumerable.Range(count, MostTries)
            .Select(tried => IsLog ? AxisTicks.Log(Min, Max, tried) : AxisTicks.Linear(Min, Max, tried, _isWhole))
            .FirstOrDefault(ticks => ticks.Count > 0) ?? [new((Min + Max) / 2, NumberText.Of((Min + Max) / 2))];
    }

    private static Axis Linear(string label, double min, double max, AxisFit fit, bool isWhole)
    {
        var only = isWhole && min == max ? min : (double?)null;
        if (min == max)
        {
            var half = isWhole || min == 0 ? 1 : Math.Abs(min) / 10;
            (min, max) = Widen(min, max, half);
        }
        else if (fit == AxisFit.Padded)
        {
            (min, max) = Widen(min, max, max * Padding - min * Padding);
        }

        if (fit == AxisFit.Round)
        {
            var (low, high) = AxisTicks.RoundOutward(min, max, RoundTicks);
            (min, max) = double.IsFinite(low) && double.IsFinite(high) ? (low, high) : (min, max);
        }

        return new(label, min, max, isWhole: isWhole, only: only);
    }

    private static Axis Log(string label, double min, double max, AxisFit fit, bool isWhole)
    {
        var length = Math.Log10(max) - Math.Log10(min);
        var half = length <= 0 ? 0.5 : fit == AxisFit.Exact ? 0 : length * Padding;
        return new(
            label,
            Math.Max(min / Math.Pow(10, half), double.Epsilon),
            Math.Min(max * Math.Pow(10, half), double.MaxValue),
            isLog: true,
            isWhole);
    }

    private static (double Min, double Max) Widen(double min, double max, double by)
    {
        // A difference too small to count for numbers this large or this small still makes a length.
        var (low, high) = (Math.Max(min - by, double.MinValue), Math.Min(max + by, double.MaxValue));
        return low < high ? (low, high) : (Math.BitDecrement(min), Math.BitIncrement(max));
    }
}
