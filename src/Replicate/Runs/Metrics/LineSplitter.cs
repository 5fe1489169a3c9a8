using System.Text;

namespace Replicate.Runs.Metrics;

/// <summary>
/// Cuts bytes that come in pieces into lines, at <c>\n</c>, <c>\r\n</c> and <c>\r</c>; they are UTF-8, or UTF-16 where the
/// first of them say so. Of a line that has no end in sight only the beginning is kept, so that memory stays bounded.
/// </summary>
internal sealed class LineSplitter(LineSplitter.TakeLine take)
{
    private const int MaxLength = 1 << 20;

    private static readonly byte[] LineEnds = "\n\r"u8.ToArray();

    private readonly byte[] _head = new byte[TextForm.HeadLength];
    private byte[] _rest = new byte[1 << 12];
    private char[] _text = new char[1 << 12];
    private int _headLength;
    private int _restLength;
    private bool _afterReturn;
    private bool _hasForm;
    private Recoder? _recoder;

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line without its end; what isn't text in it is replaced.</param>
    /// <param name="isProvisional">Whether only <c>\r</c> ended it: on a terminal the next line goes over it.</param>
    internal delegate void TakeLine(ReadOnlySpan<char> line, bool isProvisional);

    /// <summary>Takes the next piece.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        while (!_hasForm && !bytes.IsEmpty)
        {
            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (TextForm.Of(_head.AsSpan(0, _headLength), isAll: _headLength == _head.Length) is { } form)
            {
                Begin(form);
            }
        }

        AddText(bytes);
    }

    /// <summary>Takes what comes next for the rest of a text that begins so.</summary>
    /// <param name="head">The first bytes of the text, which are not read.</param>
    internal void GoOn(ReadOnlySpan<byte> head)
    {
        _headLength = 0;
        Begin(TextForm.Of(head, isAll: true)!.Value);
    }

    /// <summary>Takes what is left for a line, and what comes next for another text.</summary>
    internal void Finish()
    {
        if (!_hasForm)
        {
            Begin(TextForm.Of(_head.AsSpan(0, _headLength), isAll: true)!.Value);
        }

        if (_restLength > 0 || _afterReturn)
        {
            var isProvisional = _afterReturn;
            _afterReturn = false;
            Emit(default, isProvisional);
        }

        Drop();
    }

    /// <summary>Forgets what is left, and takes what comes next for another text.</summary>
    internal void Drop() => (_hasForm, _headLength, _restLength, _afterReturn) = (false, 0, 0, false);

    private void Begin(TextForm form)
    {
        _hasForm = true;
        _recoder = form.IsUtf8 ? null : new Recoder(form.Encoding);
        AddText(_head.AsSpan(Math.Min(form.MarkLength, _headLength).._headLength));
    }

    private void AddText(ReadOnlySpan<byte> bytes)
    {
        if (_recoder is null)
        {
            AddUtf8(bytes);
            return;
        }

        while (!bytes.IsEmpty)
        {
            AddUtf8(_recoder.Next(ref bytes));
        }
    }

    private void AddUtf8(ReadOnlySpan<byte> bytes)
    {
        if (_afterReturn && bytes.Length > 0)
        {
            // What a return at the end of a piece meant shows only now.
            _afterReturn = false;
            Emit(default, isProvisional: bytes[0] != '\n');
            bytes = bytes[0] == '\n' ? bytes[1..] : bytes;
        }

        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny(LineEnds);
            if (end < 0)
            {
                Keep(bytes);
                return;
            }

            if (bytes[end] == '\r' && end + 1 == bytes.Length)
            {
                Keep(bytes[..end]);
                _afterReturn = true;
                return;
            }

            var isReturn = bytes[end] == '\r';
            var isBoth = isReturn && bytes[end + 1] == '\n';
            Emit(bytes[..end], isReturn && !isBoth);
            bytes = bytes[(end + (isBoth ? 2 : 1))..];
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxLength - _restLength)];
        if (_restLength + bytes.Length > _rest.Length)
        {
            Array.Resize(ref _rest, Math.Min(MaxLength, Math.Max(_restLength + bytes.Length, 2 * _rest.Length)));
        }

        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength += bytes.Length;
    }

    private void Emit(ReadOnlySpan<byte> end, bool isProvisional)
    {
        if (_restLength > 0)
        {
            Keep(end);
            end = _rest.AsSpan(0, _restLength);
            _restLength = 0;
        }

        end = end[..Math.Min(end.Length, MaxLength)];
        if (_text.Length < end.Length)
        {
            _text = new char[Math.Max(end.Length, 2 * _text.Length)];
        }

        take(WithoutMarks(_text.AsSpan(0, Encoding.UTF8.GetChars(end, _text))), isProvisional);
    }

    /// <summary>The line without the mark and the zeros of a file that was put out, or appended, behind other text.</summary>
    private static ReadOnlySpan<char> WithoutMarks(Span<char> line)
    {
        if (line.Contains('\0'))
        {
            var length = 0;
            foreach (var character in line.TrimStart('\uFFFD'))
            {
                if (character != '\0')
                {
                    line[length++] = character;
                }
            }

            line = line[..length];
        }

        return line.TrimStart('\uFEFF');
    }

    /// <summary>Makes UTF-8 of another encoding, a piece at a time.</summary>
    private sealed class Recoder(Encoding encoding)
    {
        private readonly Decoder _decoder = encoding.GetDecoder();
        private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
        private readonly char[] _characters = new char[1 << 11];
        private readonly byte[] _bytes = new byte[1 << 13];

        /// <summary>The next piece as UTF-8, valid until the next call.</summary>
        /// <param name="bytes">What is left; what was taken is cut off.</param>
        internal ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> bytes)
        {
            _decoder.Convert(bytes, _characters, flush: false, out var read, out var characters, out _);
            bytes = bytes[read..];
            _encoder.Convert(_characters.AsSpan(0, characters), _bytes, flush: false, out _, out var written, out _);
            return _bytes.AsSpan(0, written);
        }
    }
}
