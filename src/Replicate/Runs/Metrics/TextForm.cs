using System.Text;

namespace Replicate.Runs.Metrics;

/// <summary>How the text of a file or an output is encoded, told by its first bytes.</summary>
/// <param name="Encoding">UTF-8, or UTF-16 in either order, as Windows PowerShell writes with <c>&gt;</c>.</param>
/// <param name="MarkLength">How many bytes at the start are the byte-order mark; 0 for none.</param>
internal readonly record struct TextForm(Encoding Encoding, int MarkLength)
{
    /// <summary>How many bytes tell it for sure.</summary>
    internal const int HeadLength = 4;

    /// <summary>UTF-8 without a mark.</summary>
    internal static TextForm Plain { get; } = new(Encoding.UTF8, 0);

    /// <summary>Whether the bytes are UTF-8.</summary>
    internal bool IsUtf8 => Encoding is UTF8Encoding;

    /// <summary>Looks at the first bytes.</summary>
    /// <param name="head">The first bytes, 4 where there are so many.</param>
    /// <param name="isAll">Whether no more will come.</param>
    /// <returns>Null while more bytes are needed to tell.</returns>
    internal static TextForm? Of(ReadOnlySpan<byte> head, bool isAll) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => new(Encoding.UTF8, 3),
        [0xFF, 0xFE, ..] => new(Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => new(Encoding.BigEndianUnicode, 2),

        // Without a mark the zeros of Latin letters tell.
        [not 0, 0, not 0, 0, ..] => new(Encoding.Unicode, 0),
        [0, not 0, 0, not 0, ..] => new(Encoding.BigEndianUnicode, 0),
        [] or [0xEF] or [0xEF, 0xBB] or [0xFF] or [0xFE] or [_] or [_, 0] or [0, _] or [not 0, 0, _] or [0, not 0, 0] when !isAll => null,
        _ => Plain,
    };
}
