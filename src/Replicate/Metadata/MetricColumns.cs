using System.Collections;

namespace Replicate;

/// <summary>The metrics of a list of checkpoints by name, each as a column of one value per checkpoint, null where missing.</summary>
/// <remarks>It is a non-generic dictionary, so that <c>.loss</c> and <c>['loss']</c> both work in a shell.</remarks>
public sealed class MetricColumns : IDictionary
{
    private readonly CheckpointList _checkpoints;
    private readonly Lazy<string[]> _names;

    internal MetricColumns(CheckpointList checkpoints)
    {
        _checkpoints = checkpoints;
        _names = new(() => checkpoints.MetricNames().Distinct().SelectMany(names => names).Distinct().ToArray());
    }

    /// <summary>The names of all metrics, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Names => _names.Value;

    /// <summary>How many names there are.</summary>
    public int Count => _names.Value.Length;

    /// <summary>One value per checkpoint, null where the checkpoint lacks the metric; null for an unknown name.</summary>
    public object?[]? this[string name] => Contains(name) ? Column(name) : null;

    /// <summary>Whether any checkpoint has the metric.</summary>
    public bool Contains(string name) => _names.Value.Contains(name);

    private object?[] Column(string name) => _checkpoints.Select(checkpoint => checkpoint.Metrics[name]).ToArray();

    bool IDictionary.IsFixedSize => true;

    bool IDictionary.IsReadOnly => true;

    ICollection IDictionary.Keys => Array.AsReadOnly(_names.Value);

    ICollection IDictionary.Values => Array.AsReadOnly(_names.Value.Select(Column).ToArray());

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => _names;

    object? IDictionary.this[object key]
    {
        get => key is string name ? this[name] : null;
        set => throw ReadOnly();
    }

    bool IDictionary.Contains(object key) => key is string name && Contains(name);

    void IDictionary.Add(object key, object? value) => throw ReadOnly();

    void IDictionary.Clear() => throw ReadOnly();

    void IDictionary.Remove(object key) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index) => ((ICollection)ToDictionary()).CopyTo(array, index);

    IDictionaryEnumerator IDictionary.GetEnumerator() => ((IDictionary)ToDictionary()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IDictionary)ToDictionary()).GetEnumerator();

    private Dictionary<string, object?[]> ToDictionary() => _names.Value.ToDictionary(name => name, Column);

    private static NotSupportedException ReadOnly() => new("Recorded metrics cannot be changed.");
}
