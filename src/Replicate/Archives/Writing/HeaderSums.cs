namespace Replicate.Archives.Writing;

/// <summary>Adds up the header blocks of a tar file as its bytes pass by, which the runtime's reader does not.</summary>
internal sealed class HeaderSums
{
    public const int Block = TarHeader.Block;
    private const int SumStart = 148;
    private const int SizeStart = 124;
    private const int TypeStart = 156;

    /// <summary>Records about other entries are read into memory; no name or number is as long as this.</summary>
    private const int MaxRecords = 1 << 20;

    private readonly byte[] _header = new byte[Block];
    private long _position;
    private long _headerStart;
    private long _headerEnd;

    /// <summary>Takes the next bytes in.</summary>
    /// <returns>Whether the sums of the headers that end in them are right, and no record is too long.</returns>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var inHeader = (int)Math.Max(-1, _position - _headerStart);
            var count = (int)Math.Min(bytes.Length, inHeader < 0 ? _headerStart - _position : Block - inHeader);
            if (inHeader >= 0)
            {
                bytes[..count].CopyTo(_header.AsSpan(inHeader));
            }

            _position += count;
            bytes = bytes[count..];
            if (inHeader + count == Block && inHeader >= 0 && !EndHeader())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells how much data follows the last header, where the header itself may not know.</summary>
    public void ExpectData(long length)
    {
        var blocks = (Math.Min(length, long.MaxValue / 2) + Block - 1) / Block;
        _headerStart = _headerEnd + (blocks * Block);
    }

    private bool EndHeader()
    {
        _headerEnd = _position;
        if (!_header.AsSpan().ContainsAnyExcept((byte)0))
        {
            _headerStart = long.MaxValue;
            return true;
        }

        var size = Octal(_header.AsSpan(SizeStart, 12));
        ExpectData(size);
        if ("xgLK"u8.Contains(_header[TypeStart]) && (size > MaxRecords || _header[SizeStart] >= 0x80))
        {
            return false;
        }

        var sum = Octal(_header.AsSpan(SumStart, 8));
        _header.AsSpan(SumStart, 8).Fill((byte)' ');
        return sum == _header.Sum(b => b);
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field.TrimStart(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                break;
            }

            value = (value * 8) + digit - '0';
        }

        return value;
    }
}
