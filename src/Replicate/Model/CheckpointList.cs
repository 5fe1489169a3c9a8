using System.Collections;

namespace Replicate;

/// <summary>The checkpoints of an experiment, or a slice of them, oldest first. It cannot be changed.</summary>
public sealed class CheckpointList : IReadOnlyList<Checkpoint>
{
    /// <summary>The list without checkpoints.</summary>
    public static readonly CheckpointList Empty = new([]);

    private const int MinCapacity = 8;
    private const long Unknown = long.MinValue;

    private readonly Room _room;
    private long _highestStep;

    internal CheckpointList(Checkpoint[] checkpoints)
        : this(new Room(checkpoints, checkpoints.Length), checkpoints.Length, Unknown)
    {
    }

    private CheckpointList(Room room, int count, long highestStep) => (_room, Count, _highestStep) = (room, count, highestStep);

    /// <summary>How many checkpoints there are.</summary>
    public int Count { get; }

    /// <summary>The checkpoint at a position from 0.</summary>
    public Checkpoint this[int index] => Items[index];

    /// <summary>The highest step; -1 without checkpoints.</summary>
    internal long HighestStep
    {
        get
        {
            var highest = Volatile.Read(ref _highestStep);
            if (highest == Unknown)
            {
                highest = -1;
                foreach (var checkpoint in Items)
                {
                    highest = Math.Max(highest, checkpoint.Step);
                }

                Volatile.Write(ref _highestStep, highest);
            }

            return highest;
        }
    }

    private ReadOnlySpan<Checkpoint> Items => _room.Items.AsSpan(0, Count);

    /// <summary>The metrics by name, each with one value per checkpoint: <c>$exp.Checkpoints.Metrics['loss']</c>.</summary>
    public MetricColumns Metrics => new(this);

    /// <summary>The last checkpoints.</summary>
    /// <param name="count">How many at most; 0 or more.</param>
    public CheckpointList Last(int count) => new(Items[Math.Max(0, Count - Math.Max(0, count))..].ToArray());

    /// <summary>The first checkpoint and each <paramref name="interval"/>-th after it.</summary>
    /// <param name="interval">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is below 1.</exception>
    public CheckpointList Every(int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        return new(this.Where((_, index) => index % interval == 0).ToArray());
    }

    /// <summary>How many there are and the last, as in <c>12 checkpoints, latest 1eeef58 (step 11)</c>.</summary>
    public override string ToString() => Count switch
    {
        0 => "no checkpoints",
        1 => $"1 checkpoint, {this[0]}",
        var count => $"{count} checkpoints, latest {this[^1]}",
    };

    /// <summary>The checkpoints, oldest first.</summary>
    public IEnumerator<Checkpoint> GetEnumerator() => new ArraySegment<Checkpoint>(_room.Items, 0, Count).AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// This list with one checkpoint more, by its date. Behind the last it takes the room that this list has left, so that
    /// thousands added one after the other are copied a few times only.
    /// </summary>
    internal CheckpointList Add(Checkpoint checkpoint)
    {
        if (Count > 0 && checkpoint.CreatedAt < this[^1].CreatedAt)
        {
            return new CheckpointList([.. this.Append(checkpoint).OrderBy(each => each.CreatedAt)]);
        }

        var room = _room.TryTake(Count, checkpoint)
            ?? new Room([.. Items, checkpoint, .. new Checkpoint[Math.Max(MinCapacity, Count)]], Count + 1);
        return new CheckpointList(room, Count + 1, Math.Max(HighestStep, checkpoint.Step));
    }

    /// <summary>What lists share that grew from one another: each sees what was there when it was made.</summary>
    private sealed class Room(Checkpoint[] items, int used)
    {
        private int _used = used;

        public Checkpoint[] Items => items;

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
