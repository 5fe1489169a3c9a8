using System.Globalization;

namespace Replicate.Runs.Sweeps;

/// <summary>A param of a sweep: one value, a list of values to try, or a range to choose from.</summary>
internal abstract class SweepDimension
{
    private static readonly string[] RangeKeys = ["min", "max", "step", "scale"];

    /// <summary>How many values it has; null for a range without steps.</summary>
    internal abstract long? Count { get; }

    /// <summary>The value at a part of the way through it, from 0 to below 1.</summary>
    internal abstract object? At(double part);

    /// <summary>The value at a position from 0 to below <see cref="Count"/>.</summary>
    internal object? At(long position) => At((position + 0.5) / Count!.Value);

    /// <summary>
    /// Reads a param. A list is the values to try; an object with the numbers <c>min</c> and <c>max</c>, and nothing but a <c>step</c>
    /// or the <c>scale</c> <c>log</c> beside, is a range; anything else is one value.
    /// </summary>
    /// <exception cref="ReplicateException">A list is empty (<c>SweepEmpty</c>), or a range makes no sense (<c>SweepRangeInvalid</c>).</exception>
    internal static SweepDimension Of(string name, object? value) => value switch
    {
        ValueList { Count: 0 } => throw new ReplicateException(
            ErrorKind.InvalidArgument, "SweepEmpty", $"The param '{name}' has no value to try.", "Give one or more."),
        ValueList list => new Choice([.. list]),
        ValueMap map when map.ContainsKey("min") && map.ContainsKey("max") && map.Names.All(RangeKeys.Contains) => RangeOf(name, map),
        _ => new Choice([value]),
    };

    private static SweepDimension RangeOf(string name, ValueMap map)
    {
        var isLog = map["scale"] is "log";
        if (!Value.TryGetNumber(map["min"], out var min) || !Value.TryGetNumber(map["max"], out var max) || !double.IsFinite(max - min) || min > max)
        {
            throw Wrong(name, map, "Give numbers, the smaller one as min.");
        }

        if (map.ContainsKey("scale") && !isLog && map["scale"] is not "linear")
        {
            throw Wrong(name, map, "The scale is linear or log.");
        }

        if (isLog && (min <= 0 || map.ContainsKey("step")))
        {
            throw Wrong(name, map, "On the scale log, min is more than 0 and there is no step.");
        }

        var isWhole = map["min"] is long && map["max"] is long && map["step"] is null or long;
        if (map.ContainsKey("step"))
        {
            return Value.TryGetNumber(map["step"], out var step) && step > 0 && (max - min) / step < int.MaxValue
                ? new Steps(min, step, (long)Math.Floor(((max - min) / step) + 1e-9) + 1, isWhole)
                : throw Wrong(name, map, "Give a step that is more than 0.");
        }

        return isWhole && !isLog ? new Steps(min, 1, (long)(max - min) + 1, isWhole) : new Range(min, max, isLog, isWhole);
    }

    private static ReplicateException Wrong(string name, ValueMap map, string action) =>
        new(ErrorKind.InvalidArgument, "SweepRangeInvalid", $"The range of the param '{name}', {map}, makes no sense.", action);

    /// <summary>A list of values.</summary>
    private sealed class Choice(object?[] values) : SweepDimension
    {
        internal override long? Count => values.Length;

        internal override object? At(double part) => values[(int)(part * values.Length)];
    }

    /// <summary>Numbers at equal distances.</summary>
    private sealed class Steps(double min, double step, long count, bool isWhole) : SweepDimension
    {
        internal override long? Count => count;

        internal override object? At(double part)
        {
            var position = Math.Floor(part * count);
            return isWhole ? (long)min + (long)(position * step) : Rounded(min + (position * step), 12);
        }
    }

    /// <summary>Any number between two, as many of each size where the scale is logarithmic.</summary>
    private sealed class Range(double min, double max, bool isLog, bool isWhole) : SweepDimension
    {
        // What nobody would write by hand nobody can compare.
        private const int Digits = 5;

        internal override long? Count => null;

        internal override object? At(double part)
        {
            var number = isLog ? min * Math.Pow(max / min, part) : min + (part * (max - min));
            return isWhole ? (long)Math.Clamp(Math.Round(number), min, max) : Math.Clamp(Rounded(number, Digits), min, max);
        }
    }

    private static double Rounded(double number, int digits) =>
        double.Parse(number.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
