using System.Collections;

namespace Replicate;

/// <summary>The checkpoints of an experiment, or a slice of them, oldest first. It cannot be changed.</summary>
/// <remarks>It is a non-generic list, so that a shell can spread it: <c>$first, $second = $exp.Checkpoints</c>.</remarks>
public sealed class CheckpointList : IReadOnlyList<Checkpoint>, IList
{
    /// <summary>The list without checkpoints.</summary>
    public static readonly CheckpointList Empty = new([]);

    private readonly Checkpoint[] _checkpoints;

    internal CheckpointList(Checkpoint[] checkpoints) => _checkpoints = checkpoints;

    /// <summary>How many checkpoints there are.</summary>
    public int Count => _checkpoints.Length;

    /// <summary>The checkpoint at a position from 0.</summary>
    public Checkpoint this[int index] => _checkpoints[index];

    /// <summary>The metrics by name, each with one value per checkpoint: <c>$exp.Checkpoints.Metrics['loss']</c>.</summary>
    public MetricColumns Metrics => new(this);

    /// <summary>The last checkpoints.</summary>
    /// <param name="count">How many at most; 0 or more.</param>
    public CheckpointList Last(int count) => new(_checkpoints[Math.Max(0, _checkpoints.Length - Math.Max(0, count))..]);

    /// <summary>The first checkpoint and each <paramref name="interval"/>-th after it.</summary>
    /// <param name="interval">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below 1.</exception>
    public CheckpointList Every(int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        return new(_checkpoints.Where((_, index) => index % interval == 0).ToArray());
    }

    /// <summary>How many there are and the last, as in <c>12 checkpoints, latest 1eeef58 (step 11)</c>.</summary>
    public override string ToString() => _checkpoints.Length switch
    {
        0 => "no checkpoints",
        1 => $"1 checkpoint, {_checkpoints[0]}",
        var count => $"{count} checkpoints, latest {_checkpoints[^1]}",
    };

    /// <summary>The checkpoints, oldest first.</summary>
    public IEnumerator<Checkpoint> GetEnumerator() => _checkpoints.AsEnumerable().GetEnumerator();

    bool IList.IsFixedSize => true;

    bool IList.IsReadOnly => true;

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => _checkpoints;

    object? IList.this[int index]
    {
        get => this[index];
        set => throw ReadOnly();
    }

    int IList.Add(object? value) => throw ReadOnly();

    void IList.Clear() => throw ReadOnly();

    bool IList.Contains(object? value) => ((IList)_checkpoints).Contains(value);

    int IList.IndexOf(object? value) => ((IList)_checkpoints).IndexOf(value);

    void IList.Insert(int index, object? value) => throw ReadOnly();

    void IList.Remove(object? value) => throw ReadOnly();

    void IList.RemoveAt(int index) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index) => _checkpoints.CopyTo(array, index);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static NotSupportedException ReadOnly() => new("Recorded checkpoints cannot be changed.");
}
