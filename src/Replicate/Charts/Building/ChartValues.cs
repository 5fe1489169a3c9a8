using System.Globalization;

namespace Replicate.Charts.Building;

/// <summary>Reads the values of checkpoints that a chart can show, and tells of those it can't.</summary>
internal sealed class ChartValues(ChartOptions options)
{
    private int _notFinite;
    private int _notPositive;

    /// <summary>The value of a metric at a place; null where it can't be drawn, which is counted.</summary>
    /// <param name="x">The place on the horizontal axis.</param>
    /// <param name="value">The metric, as it is recorded.</param>
    internal ChartPoint? PointOf(double x, object? value)
    {
        if (!Value.TryGetNumber(value, out var y) || !double.IsFinite(y) || !double.IsFinite(x))
        {
            _notFinite++;
            return null;
        }

        if ((options.LogX && x <= 0) || (options.LogY && y <= 0))
        {
            _notPositive++;
            return null;
        }

        return new(x, y);
    }

    /// <summary>The error of a panel in which nothing can be drawn.</summary>
    internal ReplicateException NothingLeft(string metric)
    {
        var name = Value.ToShortText(metric, 60);
        return _notPositive > 0
            ? new(
                ErrorKind.InvalidArgument, "NothingAboveZero",
                $"Nothing of '{name}' is left to plot on a logarithmic axis, where {Count(_notPositive, "value")} of zero or below {(_notPositive == 1 ? "has" : "have")} no place.",
                "Plot it on a linear axis.")
            : new(
                ErrorKind.InvalidArgument, ErrorIds.NothingToPlot, $"No checkpoint has a finite number for '{name}'.",
                "Name a metric that was recorded as a number.");
    }

    /// <summary>Says how many values aren't shown, and why.</summary>
    internal void Warn()
    {
        if (_notFinite > 0)
        {
            Log.Warn($"{Left(_notFinite, "not a finite number", "not finite numbers")}.");
        }

        if (_notPositive > 0)
        {
            Log.Warn($"{Left(_notPositive, "zero or below", "zero or below")}: that has no place on a logarithmic axis.");
        }
    }

    private static string Left(int count, string one, string many) => count == 1
        ? $"1 value that is {one} is left out of the plot"
        : string.Create(CultureInfo.InvariantCulture, $"{count} values that are {many} are left out of the plot");

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
