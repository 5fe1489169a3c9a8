using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Replicate.Storage.Disk;

namespace Replicate.Storage;

/// <summary>The version of a file: when it was last written, and its length.</summary>
internal readonly record struct FileVersion(DateTime Written, long Length)
{
    private const long NanosecondsPerTick = 100;

    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    /// <summary>
    /// When the file or what is known of it was last changed, which no program can set back as it can <see cref="Written"/>; the
    /// default where the system doesn't tell, as on Windows. A rename changes it, so it is no part of what a writer compares.
    /// </summary>
    public DateTime Changed { get; init; }

    /// <summary>The version of an open file.</summary>
    public static FileVersion Of(SafeFileHandle file) =>
        UnixStatus.Of(file) is { } status ? Of(status) : new(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));

    /// <summary>The version of a file of this status.</summary>
    public static FileVersion Of(in UnixStatus status) =>
        new(TimeOf(status.WriteTime, status.WriteTimeNanoseconds), status.Size) { Changed = TimeOf(status.ChangeTime, status.ChangeTimeNanoseconds) };

    /// <summary>What a listing tells of the file.</summary>
    public ObjectInfo ToInfo(string key) => new(key, Length, ToString()) { LastModified = Written, Changed = Changed };

    /// <summary>Whether it is the same version, read from one and the same file.</summary>
    public bool Equals(FileVersion other) => Written == other.Written && Length == other.Length;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Written, Length);

    /// <summary>
    /// Whether whatever is written after a moment gets another version: clocks of file systems go in steps of up to two
    /// seconds, and a file written twice within one step, with the same length, has one version for two contents.
    /// </summary>
    public bool IsSettledAt(DateTime utc) => utc - Written > ClockStep;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Written.Ticks:x}-{Length:x}");

    private static DateTime TimeOf(long seconds, long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / NanosecondsPerTick));

    /// <summary>Reads what <see cref="ToString"/> wrote; null for another text.</summary>
    public static FileVersion? Parse(string text) =>
        text.Split('-') is [var ticks, var length]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var written)
        && long.TryParse(length, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count)
            ? new FileVersion(new DateTime(written, DateTimeKind.Utc), count)
            : null;
}
