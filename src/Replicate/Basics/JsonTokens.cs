using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replicate;

/// <summary>Reads single tokens of JSON: leniently what is text, strictly what kind it is, with errors that name the key.</summary>
internal static class JsonTokens
{
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = Value.MaxDepth + 8 };

    internal delegate T Parse<out T>(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8);

    /// <summary>Reads a file that holds one object.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="parse">Reads from the opening brace to the closing one; gets the file, too.</param>
    /// <exception cref="FormatException">It is not JSON, or not an object, or the parser refuses it.</exception>
    internal static T ReadObject<T>(ReadOnlySpan<byte> utf8, Parse<T> parse)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8[MarkLength(utf8)..], Options);
            reader.Read();
            var result = reader.TokenType == JsonTokenType.StartObject
                ? parse(ref reader, utf8)
                : throw new FormatException("It is not a JSON object.");
            while (reader.Read())
            {
                // Whatever follows is not JSON, and throws.
            }

            return result;
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"It is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.", exception);
        }
    }

    /// <summary>The length of the byte order mark that some editors put before a file.</summary>
    internal static int MarkLength(ReadOnlySpan<byte> utf8) => utf8.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;

    /// <summary>Goes to the value of the object's next key.</summary>
    /// <returns>The key; null at the end of the object.</returns>
    internal static string? NextKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return null;
        }

        var key = Text(ref reader);
        reader.Read();
        return key;
    }

    /// <summary>A text; empty for null.</summary>
    internal static string Text(ref Utf8JsonReader reader, string key, bool isShared = true) => reader.TokenType switch
    {
        JsonTokenType.Null => "",
        JsonTokenType.String => Text(ref reader, isShared),
        _ => throw Wrong(ref reader, key, "a text"),
    };

    /// <summary>An id, which is the name of a file and shown everywhere; empty for null.</summary>
    /// <exception cref="FormatException">It is no text, or has a slash or control characters.</exception>
    internal static string Id(ref Utf8JsonReader reader, string key)
    {
        var id = Text(ref reader, key, isShared: false);
        return id.AsSpan().ContainsAny('/', '\\') || id is "." or ".." || VisibleText.Of(id, inCi: true) != id ? throw Wrong(ref reader, key, "an id") : id;
    }

    /// <summary>The text of the current name or string; what is not UTF-8 in it is replaced.</summary>
    internal static string Text(ref Utf8JsonReader reader, bool isShared = true) =>
        reader.ValueIsEscaped ? Unescape(reader.ValueSpan)
        : isShared ? SharedText.Of(reader.ValueSpan)
        : Encoding.UTF8.GetString(reader.ValueSpan);

    /// <summary>A whole number, also one written as a float; 0 for null.</summary>
    internal static long Integer(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return 0;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out var integer))
            {
                return integer;
            }

            // 2^63 itself is the first double that is out of range.
            if (Double(ref reader) is var number && Math.Floor(number) == number && number is >= long.MinValue and < 9223372036854775808d)
            {
                return (long)number;
            }
        }

        throw Wrong(ref reader, key, "a whole number");
    }

    internal static double Double(ref Utf8JsonReader reader) => double.Parse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    internal static bool Flag(ref Utf8JsonReader reader, string key) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Wrong(ref reader, key, "true or false"),
    };

    /// <summary>A date; null for null.</summary>
    internal static Timestamp? Time(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            // The runtime reads the usual form fast, but only to 100 nanoseconds: places 27 and 28 hold the rest.
            var text = reader.ValueSpan;
            if (!reader.ValueIsEscaped && text is [.., (byte)'Z'] && text.Length is >= 20 and <= 30 && reader.TryGetDateTime(out var utc))
            {
                return Timestamp.FromUtc(utc, (10 * Digit(text, 27)) + Digit(text, 28));
            }

            if (Timestamp.TryParse(Text(ref reader), out var timestamp))
            {
                return timestamp;
            }
        }

        throw Wrong(ref reader, key, "a date such as 2020-09-01T21:42:22.123456Z");
    }

    internal static void ExpectObject(ref Utf8JsonReader reader, string key) => Expect(ref reader, JsonTokenType.StartObject, key, "an object");

    internal static void ExpectArray(ref Utf8JsonReader reader, string key) => Expect(ref reader, JsonTokenType.StartArray, key, "a list");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string key, string expected)
    {
        if (reader.TokenType != type)
        {
            throw Wrong(ref reader, key, expected);
        }
    }

    private static FormatException Wrong(ref Utf8JsonReader reader, string key, string expected) =>
        new($"'{key}' is not {expected} (at byte {reader.TokenStartIndex}).");

    private static int Digit(ReadOnlySpan<byte> text, int index) =>
        index < text.Length && char.IsAsciiDigit((char)text[index]) ? text[index] - '0' : 0;

    // The runtime's own throws at half a surrogate pair, which other languages write.
    private static string Unescape(ReadOnlySpan<byte> utf8)
    {
        var text = new ArrayBufferWriter<char>(utf8.Length);
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOf((byte)'\\') is >= 0 and var escape ? escape : utf8.Length;
            text.Advance(Encoding.UTF8.GetChars(utf8[..plain], text.GetSpan(utf8.Length)));
            utf8 = utf8[plain..];
            if (!utf8.IsEmpty)
            {
                var isCode = utf8[1] == (byte)'u';
                text.Write([isCode ? (char)ushort.Parse(utf8.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : Unescape(utf8[1])]);
                utf8 = utf8[(isCode ? 6 : 2)..];
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.WrittenSpan.ToArray()));
    }

    private static char Unescape(byte letter) => (char)letter switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        var itself => itself,
    };
}
