using System.Collections;

namespace Replicate;

/// <summary>A recorded list. It cannot be changed; its items are of the kinds that <see cref="ValueMap"/> names.</summary>
public sealed class ValueList : IReadOnlyList<object?>, IEquatable<ValueList>
{
    private readonly object?[] _items;

    internal ValueList(object?[] items) => _items = items;

    /// <summary>How many items there are.</summary>
    public int Count => _items.Length;

    /// <summary>The item at a position from 0.</summary>
    public object? this[int index] => _items[index];

    /// <summary>Whether both hold equal items in the same order.</summary>
    public bool Equals(ValueList? other) =>
        other is not null && _items.Length == other._items.Length
        && _items.Zip(other._items).All(pair => Value.AreEqual(pair.First, pair.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Length;

    /// <summary>The list as JSON.</summary>
    public override string ToString() => Value.ToText(this);

    /// <summary>The items in order.</summary>
    public IEnumerator<object?> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
