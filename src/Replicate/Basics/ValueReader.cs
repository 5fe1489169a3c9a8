using System.Runtime.InteropServices;
using System.Text.Json;

namespace Replicate;

/// <summary>Reads params and metrics, compactly: equal names are shared, and so are small numbers. One for each file.</summary>
internal sealed class ValueReader
{
    private const int FirstSmall = -16;

    internal static readonly object True = true;
    internal static readonly object False = false;

    private static readonly object?[] Small = new object?[1040];

    // What is being read of a map or list lies above what is being read of those around it.
    private readonly List<string> _names = [];
    private readonly List<object?> _values = [];

    /// <summary>Reads a JSON text.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static object? Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, JsonTokens.Options);
        reader.Read();
        var value = new ValueReader().Read(ref reader);
        reader.Read();
        return value;
    }

    /// <summary>Reads a JSON text that is known to be an object.</summary>
    internal static ValueMap ParseMap(ReadOnlySpan<byte> utf8) => (ValueMap)Parse(utf8)!;

    /// <summary>Reads a map of values; null stands for the empty one.</summary>
    internal ValueMap ReadMap(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return ValueMap.Empty;
        }

        JsonTokens.ExpectObject(ref reader, key);
        return ReadMap(ref reader);
    }

    private object? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => True,
        JsonTokenType.False => False,
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.String when JsonTokens.Text(ref reader) is var text => ValueConverter.NumberOf(text) ?? (object)text,
        JsonTokenType.StartArray => ReadList(ref reader),
        _ => ReadMap(ref reader),
    };

    /// <summary>A whole number; small ones are shared.</summary>
    internal static object Integer(long integer) =>
        integer - FirstSmall is var index && (ulong)index < (ulong)Small.Length ? Small[index] ??= integer : integer;

    private static object ReadNumber(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var integer) ? Integer(integer)
        : reader.TryGetUInt64(out var large) ? (object)large
        : JsonTokens.Double(ref reader);

    private ValueList ReadList(ref Utf8JsonReader reader)
    {
        var start = _values.Count;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _values.Add(Read(ref reader));
        }

        return new ValueList(TakeValues(start));
    }

    private ValueMap ReadMap(ref Utf8JsonReader reader)
    {
        var (start, firstName) = (_values.Count, _names.Count);
        var isSorted = true;
        while (JsonTokens.NextKey(ref reader) is { } name)
        {
            isSorted &= _names.Count == firstName || Utf8Order.Instance.Compare(_names[^1], name) < 0;
            _names.Add(name);
            _values.Add(Read(ref reader));
        }

        if (!isSorted)
        {
            Sort(firstName, start);
        }

        var names = SharedText.Names(CollectionsMarshal.AsSpan(_names)[firstName..]);
        _names.RemoveRange(firstName, _names.Count - firstName);
        return names.Length == 0 ? ValueMap.Empty : new ValueMap(names, TakeValues(start));
    }

    private object?[] TakeValues(int start)
    {
        var values = CollectionsMarshal.AsSpan(_values)[start..].ToArray();
        _values.RemoveRange(start, values.Length);
        return values;
    }

    // Another program's order is not ours; of a name that is there twice the last counts.
    private void Sort(int firstName, int start)
    {
        var sorted = new SortedDictionary<string, object?>(Utf8Order.Instance);
        for (var i = 0; firstName + i < _names.Count; i++)
        {
            sorted[_names[firstName + i]] = _values[start + i];
        }

        _names.RemoveRange(firstName, _names.Count - firstName);
        _values.RemoveRange(start, _values.Count - start);
        _names.AddRange(sorted.Keys);
        _values.AddRange(sorted.Values);
    }
}
