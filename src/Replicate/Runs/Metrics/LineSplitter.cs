using System.Text;

namespace Replicate.Runs;

/// <summary>
/// Cuts bytes that come in pieces into lines, at <c>\n</c>, <c>\r\n</c> and <c>\r</c>. Of a line that has no end in sight
/// only the beginning is kept, so that memory stays bounded.
/// </summary>
internal sealed class LineSplitter(LineSplitter.TakeLine take)
{
    private const int MaxLength = 1 << 20;

    private static readonly byte[] LineEnds = "\n\r"u8.ToArray();

    private byte[] _rest = new byte[1 << 12];
    private char[] _text = new char[1 << 12];
    private int _restLength;
    private bool _afterReturn;

    /// <summary>Takes a line.</summary>
    /// <param name="line">The line without its end; what isn't UTF-8 in it is replaced.</param>
    /// <param name="isProvisional">Whether only <c>\r</c> ended it: on a terminal the next line goes over it.</param>
    internal delegate void TakeLine(ReadOnlySpan<char> line, bool isProvisional);

    /// <summary>Takes the next piece.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
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

    /// <summary>Takes what is left for a line.</summary>
    internal void Finish()
    {
        if (_restLength > 0 || _afterReturn)
        {
            var isProvisional = _afterReturn;
            _afterReturn = false;
            Emit(default, isProvisional);
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

        take(_text.AsSpan(0, Encoding.UTF8.GetChars(end, _text)), isProvisional);
    }
}
