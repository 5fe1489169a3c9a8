using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Replicate;

/// <summary>
/// Recorded values by name: params, metrics, or an object within one. Names are case-sensitive and in the order of the
/// file (sorted by their UTF-8 bytes). It cannot be changed. A value is null, <see cref="bool"/>, <see cref="long"/>,
/// <see cref="ulong"/> (only above the range of long), <see cref="double"/>, <see cref="string"/>,
/// <see cref="ValueList"/> or <see cref="ValueMap"/>.
/// </summary>
/// <remarks>It is also a non-generic dictionary, because a shell's dot access (<c>$exp.Params.loss</c>) needs one.</remarks>
public sealed class ValueMap : IReadOnlyDictionary<string, object?>, IDictionary, IEquatable<ValueMap>
{
    /// <summary>The map without values.</summary>
    public static readonly ValueMap Empty = new([], []);

    private readonly string[] _names;
    private readonly object?[] _values;

    /// <summary>Takes sorted names, which may be shared among maps, with their values.</summary>
    internal ValueMap(string[] names, object?[] values) => (_names, _values) = (names, values);

    /// <summary>The names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The values, in the order of the names.</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>How many values there are.</summary>
    public int Count => _names.Length;

    /// <summary>The value of a name; null when the name is missing, too.</summary>
    public object? this[string name] => TryGetValue(name, out var value) ? value : null;

    /// <summary>Whether the name is there.</summary>
    public bool ContainsKey(string key) => IndexOf(key) >= 0;

    /// <summary>Looks a name up.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        var index = IndexOf(key);
        value = index >= 0 ? _values[index] : null;
        return index >= 0;
    }

    /// <summary>The names with their values, in order.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            yield return new(_names[i], _values[i]);
        }
    }

    /// <summary>Whether both hold equal values under the same names.</summary>
    public bool Equals(ValueMap? other) =>
        other is not null && _names.AsSpan().SequenceEqual(other._names)
        && _values.Zip(other._values).All(pair => Value.AreEqual(pair.First, pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueMap);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _names.Aggregate(0, (hash, name) => HashCode.Combine(hash, name.GetHashCode(StringComparison.Ordinal)));

    /// <summary>The names and values on one line, as in <c>learning_rate=0.01, num_epochs=100</c>.</summary>
    public override string ToString() => string.Join(", ", this.Select(pair => $"{pair.Key}={Value.ToText(pair.Value)}"));

    /// <summary>The map in which what a rule finds is null.</summary>
    internal ValueMap WithNulls(Predicate<object?> isNull) =>
        Array.Exists(_values, isNull) ? new(_names, Array.ConvertAll(_values, value => isNull(value) ? null : value)) : this;

    private int IndexOf(string name)
    {
        // Few names: a scan beats a hash table in time and in memory.
        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    IEnumerable<string> IReadOnlyDictionary<string, object?>.Keys => _names;

    IEnumerable<object?> IReadOnlyDictionary<string, object?>.Values => _values;

    bool IDictionary.IsFixedSize => true;

    bool IDictionary.IsReadOnly => true;

    ICollection IDictionary.Keys => Array.AsReadOnly(_names);

    ICollection IDictionary.Values => Array.AsReadOnly(_values);

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => _names;

    object? IDictionary.this[object key]
    {
        get => key is string name ? this[name] : null;
        set => throw ReadOnly();
    }

    bool IDictionary.Contains(object key) => key is string name && ContainsKey(name);

    void IDictionary.Add(object key, object? value) => throw ReadOnly();

    void IDictionary.Clear() => throw ReadOnly();

    void IDictionary.Remove(object key) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (var pair in this)
        {
            array.SetValue(new DictionaryEntry(pair.Key, pair.Value), index++);
        }
    }

    IDictionaryEnumerator IDictionary.GetEnumerator() => new EntryEnumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new EntryEnumerator(this);

    private static NotSupportedException ReadOnly() => new("Recorded values cannot be changed.");

    private sealed class EntryEnumerator(ValueMap map) : IDictionaryEnumerator
    {
        private int _index = -1;

        public DictionaryEntry Entry => new(map._names[_index], map._values[_index]);

        public object Key => map._names[_index];

        public object? Value => map._values[_index];

        public object Current => Entry;

        public bool MoveNext() => ++_index < map._names.Length;

        public void Reset() => _index = -1;
    }
}
