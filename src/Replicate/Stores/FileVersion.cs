using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Replicate.Stores;

/// <summary>The version of a file: when it was last written, and its length.</summary>
internal readonly record struct FileVersion(DateTime Written, long Length)
{
    public static FileVersion Of(SafeFileHandle file) => new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));

    /// <summary>What a listing tells of the file.</summary>
    public ObjectInfo ToInfo(string key) => new(key, Length, ToString()) { LastModified = Written };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Written.Ticks:x}-{Length:x}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for another text.</summary>
    public static FileVersion? Parse(string text) =>
        text.Split('-') is [var ticks, var length]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var written)
        && long.TryParse(length, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count)
            ? new FileVersion(new DateTime(written, DateTimeKind.Utc), count)
            : null;
}
