using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Replicate;

/// <summary>UTF-8 that grows, and whose memory is used again.</summary>
internal sealed class Utf8Buffer
{
    private const int MinLength = 256;

    private byte[] _bytes = [];

    /// <summary>How many bytes are written.</summary>
    internal int Length { get; private set; }

    /// <summary>What is written, as long as nothing more is.</summary>
    internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Drops what was written so far, but not the room that it took.</summary>
    internal void Clear() => Length = 0;

    /// <summary>Adds bytes to be set by the caller.</summary>
    internal Span<byte> Take(int length)
    {
        var taken = Room(length)[..length];
        Length += length;
        return taken;
    }

    internal void Put(char ascii) => Take(1)[0] = (byte)ascii;

    internal void Put(ReadOnlySpan<byte> utf8) => utf8.CopyTo(Take(utf8.Length));

    internal void Put(ReadOnlySpan<char> ascii) => Encoding.ASCII.GetBytes(ascii, Take(ascii.Length));

    internal void Put(long number)
    {
        number.TryFormat(Room(NumberText.MaxLength), out var length, provider: CultureInfo.InvariantCulture);
        Length += length;
    }

    internal void Put(double number)
    {
        Span<char> text = stackalloc char[NumberText.MaxLength];
        Put(text[..NumberText.Format(number, text)]);
    }

    /// <summary>Adds a text; half of a surrogate pair alone is none, and is replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="replacement">What stands for such a half, in ASCII.</param>
    internal void Put(ReadOnlySpan<char> text, string replacement)
    {
        while (text.Length > 0)
        {
            var room = Room(Encoding.UTF8.GetMaxByteCount(text.Length));
            var status = Utf8.FromUtf16(text, room, out var read, out var written, replaceInvalidSequences: false);
            Length += written;
            text = text[read..];
            if (status != OperationStatus.Done)
            {
                Put(replacement);
                text = text[1..];
            }
        }
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Grow(length);
        }

        return _bytes.AsSpan(Length);
    }

    private void Grow(int length) =>
        Array.Resize(ref _bytes, Math.Max(Length + length, Math.Max(MinLength, (int)Math.Min(2L * _bytes.Length, Array.MaxLength))));
}
