using System.Globalization;

namespace Replicate;

/// <summary>Moments as a person reads them.</summary>
internal static class Moments
{
    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(60);

    /// <summary>The age as in <c>3 minutes ago</c>; the local date of what is long past, or of a clock that is ahead.</summary>
    /// <param name="moment">When it was.</param>
    /// <param name="now">The moment it is.</param>
    public static string Age(Timestamp moment, Timestamp now)
    {
        if (!IsRecent(moment, now))
        {
            return moment.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return (now.Utc - moment.Utc) switch
        {
            { TotalMinutes: < 1 } age => Ago(Math.Max(1, age.TotalSeconds), "second"),
            { TotalHours: < 1 } age => Ago(age.TotalMinutes, "minute"),
            { TotalDays: < 1 } age => Ago(age.TotalHours, "hour"),
            var age => Ago(age.TotalDays, "day"),
        };
    }

    /// <summary>How many characters the ages of some things take, now and later.</summary>
    /// <param name="things">The things.</param>
    /// <param name="momentOf">When each was.</param>
    /// <param name="now">The moment it is.</param>
    public static int WidthOfAge<T>(IEnumerable<T> things, Func<T, Timestamp> momentOf, Timestamp now) =>
        things.Any(thing => IsRecent(momentOf(thing), now)) ? "59 minutes ago".Length : "yyyy-MM-dd".Length;

    // A clock that is ahead by more than a little says nothing of an age.
    private static bool IsRecent(Timestamp moment, Timestamp now) =>
        now.Utc - moment.Utc is var age && age <= OldestAge && age >= -TimeSpan.FromMinutes(1);

    /// <summary>The local date and time with its zone, as in <c>Sat, 21 Nov 2026 08:30:17 UTC</c>.</summary>
    /// <param name="local">A local date.</param>
    public static string Full(DateTime local)
    {
        var zone = local.ToString("zzz", CultureInfo.InvariantCulture);
        return local.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + (zone == "+00:00" ? "UTC" : zone);
    }

    /// <summary>A span as in <c>00:12:34</c>, or <c>2.03:00:00</c> with days, to the second.</summary>
    /// <param name="span">The span.</param>
    public static string Span(TimeSpan span) => TimeSpan.FromSeconds(Math.Round(span.TotalSeconds)).ToString("c", CultureInfo.InvariantCulture);

    /// <summary>A span as a person writes it: <c>90s</c>, <c>30m</c> (or <c>30min</c>), <c>12h</c>, <c>7d</c> or <c>2w</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="span">The span; zero where the text is none.</param>
    /// <returns>Whether the text is one.</returns>
    public static bool TryReadSpan(string text, out TimeSpan span)
    {
        var digits = text.Trim().TakeWhile(char.IsAsciiDigit).Count();
        var unit = text.Trim()[digits..].Trim().ToLowerInvariant() switch
        {
            "s" => TimeSpan.FromSeconds(1),
            "m" or "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            "w" => TimeSpan.FromDays(7),
            _ => TimeSpan.Zero,
        };
        var isSpan = unit > TimeSpan.Zero && int.TryParse(text.Trim()[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount <= TimeSpan.FromDays(100_000) / unit;
        span = isSpan ? unit * int.Parse(text.Trim()[..digits], CultureInfo.InvariantCulture) : TimeSpan.Zero;
        return isSpan;
    }

    /// <summary>A time that is left, roughly: <c>40 s</c>, <c>12 min</c> or <c>3 h</c>.</summary>
    /// <param name="time">The time.</param>
    public static string Rough(TimeSpan time)
    {
        var (amount, unit) = time.TotalSeconds < 100 ? (time.TotalSeconds, "s")
            : time.TotalMinutes < 100 ? (time.TotalMinutes, "min")
            : (time.TotalHours, "h");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(amount)} {unit}");
    }

    private static string Ago(double amount, string unit) => $"{Amounts.Of((long)amount, unit)} ago";
}
