using System.Text;

namespace Replicate.Repositories.Cache;

/// <summary>Bytes that grow, and whose memory is used again.</summary>
internal sealed class PackedBuffer
{
    private byte[] _bytes = new byte[1024];

    /// <summary>How many bytes are written.</summary>
    internal int Length { get; private set; }

    /// <summary>What is written.</summary>
    internal Span<byte> Written => _bytes.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    /// <summary>Adds bytes to be set by the caller.</summary>
    internal Span<byte> Take(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    internal void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Adds a number in as few bytes as it needs.</summary>
    internal void Number(ulong number)
    {
        for (; number > 0x7f; number >>= 7)
        {
            Byte((byte)(number | 0x80));
        }

        Byte((byte)number);
    }

    /// <summary>Adds a text with its length.</summary>
    internal void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }
}
