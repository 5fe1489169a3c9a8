using System.Globalization;

namespace Replicate;

/// <summary>A moment in UTC with nanoseconds, as the original writes it (RFC 3339, trailing zeros dropped).</summary>
public readonly record struct Timestamp : IComparable<Timestamp>
{
    private readonly DateTime _utc;
    private readonly byte _nanoseconds;

    private Timestamp(DateTime utc, byte nanoseconds) => (_utc, _nanoseconds) = (utc, nanoseconds);

    /// <summary>The present moment, to 100 nanoseconds.</summary>
    public static Timestamp Now => new(DateTime.UtcNow, 0);

    /// <summary>The moment as a UTC <see cref="DateTime"/>, nanoseconds below 100 cut.</summary>
    public DateTime Utc => DateTime.SpecifyKind(_utc, DateTimeKind.Utc);

    /// <summary>What <see cref="Utc"/> cannot hold: 0 to 99 nanoseconds.</summary>
    internal int Nanoseconds => _nanoseconds;

    /// <summary>The moment as a local <see cref="DateTime"/>, which compares rightly with <c>Get-Date</c>.</summary>
    public DateTime Local => Utc.ToLocalTime();

    /// <summary>Takes a date; one of unspecified kind is local.</summary>
    public static Timestamp From(DateTime value) => new(value.ToUniversalTime(), 0);

    /// <summary>Takes a date in UTC and what it cannot hold: 0 to 99 nanoseconds.</summary>
    internal static Timestamp FromUtc(DateTime utc, int nanoseconds) => new(utc, (byte)nanoseconds);

    /// <summary>Reads RFC 3339 with up to nine decimals and any zone.</summary>
    /// <param name="text">Such as <c>2020-09-01T21:42:22.123456789Z</c>.</param>
    /// <param name="timestamp">The moment read.</param>
    /// <returns>False when the text is not of that form.</returns>
    public static bool TryParse(string? text, out Timestamp timestamp)
    {
        timestamp = default;
        if (text is null || text.Length < 20 || text[10] is not ('T' or 't' or ' '))
        {
            return false;
        }

        // The runtime rounds to 100 nanoseconds: take the decimals out and read them here.
        var end = 19;
        long nanoseconds = 0;
        if (text[19] == '.')
        {
            end++;
            for (long unit = 100_000_000; end < text.Length && char.IsAsciiDigit(text[end]); end++, unit /= 10)
            {
                nanoseconds += (text[end] - '0') * unit;
            }
        }

        // With decimals twice, the runtime would read the second.
        if ((end > 19 && end < text.Length && text[end] is '.' or ',') || !DateTimeOffset.TryParse(
                string.Concat(text.AsSpan(0, 19), text.AsSpan(end)), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var seconds))
        {
            return false;
        }

        timestamp = new Timestamp(seconds.UtcDateTime.AddTicks(nanoseconds / 100), (byte)(nanoseconds % 100));
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Timestamp other)
    {
        var ticks = _utc.CompareTo(other._utc);
        return ticks != 0 ? ticks : _nanoseconds.CompareTo(other._nanoseconds);
    }

    /// <summary>RFC 3339 in UTC, with as many decimals as needed.</summary>
    public override string ToString()
    {
        var nanoseconds = (_utc.Ticks % TimeSpan.TicksPerSecond * 100) + _nanoseconds;
        var decimals = nanoseconds == 0
            ? ""
            : "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return _utc.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + decimals + "Z";
    }

    /// <summary>Whether one moment is before another.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.CompareTo(right) < 0;

    /// <summary>Whether one moment is after another.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.CompareTo(right) > 0;

    /// <summary>Whether one moment is not after another.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one moment is not before another.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.CompareTo(right) >= 0;
}
