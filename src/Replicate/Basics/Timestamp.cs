using System.Globalization;
using System.Text;

namespace Replicate;

/// <summary>A moment in UTC with nanoseconds, as the original writes it (RFC 3339, trailing zeros dropped).</summary>
public readonly record struct Timestamp : IComparable<Timestamp>
{
    /// <summary>How long a text of one can be.</summary>
    internal const int MaxLength = 30;

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
        Span<byte> utf8 = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(utf8[..Format(utf8)]);
    }

    /// <summary>Puts the text at the beginning of a room of <see cref="MaxLength"/> bytes.</summary>
    /// <returns>How long it is.</returns>
    internal int Format(Span<byte> utf8)
    {
        _utc.TryFormat(utf8, out var length, "s", CultureInfo.InvariantCulture);
        var nanoseconds = (_utc.Ticks % TimeSpan.TicksPerSecond * 100) + _nanoseconds;
        if (nanoseconds > 0)
        {
            utf8[length++] = (byte)'.';
            var decimals = utf8.Slice(length, 9);
            for (var i = decimals.Length - 1; i >= 0; i--, nanoseconds /= 10)
            {
                decimals[i] = (byte)('0' + (nanoseconds % 10));
            }

            length += decimals.TrimEnd((byte)'0').Length;
        }

        utf8[length++] = (byte)'Z';
        return length;
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
