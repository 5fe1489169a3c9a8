using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Replicate.Repositories.Logs;

/// <summary>
/// How a line of a log is written: its time in UTC to the millisecond, a letter for where it comes from, and its text, with a blank between
/// them: <c>2026-11-27T21:31:05.123Z O loss: 0.5</c>. The letter is small where the line may still change.
/// </summary>
internal static class LogText
{
    /// <summary>How many bytes of a line stand before its text.</summary>
    internal const int PrefixLength = TimeLength + 3;

    /// <summary>How many bytes of a line are kept.</summary>
    internal const int MaxText = 1 << 15;

    private const int TimeLength = 24;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes what stands before a text.</summary>
    /// <param name="prefix">Gets it.</param>
    /// <param name="utc">When the line was begun.</param>
    /// <param name="stream">Where it comes from.</param>
    /// <param name="isOpen">Whether it may still change.</param>
    internal static void WritePrefix(Span<byte> prefix, DateTime utc, LogStream stream, bool isOpen)
    {
        Utf8.TryWrite(prefix, CultureInfo.InvariantCulture, $"{utc.Year:D4}-{utc.Month:D2}-{utc.Day:D2}T{utc.Hour:D2}:{utc.Minute:D2}:{utc.Second:D2}.{utc.Millisecond:D3}Z ", out _);
        prefix[TimeLength + 1] = LetterOf(stream, isOpen);
        prefix[TimeLength + 2] = (byte)' ';
    }

    /// <summary>A line with its newline.</summary>
    internal static byte[] Line(DateTime utc, LogStream stream, string text)
    {
        var line = new byte[PrefixLength + Encoding.UTF8.GetByteCount(text) + 1];
        WritePrefix(line, utc, stream, isOpen: false);
        Encoding.UTF8.GetBytes(text, line.AsSpan(PrefixLength));
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads a line without its newline. What somebody else wrote there is a line of output.</summary>
    /// <param name="line">The line.</param>
    /// <param name="before">The time of the line before.</param>
    internal static LogLine Read(ReadOnlySpan<byte> line, DateTime before)
    {
        var isOurs = TryReadPrefix(line, out var utc, out var letter);
        return new LogLine
        {
            Time = (isOurs ? utc : before).ToLocalTime(),
            Stream = !isOurs ? LogStream.Output : (letter | 0x20) switch { 'e' => LogStream.Error, 'n' => LogStream.Note, _ => LogStream.Output },
            IsOpen = isOurs && (letter & 0x20) != 0,
            Text = Encoding.UTF8.GetString(isOurs ? line[PrefixLength..] : line),
        };
    }

    private static byte LetterOf(LogStream stream, bool isOpen) =>
        (byte)((stream switch { LogStream.Error => 'E', LogStream.Note => 'N', _ => 'O' }) | (isOpen ? 0x20 : 0));

    private static bool TryReadPrefix(ReadOnlySpan<byte> line, out DateTime utc, out int letter)
    {
        (utc, letter) = (default, 0);
        if (line.Length < PrefixLength || line[TimeLength] != ' ' || line[TimeLength + 2] != ' ' || (line[TimeLength + 1] | 0x20) is not ('o' or 'e' or 'n'))
        {
            return false;
        }

        Span<char> time = stackalloc char[TimeLength];
        letter = line[TimeLength + 1];
        return Encoding.ASCII.TryGetChars(line[..TimeLength], time, out _) && DateTime.TryParseExact(
            time, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);
    }
}
