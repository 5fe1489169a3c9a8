using System.Collections;
using System.Runtime.CompilerServices;
using Replicate.Metadata;

namespace Replicate;

/// <summary>The checkpoints of an experiment, or a slice of them, oldest first. It cannot be changed.</summary>
/// <remarks>
/// A list of thousands of experiments shows two checkpoints of each: the others are made when they are asked for. It is a
/// non-generic list, so that a shell can spread it: <c>$first, $second = $exp.Checkpoints</c>.
/// </remarks>
public sealed class CheckpointList : IReadOnlyList<Checkpoint>, IList
{
    /// <summary>The list without checkpoints.</summary>
    public static readonly CheckpointList Empty = new([]);

    /// <summary>Stands for <see cref="Best"/> where none is best.</summary>
    internal const int NoBest = -1;

    /// <summary>Stands for <see cref="Best"/> as long as nobody has looked for it.</summary>
    internal const int UnknownBest = -2;

    private const int MinCapacity = 8;
    private const long Unknown = long.MinValue;

    private readonly Room _room;
    private readonly ICheckpointSource? _source;
    private ICheckpointOwner? _owner;
    private long _highestStep = Unknown;
    private StrongBox<PrimaryMetric?>? _primaryMetric;

    internal CheckpointList(Checkpoint[] checkpoints)
        : this(new Room(checkpoints, checkpoints.Length), checkpoints.Length)
    {
    }

    internal CheckpointList(ICheckpointSource source)
        : this(new Room(new Checkpoint?[source.Count], source.Count), source.Count) => (_source, Best) = (source, source.Best);

    private CheckpointList(Room room, int count) => (_room, Count) = (room, count);

    /// <summary>How many checkpoints there are.</summary>
    public int Count { get; }

