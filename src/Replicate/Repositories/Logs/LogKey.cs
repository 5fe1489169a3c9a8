using System.Globalization;

namespace Replicate.Repositories.Logs;

/// <summary>
/// Where a segment of a log lies: <c>logs/{experiment id}/{writer}.{number}.gz</c>. Each process that writes to a log is a writer of
/// its own, with numbers of its own, so that none has to ask others; its name begins with the time, so that names sort by it.
/// </summary>
/// <param name="ExperimentId">Whose log it is.</param>
/// <param name="Writer">Who wrote it, such as <c>20261127T213105123Z-3f9c2b1a</c>.</param>
/// <param name="Number">From 0.</param>
internal readonly record struct LogKey(string ExperimentId, string Writer, int Number)
{
    private const string Extension = ".gz";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";
    private const int RandomDigits = 8;
    private const int NumberDigits = 6;
    private const int TimeLength = 19;

    /// <summary>The key.</summary>
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{RepositoryKeys.LogsOf(ExperimentId)}{Writer}.{Number:D6}{Extension}");

    /// <summary>When its writer began.</summary>
    internal DateTime Began => TryTime(Writer, out var time) ? time : default;

    /// <summary>A name for a writer that begins now.</summary>
    internal static string NewWriter(DateTime utc) => string.Create(
        CultureInfo.InvariantCulture, $"{utc.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Random.Shared.Next():x8}");

    /// <summary>Reads a key; null where it is that of no segment.</summary>
    internal static LogKey? Parse(string key)
    {
        if (!key.StartsWith(RepositoryKeys.LogPrefix, StringComparison.Ordinal) || !key.EndsWith(Extension, StringComparison.Ordinal))
        {
            return null;
        }

        var slash = key.LastIndexOf('/');
        var id = slash > RepositoryKeys.LogPrefix.Length ? key[RepositoryKeys.LogPrefix.Length..slash] : "";
        var name = key[(slash + 1)..^Extension.Length];
        var dot = TimeLength + 1 + RandomDigits;
        return id.Length > 0 && !id.Contains('/') && name.Length == dot + 1 + NumberDigits && name[TimeLength] == '-' && name[dot] == '.'
            && TryTime(name, out _)
            && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? new LogKey(id, name[..dot], number)
                : null;
    }

    private static bool TryTime(string writer, out DateTime time) => DateTime.TryParseExact(
        writer.AsSpan(0, Math.Min(TimeLength, writer.Length)), TimeFormat, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
