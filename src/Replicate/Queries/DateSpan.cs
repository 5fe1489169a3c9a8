using System.Globalization;

namespace Replicate.Queries;

/// <summary>The time that a date names: a whole day, minute or second, or a decimal fraction of a second.</summary>
/// <param name="from">Its beginning, UTC.</param>
/// <param name="to">The end, UTC, itself no longer within.</param>
internal sealed class DateSpan(DateTime from, DateTime to) : Operand
{
    private const int TickDecimals = 7;

    // What a shell puts into a text for a date (11/21/2026 08:30:17) is understood, too.
    private static readonly string[] Dates = ["yyyy-M-d", "yyyy/M/d", "M/d/yyyy"];

    internal override bool IsEqual(object? value) => Order(value) == 0;

    internal override int? Order(object? value) =>
        value is not Timestamp timestamp ? null
        : timestamp.Utc < from ? -1
        : timestamp.Utc < to ? 0
        : 1;

    /// <summary>Reads a date, local where it has no zone.</summary>
    /// <exception cref="FormatException">It is no date.</exception>
    internal static DateSpan Read(string text)
    {
        text = text.Trim();
        if (TryRead(text, Dates, out var day))
        {
            // Not 24 hours: the length of a local day changes with daylight saving time.
            return new DateSpan(day, day.ToLocalTime() is var local && local.Date < DateTime.MaxValue.Date
                ? local.AddDays(1).ToUniversalTime()
                : DateTime.MaxValue);
        }

        var cut = CutBelowTicks(text, out var decimals);
        foreach (var (time, ticks) in (ReadOnlySpan<(string, long)>)
        [
            ("H:mm", TimeSpan.TicksPerMinute),
            ("H:mm:ss", TimeSpan.TicksPerSecond),
            ("H:mm:ss." + new string('f', decimals), (long)Math.Pow(10, TickDecimals - decimals)),
        ])
        {
            var formats = Dates.SelectMany(date => new[] { $"{date} {time}K", $"{date}'T'{time}K" }).ToArray();
            if (TryRead(cut, formats, out var date))
            {
                return new DateSpan(date, date.Ticks < DateTime.MaxValue.Ticks - ticks ? date.AddTicks(ticks) : DateTime.MaxValue);
            }
        }

        throw new FormatException($"'{text}' is no date such as 2026-11-21, 2026-11-21 08:30 or 2026-11-21T08:30:17Z");
    }

    private static bool TryRead(string text, string[] formats, out DateTime date) => DateTime.TryParseExact(
        text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out date);

    private static string CutBelowTicks(string text, out int decimals)
    {
        var start = text.IndexOf('.', StringComparison.Ordinal) + 1;
        var count = start == 0 ? 0 : text.AsSpan(start).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length - start;
        decimals = Math.Min(count, TickDecimals);
        return text.Remove(start + decimals, count - decimals);
    }
}
