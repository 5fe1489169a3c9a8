using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Stores;

/// <summary>The version of a file: when it was last written, and its length.</summary>
internal readonly record struct FileVersion(DateTime Written, long Length)
{
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    public static FileVersion Of(SafeFileHandle file) => new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));

    /// <summary>What a listing tells of the file.</summary>
    public ObjectInfo ToInfo(string key) => new(key, Length, ToString()) { LastModified = Written };

    /// <summary>
    /// Whether whatever is written after a moment gets another version: clocks of file systems go in steps of up to two
    /// seconds, and a file written twice within one step, with the same length, has one version for two contents.
    /// </summary>
    public bool IsSettledAt(DateTime utc) => utc - Written > ClockStep;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Written.Ticks:x}-{Length:x}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for another text.</summary>
    public static FileVersion? Parse(string text) =>
        text.Split('-') is [var ticks, var length]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var written)
        && long.TryParse(length, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count)
            ? new FileVersion(new DateTime(written, DateTimeKind.Utc), count)
            : null;
}
