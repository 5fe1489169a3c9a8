using System.Globalization;

namespace Replicate.Cli.Views;

/// <summary>Moments as a person reads them.</summary>
internal static class Moments
{
    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(60);

    /// <summary>The age as in <c>3 minutes ago</c>; the local date of what is long past, or of a clock that is ahead.</summary>
    public static string Age(Timestamp moment, Timestamp now)
    {
        var age = now.Utc - moment.Utc;
        if (age > OldestAge || age < -TimeSpan.FromMinutes(1))
        {
            return moment.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return age switch
        {
            { TotalMinutes: < 1 } => Ago(Math.Max(1, age.TotalSeconds), "second"),
            { TotalHours: < 1 } => Ago(age.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Ago(age.TotalHours, "hour"),
            _ => Ago(age.TotalDays, "day"),
        };
    }

    /// <summary>The local date and time with its zone, as in <c>Sat, 21 Nov 2026 08:30:17 UTC</c>.</summary>
    public static string Full(DateTime local)
    {
        var zone = local.ToString("zzz", CultureInfo.InvariantCulture);
        return local.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture) + (zone == "+00:00" ? "UTC" : zone);
    }

    private static string Ago(double amount, string unit) => $"{Plural.Of((long)amount, unit)} ago";
}