    /// <summary>The checkpoint at a position from 0.</summary>
    public Checkpoint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return Volatile.Read(ref _room.Items[index]) ?? Make(index);
        }
    }

    /// <summary>The metrics by name, each with one value per checkpoint: <c>$exp.Checkpoints.Metrics['loss']</c>.</summary>
    public MetricColumns Metrics => new(this);

    /// <summary>The newest checkpoint; null for none.</summary>
    internal Checkpoint? Latest => Count == 0 ? null : this[^1];

    /// <summary>The highest step; -1 without checkpoints.</summary>
    internal long HighestStep
    {
        get
        {
            var highest = Volatile.Read(ref _highestStep);
            if (highest == Unknown)
            {
                highest = this.Select(checkpoint => checkpoint.Step).DefaultIfEmpty(-1).Max();
                Volatile.Write(ref _highestStep, highest);
            }

            return highest;
        }
    }

    /// <summary>The primary metric that the first checkpoint to name one names; null for none.</summary>
    internal PrimaryMetric? PrimaryMetric => _source is not null
        ? _source.PrimaryMetric
        : (_primaryMetric ??= new(this.FirstOrDefault(checkpoint => checkpoint.PrimaryMetric is not null)?.PrimaryMetric)).Value;

    /// <summary>The position of the best checkpoint, <see cref="NoBest"/> or <see cref="UnknownBest"/>.</summary>
    internal int Best { get; set; } = UnknownBest;

    /// <summary>A primary metric that is not the first one's, as far as somebody was told of it; null for none.</summary>
    internal PrimaryMetric? OtherMetric { get; set; }

    /// <summary>Whether somebody was told that the best lacks files.</summary>
    internal bool WasTold { get; set; }

    /// <summary>Whether a text of one of them may be one that <see cref="Value.Escape"/> changes.</summary>
    public bool HasHiddenText => Count > 0 && (_source?.HasHiddenText ?? true);

    /// <summary>The last checkpoints.</summary>
    /// <param name="count">How many at most; 0 or more.</param>
    public CheckpointList Last(int count) => Slice(Math.Max(0, Count - Math.Max(0, count)), interval: 1);

    /// <summary>The first checkpoint and each <paramref name="interval"/>-th after it.</summary>
    /// <param name="interval">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below 1.</exception>
    public CheckpointList Every(int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        return Slice(0, interval);
    }

    /// <summary>How many there are and the last, as in <c>12 checkpoints, latest 1eeef58 (step 11)</c>.</summary>
    public override string ToString() => Count switch
    {
        0 => "no checkpoints",
        1 => $"1 checkpoint, {this[0]}",
        var count => $"{count} checkpoints, latest {this[^1]}",
    };

    /// <summary>The checkpoints, oldest first.</summary>
    public IEnumerator<Checkpoint> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The checkpoints whose ids begin with a text, in any case.</summary>
    internal IEnumerable<Checkpoint> WithIdPrefix(string prefix)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_source?.HasIdPrefix(i, prefix) ?? this[i].Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                yield return this[i];
            }
        }
    }

    /// <summary>The names of the metrics of each; most are the same object.</summary>
    internal IEnumerable<IReadOnlyList<string>> MetricNames()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _source?.MetricNames(i) ?? this[i].Metrics.Names;
        }
    }

    /// <summary>This list with one checkpoint more, by its date.</summary>
    internal CheckpointList Add(Checkpoint checkpoint) => Add([checkpoint]);

    /// <summary>
    /// This list with more checkpoints, by their dates. Behind the last they take the room that this list has left, so that
    /// thousands added one after the other are copied a few times only.
    /// </summary>
    internal CheckpointList Add(IEnumerable<Checkpoint> checkpoints)
    {
        var (room, count, last, highest) = (_room, Count, Count > 0 ? this[^1].CreatedAt : default, HighestStep);
        foreach (var checkpoint in checkpoints)
        {
            if (count > 0 && checkpoint.CreatedAt < last)
            {
                return new CheckpointList([.. this.Concat(checkpoints).OrderBy(each => each.CreatedAt)]) { OtherMetric = OtherMetric };
            }

            room = room.TryTake(count, checkpoint) ?? Grow(room, count).TryTake(count, checkpoint)!;
            (count, last, highest) = (count + 1, checkpoint.CreatedAt, Math.Max(highest, checkpoint.Step));
        }

        return count == Count ? this : Grown(room, count, highest, checkpoints);
    }

    /// <summary>Room for twice as many, with those of this list and what was put behind them.</summary>
    private Room Grow(Room room, int count)
    {
        var items = new Checkpoint?[count + Math.Max(MinCapacity, count)];
        for (var i = 0; i < count; i++)
        {
            items[i] = i < Count ? this[i] : room.Items[i];
        }

        return new Room(items, count);
    }

    /// <summary>This list with what was put behind its last checkpoint; what was found out about it is known of that, too.</summary>
    private CheckpointList Grown(Room room, int count, long highestStep, IEnumerable<Checkpoint> added) => new(room, count)
    {
        _highestStep = highestStep,
        _primaryMetric = new(PrimaryMetric ?? added.FirstOrDefault(checkpoint => checkpoint.PrimaryMetric is not null)?.PrimaryMetric),
        Best = BestCheckpoint.After(this, added),
        OtherMetric = OtherMetric,
    };

    /// <summary>Says which experiment they are of.</summary>
    internal void BelongTo(ICheckpointOwner owner)
    {
        _owner = owner;
        foreach (var checkpoint in _room.Items.AsSpan(0, Count))
        {
            checkpoint?.BelongTo(owner);
        }
    }

    // Whoever asks, and from whichever thread, gets the same object.
    private Checkpoint Make(int index)
    {
        var made = _source!.Read(index);
        if (_owner is { } owner)
        {
            made.BelongTo(owner);
        }

        return Interlocked.CompareExchange(ref _room.Items[index], made, null) ?? made;
    }

    private CheckpointList Slice(int start, int interval)
    {
        var slice = new List<Checkpoint>();
        for (var i = start; i < Count; i += interval)
        {
            slice.Add(this[i]);
        }

        return new([.. slice]);
    }

    bool IList.IsFixedSize => true;

    bool IList.IsReadOnly => true;

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => _room;

    object? IList.this[int index]
    {
        get => this[index];
        set => throw ReadOnly();
    }

    int IList.Add(object? value) => throw ReadOnly();

    void IList.Clear() => throw ReadOnly();

    bool IList.Contains(object? value) => ((IList)this).IndexOf(value) >= 0;

    int IList.IndexOf(object? value) => Array.IndexOf(this.ToArray(), value);

    void IList.Insert(int index, object? value) => throw ReadOnly();

    void IList.Remove(object? value) => throw ReadOnly();

    void IList.RemoveAt(int index) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (var checkpoint in this)
        {
            array.SetValue(checkpoint, index++);
        }
    }

    private static NotSupportedException ReadOnly() => new("Recorded checkpoints cannot be changed.");

    /// <summary>What lists share that grew from one another: each sees what was there when it was made.</summary>
    private sealed class Room(Checkpoint?[] items, int used)
    {
        private int _used = used;

        public Checkpoint?[] Items => items;

        /// <summary>Puts a checkpoint behind the last one of a list; null where another list did, or no room is left.</summary>
        public Room? TryTake(int count, Checkpoint checkpoint)
        {
            if (count >= items.Length || Interlocked.CompareExchange(ref _used, count + 1, count) != count)
            {
                return null;
            }

            items[count] = checkpoint;
            return this;
        }
    }
}
