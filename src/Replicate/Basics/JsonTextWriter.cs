using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Replicate;

/// <summary>
/// Writes JSON byte for byte as the original's encoder does: its indentation, its escapes, its numbers, and texts for the
/// numbers that JSON cannot hold.
/// </summary>
/// <param name="indent">Spaces for each level; 0 for a single line without any.</param>
/// <param name="depth">The level at which the first value stands.</param>
/// <param name="escapesHtml">Whether <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> are escaped.</param>
/// <param name="escapesAllControls">Whether DEL and the controls of Latin-1 are escaped too, for terminals.</param>
internal sealed class JsonTextWriter(int indent, int depth = 0, bool escapesHtml = true, bool escapesAllControls = false)
{
    private const string MustEscape =
        "\"\\\u2028\u2029\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    // The original leaves them as they are; some terminals obey them.
    private const string MoreControls =
        "\u007f\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f"
        + "\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f";

    private static readonly SearchValues<char> Special = SearchValues.Create(MustEscape);
    private static readonly SearchValues<char> SpecialInHtml = SearchValues.Create(MustEscape + "<>&");
    private static readonly SearchValues<char> SpecialInTerminal = SearchValues.Create(MustEscape + "<>&" + MoreControls);

    private readonly Utf8Buffer _text = new();
    private bool _isFirst = true;
    private bool _follows;
    private bool _isNamed;

    /// <summary>How many bytes wait to be taken.</summary>
    internal int Length => _text.Length;

    /// <summary>What waits to be taken, as long as nothing more is written.</summary>
    internal ReadOnlyMemory<byte> Written => _text.Written;

    /// <summary>A value on one line, for people.</summary>
    internal static string ToLine(object? value)
    {
        var writer = new JsonTextWriter(indent: 0, escapesHtml: false);
        writer.Value(value);
        return Encoding.UTF8.GetString(writer.Written.Span);
    }

    internal byte[] ToBytes() => Written.ToArray();

    /// <summary>Drops what was written so far, but not the room that it took.</summary>
    internal void Clear() => _text.Clear();

    /// <summary>Moves what was written so far to a stream.</summary>
    internal void FlushTo(Stream stream)
    {
        stream.Write(Written.Span);
        Clear();
    }

    /// <inheritdoc cref="FlushTo"/>
    internal async Task FlushToAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Written, cancellationToken);
        Clear();
    }

    internal void BeginObject() => Begin('{');

    internal void EndObject() => End('}');

    internal void BeginArray() => Begin('[');

    internal void EndArray() => End(']');

    /// <summary>Begins a text of its own behind the others.</summary>
    internal void BeginLine() => (_isFirst, _follows) = (true, false);

    internal void EndLine() => _text.Put('\n');

    /// <summary>Goes on with a list that has an item already.</summary>
    internal void GoOn() => (_isFirst, _follows) = (false, true);

    internal void Name(string name)
    {
        Separate();
        PutText(name);
        EndName();
    }

    internal void Member(string name, object? value)
    {
        Name(name);
        Value(value);
    }

    /// <summary>A name that needs no escapes.</summary>
    internal void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Quote(name);
        EndName();
    }

    internal void Member(ReadOnlySpan<byte> name, object? value)
    {
        Name(name);
        Value(value);
    }

    internal void Member(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Value(value);
    }

    internal void Member(ReadOnlySpan<byte> name, PackedId id)
    {
        Name(name);
        Separate();
        var text = _text.Take(PackedId.Length + 2);
        text[0] = text[PackedId.Length + 1] = (byte)'"';
        id.Format(text[1..]);
    }

    internal void Member(ReadOnlySpan<byte> name, Timestamp time)
    {
        Span<byte> text = stackalloc byte[Timestamp.MaxLength];
        Name(name);
        Separate();
        Quote(text[..time.Format(text)]);
    }

    internal void Value(long number)
    {
        Separate();
        _text.Put(number);
    }

    /// <summary>Writes a value of a canonical kind.</summary>
    internal void Value(object? value)
    {
        switch (value)
        {
            case ValueMap map:
                BeginObject();
                for (var i = 0; i < map.Count; i++)
                {
                    Member(map.Names[i], map.Values[i]);
                }

                EndObject();
                break;
            case ValueList list:
                BeginArray();
                foreach (var item in list)
                {
                    Value(item);
                }

                EndArray();
                break;
            case string text:
                Separate();
                PutText(text);
                break;
            case double number when !double.IsFinite(number):
                Value(double.IsNaN(number) ? "[NaN]" : number > 0 ? "[+Infinity]" : "[-Infinity]");
                break;
            case double number:
                Separate();
                _text.Put(number);
                break;
            case long number:
                Value(number);
                break;
            default:
                Separate();
                _text.Put(Replicate.Value.ToText(value));
                break;
        }
    }

    /// <summary>Writes a value that is JSON already, as it is.</summary>
    internal void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        _text.Put(json);
    }

    /// <summary>Writes a value that is JSON already: its names, texts and numbers as they are, in the indentation of this writer.</summary>
    internal void Copy(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonTokens.Options);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: BeginObject(); break;
                case JsonTokenType.EndObject: EndObject(); break;
                case JsonTokenType.StartArray: BeginArray(); break;
                case JsonTokenType.EndArray: EndArray(); break;
                case JsonTokenType.PropertyName:
                    Separate();
                    Quote(reader.ValueSpan);
                    EndName();
                    break;
                case JsonTokenType.String:
                    Separate();
                    Quote(reader.ValueSpan);
                    break;
                default: Raw(reader.ValueSpan); break;
            }
        }
    }

    private void EndName()
    {
        _text.Put(indent > 0 ? ": "u8 : ":"u8);
        _isNamed = true;
    }

    private void Quote(ReadOnlySpan<byte> escaped)
    {
        var text = _text.Take(escaped.Length + 2);
        text[0] = text[escaped.Length + 1] = (byte)'"';
        escaped.CopyTo(text[1..]);
    }

    private void Begin(char bracket)
    {
        Separate();
        _text.Put(bracket);
        depth++;
        _isFirst = true;
    }

    private void End(char bracket)
    {
        depth--;
        if (!_isFirst && indent > 0)
        {
            BreakLine();
        }

        _isFirst = false;
        _text.Put(bracket);
    }

    private void Separate()
    {
        if (_isNamed)
        {
            _isNamed = false;
            return;
        }

        if (!_isFirst)
        {
            _text.Put(',');
        }

        if (_follows && indent > 0)
        {
            BreakLine();
        }

        (_isFirst, _follows) = (false, true);
    }

    private void BreakLine()
    {
        var spaces = indent * depth;
        var room = _text.Take(spaces + 1);
        room[0] = (byte)'\n';
        room[1..].Fill((byte)' ');
    }

    private void PutText(ReadOnlySpan<char> text)
    {
        _text.Put('"');
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(escapesAllControls ? SpecialInTerminal : escapesHtml ? SpecialInHtml : Special);

            // As the original replaces bytes that are not UTF-8.
            _text.Put(special < 0 ? text : text[..special], replacement: @"\ufffd");
            if (special < 0)
            {
                break;
            }

            _text.Put(EscapeOf(text[special]));
            text = text[(special + 1)..];
        }

        _text.Put('"');
    }

    private static string EscapeOf(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
