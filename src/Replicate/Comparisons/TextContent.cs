using System.Text;

namespace Replicate.Comparisons;

/// <summary>Tells text from other content, and reads it: the one rule for comparisons and reports.</summary>
internal static class TextContent
{
    // What is longer is compared by its digest: nobody reads a difference of that length.
    internal const int MaxLength = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether some content is text: without a NUL, or UTF-16 with its mark.</summary>
    internal static bool IsText(ReadOnlySpan<byte> content) => Utf16Of(content) is not null || !content.Contains((byte)0);

    /// <summary>Reads a text as its mark says, else as UTF-8, else byte by byte as Latin-1. A mark stays in it.</summary>
    internal static string Read(ReadOnlySpan<byte> content)
    {
        if (Utf16Of(content) is { } utf16)
        {
            return utf16.GetString(content);
        }

        try
        {
            return StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(content);
        }
    }

    /// <summary>Takes a text apart into its lines, each with the line feed that ends it.</summary>
    internal static string[] LinesOf(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var feed ? feed + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return [.. lines];
    }

    private static UnicodeEncoding? Utf16Of(ReadOnlySpan<byte> content) =>
        content.Length % 2 != 0 ? null
        : content.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) ? new UnicodeEncoding(bigEndian: false, byteOrderMark: true)
        : content.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]) ? new UnicodeEncoding(bigEndian: true, byteOrderMark: true)
        : null;
}
