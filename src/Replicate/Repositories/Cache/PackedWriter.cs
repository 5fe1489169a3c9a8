using System.Buffers.Binary;

namespace Replicate.Repositories.Cache;

/// <summary>What kind of value follows.</summary>
internal enum PackedKind : byte
{
    Null,
    False,
    True,
    Integer,
    Large,
    Float,
    Text,
    List,
    Map,
}

/// <summary>
/// Writes what <see cref="PackedReader"/> reads: compactly, because it is read whole, each text and list of names once, in
/// tables before all else, which begin with their length.
/// </summary>
internal sealed class PackedWriter
{
    private readonly PackedBuffer _body = new();
    private readonly PackedBuffer _tables = new();
    private readonly Table<string> _texts = new(StringComparer.Ordinal);
    private readonly Table<IReadOnlyList<string>> _names = new(ReferenceEqualityComparer.Instance);

    /// <summary>Where the next byte goes, from the end of the tables.</summary>
    internal int Position => _body.Length;

    internal void Flag(bool value) => _body.Byte(value ? (byte)1 : (byte)0);

    internal void Count(int value) => _body.Number((ulong)value);

    internal void Integer(long value) => _body.Number((ulong)((value << 1) ^ (value >> 63)));

    internal void Bits(ulong bits) => BinaryPrimitives.WriteUInt64LittleEndian(_body.Take(sizeof(ulong)), bits);

    /// <summary>Leaves room for a table of places.</summary>
    internal void Reserve(int count) => _body.Take(count * sizeof(int)).Clear();

    /// <summary>Says in the table at a place that the thing of a number follows.</summary>
    internal void Mark(int table, int number) =>
        BinaryPrimitives.WriteInt32LittleEndian(_body.Written[(table + (number * sizeof(int)))..], Position);

    /// <summary>Writes a text that may come again.</summary>
    internal void Text(string text) => Count(_texts.NumberOf(text));

    /// <summary>Writes a text that does not come again.</summary>
    internal void UniqueText(string text) => _body.Text(text);

    /// <summary>Writes texts that may come again.</summary>
    internal void TextList(IReadOnlyList<string> texts)
    {
        Count(texts.Count);
        foreach (var text in texts)
        {
            Text(text);
        }
    }

    internal void Time(Timestamp time)
    {
        Bits((ulong)time.Utc.Ticks);
        _body.Byte((byte)time.Nanoseconds);
    }

    internal void Metric(PrimaryMetric? metric)
    {
        Text(metric?.Name ?? "");
        if (metric is not null)
        {
            Flag(metric.Goal == Goal.Maximize);
        }
    }

    internal void Map(ValueMap map)
    {
        Count(_names.NumberOf(map.Names));
        foreach (var value in map.Values)
        {
            Value(value);
        }
    }

    /// <summary>Takes what was written with its tables, and begins anew.</summary>
    internal byte[] Take()
    {
        foreach (var names in _names.Items)
        {
            foreach (var name in names)
            {
                _texts.NumberOf(name);
            }
        }

        _tables.Number((ulong)_texts.Items.Count);
        _texts.Items.ForEach(_tables.Text);
        _tables.Number((ulong)_names.Items.Count);
        foreach (var names in _names.Items)
        {
            _tables.Number((ulong)names.Count);
            foreach (var name in names)
            {
                _tables.Number((ulong)_texts.NumberOf(name));
            }
        }

        // What is written of it last stands first.
        var length = _tables.Length;
        _tables.Number((ulong)length);
        byte[] all = [.. _tables.Written[length..], .. _tables.Written[..length], .. _body.Written];
        _tables.Clear();
        _body.Clear();
        _texts.Clear();
        _names.Clear();
        return all;
    }

    private void Kind(PackedKind kind) => _body.Byte((byte)kind);

    private void Value(object? value)
    {
        switch (value)
        {
            case bool flag:
                Kind(flag ? PackedKind.True : PackedKind.False);
                break;
            case long integer:
                Kind(PackedKind.Integer);
                Integer(integer);
                break;
            case ulong large:
                Kind(PackedKind.Large);
                Bits(large);
                break;
            case double number:
                Kind(PackedKind.Float);
                Bits(BitConverter.DoubleToUInt64Bits(number));
                break;
            case string text:
                Kind(PackedKind.Text);
                Text(text);
                break;
            case ValueList list:
                Kind(PackedKind.List);
                Count(list.Count);
                foreach (var item in list)
                {
                    Value(item);
                }

                break;
            case ValueMap map:
                Kind(PackedKind.Map);
                Map(map);
                break;
            default:
                Kind(PackedKind.Null);
                break;
        }
    }

    /// <summary>Things by number, in the order in which they first came.</summary>
    private sealed class Table<T>(IEqualityComparer<T> comparer)
        where T : class
    {
        private readonly Dictionary<T, int> _numbers = new(comparer);

        internal List<T> Items { get; } = [];

        internal int NumberOf(T item)
        {
            if (!_numbers.TryGetValue(item, out var number))
            {
                _numbers[item] = number = Items.Count;
                Items.Add(item);
            }

            return number;
        }

        internal void Clear()
        {
            _numbers.Clear();
            Items.Clear();
        }
    }
}
