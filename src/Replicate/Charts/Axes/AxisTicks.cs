namespace Replicate.Charts.Axes;

/// <summary>Chooses round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class AxisTicks
{
    private const double Tolerance = 1e-9;
    private const int MaxExactPower = 22;

    private static readonly int[] Mantissas = [1, 2, 5];

    /// <summary>Round numbers from min to max, at most one more than asked for.</summary>
    internal static IReadOnlyList<Tick> Linear(double min, double max, int count, bool isWhole)
    {
        var step = Step.Of(min, max, count);
        if (isWhole && step.Size < 1)
        {
            step = new Step(1, 0);
        }

        if (!step.IsUsable(min, max))
        {
            return [new(min, NumberText.Of(min)), new(max, NumberText.Of(max))];
        }

        var (first, last) = (Math.Ceiling(min / step.Size - Tolerance), Math.Floor(max / step.Size + Tolerance));
        var values = new List<double>();
        for (var i = first; i <= last && values.Count <= count; i++)
        {
            values.Add(step.Multiple(i));
        }

        return TickText.Label(values, step.Size);
    }

    /// <summary>Powers of ten from min to max; where there are few, also their doubles and halves, or round numbers.</summary>
    internal static IReadOnlyList<Tick> Log(double min, double max, int count)
    {
        var (first, last) = ((int)Math.Ceiling(Math.Log10(min) - Tolerance), (int)Math.Floor(Math.Log10(max) + Tolerance));
        var decades = last - first + 1;
        if (decades >= 2)
        {
            var stride = (decades + count - 1) / Math.Max(1, count);
            return [.. Enumerable.Range(0, (decades + stride - 1) / stride).Select(i => PowerTick(1, first + i * stride))];
        }

        var few = Enumerable.Range(first - 1, decades + 2)
            .SelectMany(power => Mantissas.Select(mantissa => PowerTick(mantissa, power)))
            .Where(tick => tick.Value >= min && tick.Value <= max)
            .ToArray();
        return few.Length >= 2 && few.Length <= count + 1 ? few : Linear(min, max, count, isWhole: false);
    }

    /// <summary>The nearest ends beyond min and max that are themselves round.</summary>
    internal static (double Min, double Max) RoundOutward(double min, double max, int count)
    {
        var (low, high) = RoundOutward(min, max, Step.Of(min, max, count));

        // Rounded, they may be so far apart that fewer numbers have room between them: the ends are to be among those.
        return RoundOutward(min, max, Step.Of(low, high, count));
    }

    private static (double Min, double Max) RoundOutward(double min, double max, Step step) => step.IsUsable(min, max)
        ? (step.Multiple(Math.Floor(min / step.Size + Tolerance)), step.Multiple(Math.Ceiling(max / step.Size - Tolerance)))
        : (min, max);

    private static Tick PowerTick(int mantissa, int power)
    {
        var value = new Step(mantissa, power).Size;
        return new(value, TickText.Single(value));
    }

    /// <summary>A mantissa times a power of ten.</summary>
    private readonly record struct Step(int Mantissa, int Power)
    {
        internal double Size => Multiple(1);

        /// <summary>The least step of which there are at most so many between min and max.</summary>
        internal static Step Of(double min, double max, int count)
        {
            var least = max / Math.Max(1, count) - min / Math.Max(1, count);
            var power = (int)Math.Floor(Math.Log10(least));
            var mantissa = Array.Find(Mantissas, m => new Step(m, power).Size >= least * (1 - Tolerance));
            return mantissa is 0 ? new(1, power + 1) : new(mantissa, power);
        }

        /// <summary>Whether it is a number, and numbers as large as the ends can tell it.</summary>
        internal bool IsUsable(double min, double max) =>
            double.IsFinite(Size) && Size > 0 && min + Size > min && max - Size < max;

        /// <remarks>Divided, where the power is negative, the result is the double nearest to the decimal number.</remarks>
        internal double Multiple(double times) => Power switch
        {
            < -MaxExactPower => times * Mantissa * Math.Pow(10, Power),
            < 0 => times * Mantissa / Math.Pow(10, -Power),
            _ => times * Mantissa * Math.Pow(10, Power),
        };
    }
}
