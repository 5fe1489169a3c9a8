using System.Buffers.Binary;
using System.Text;

namespace Replicate.Repositories.Cache;

/// <summary>Reads what <see cref="PackedWriter"/> wrote.</summary>
internal ref struct PackedReader
{
    private const int MaxDepth = 512;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _depth;

    /// <summary>Begins at the tables.</summary>
    internal PackedReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Tables = PackedTables.Of(Bytes(Count()));
        _bytes = bytes[_position..];
        _position = 0;
    }

    /// <summary>Begins after tables that are read already.</summary>
    internal PackedReader(ReadOnlySpan<byte> bytes, PackedTables tables)
    {
        _bytes = bytes;
        Tables = tables;
    }

    internal PackedTables Tables { get; }

    /// <summary>How many bytes there are from the end of the tables.</summary>
    internal readonly int Length => _bytes.Length;

    /// <summary>Where the next byte is, from the end of the tables.</summary>
    internal readonly int Position => _position;

    /// <summary>Goes to a place.</summary>
    internal void Seek(int place) => _position = place;

    internal bool Flag() => _bytes[_position++] != 0;

    internal int Count() => (int)Number();

    internal long Integer() => Number() is var number ? (long)(number >> 1) ^ -(long)(number & 1) : 0;

    internal ulong Bits() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    internal ReadOnlySpan<byte> Bytes(int count) => _bytes.Slice((_position += count) - count, count);

    /// <summary>The place that <see cref="PackedWriter.Mark"/> put into a table.</summary>
    internal readonly int Place(int table, int number) =>
        BinaryPrimitives.ReadInt32LittleEndian(_bytes[(table + (number * sizeof(int)))..]);

    /// <summary>A number of things that are to follow, of which each takes a byte at least.</summary>
    internal int BoundedCount() =>
        Count() is >= 0 and var count && count <= Length - _position ? count : throw Damage();

    internal string Text() => Tables.Texts[Count()];

    internal string UniqueText() => Encoding.UTF8.GetString(Bytes(Count()));

    /// <summary>A text that is expected: where it is that, nothing is made.</summary>
    internal string UniqueText(string expected)
    {
        var utf8 = Bytes(Count());
        return Ascii.Equals(utf8, expected) ? expected : Encoding.UTF8.GetString(utf8);
    }

    internal IReadOnlyList<string> TextList()
    {
        var count = Count();
        if (count == 0)
        {
            return [];
        }

        var texts = new List<string>();
        for (; count > 0; count--)
        {
            texts.Add(Text());
        }

        return texts;
    }

    internal Timestamp Time()
    {
        var utc = new DateTime((long)Bits(), DateTimeKind.Utc);
        return Timestamp.FromUtc(utc, _bytes[_position++]);
    }

    internal PrimaryMetric? Metric() =>
        Text() is { Length: > 0 } name ? SharedText.Metric(name, Flag() ? Goal.Maximize : Goal.Minimize) : null;

    /// <summary>The names that a map begins with.</summary>
    internal string[] Names() => Tables.Names[Count()];

    internal ValueMap Map()
    {
        var names = Names();
        return names.Length == 0 ? ValueMap.Empty : new ValueMap(names, Values(names.Length));
    }

    /// <summary>What is thrown where something is not what was written.</summary>
    internal static FormatException Damage() => new("The index is damaged.");

    private ulong Number()
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = _bytes[_position++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next <= 0x7f)
            {
                return number;
            }
        }
    }

    private object?[] Values(int count)
    {
        // What says that it holds more than there is, or nests without end, is not what was written.
        if (count > Length - _position || ++_depth > MaxDepth)
        {
            throw Damage();
        }

        var values = new object?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Value();
        }

        _depth--;
        return values;
    }

    private object? Value() => (PackedKind)_bytes[_position++] switch
    {
        PackedKind.False => ValueReader.False,
        PackedKind.True => ValueReader.True,
        PackedKind.Integer => ValueReader.Integer(Integer()),
        PackedKind.Large => Bits(),
        PackedKind.Float => BitConverter.UInt64BitsToDouble(Bits()),
        PackedKind.Text => Text(),
        PackedKind.List => new ValueList(Values(Count())),
        PackedKind.Map => Map(),
        _ => null,
    };
}
