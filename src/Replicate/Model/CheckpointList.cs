using System.Collections;

namespace Replicate;

/// <summary>The checkpoints of an experiment, or a slice of them, oldest first. It cannot be changed.</summary>
/// <remarks>A list of thousands of experiments shows two checkpoints of each: the others are made when they are asked for.</remarks>
public sealed class CheckpointList : IReadOnlyList<Checkpoint>
{
    /// <summary>The list without checkpoints.</summary>
    public static readonly CheckpointList Empty = new([]);

    /// <summary>Stands for <see cref="Best"/> where none is best.</summary>
    internal const int NoBest = -1;

    /// <summary>Stands for <see cref="Best"/> as long as nobody has looked for it.</summary>
    internal const int UnknownBest = -2;

    private readonly Checkpoint?[] _checkpoints;
    private readonly ICheckpointSource? _source;
    private Experiment? _experiment;

    internal CheckpointList(Checkpoint[] checkpoints) => _checkpoints = checkpoints;

    internal CheckpointList(ICheckpointSource source) =>
        (_checkpoints, _source, Best) = (new Checkpoint?[source.Count], source, source.Best);

    /// <summary>How many checkpoints there are.</summary>
    public int Count => _checkpoints.Length;

    /// <summary>The checkpoint at a position from 0.</summary>
    public Checkpoint this[int index] => Volatile.Read(ref _checkpoints[index]) ?? Make(index);

    /// <summary>The metrics by name, each with one value per checkpoint: <c>$exp.Checkpoints.Metrics['loss']</c>.</summary>
    public MetricColumns Metrics => new(this);

    /// <summary>The primary metric that the first checkpoint to name one names; null for none.</summary>
    internal PrimaryMetric? PrimaryMetric =>
        _source is not null ? _source.PrimaryMetric
        : Array.Find(_checkpoints, checkpoint => checkpoint!.PrimaryMetric is not null)?.PrimaryMetric;

    /// <summary>The position of the best checkpoint, <see cref="NoBest"/> or <see cref="UnknownBest"/>.</summary>
    internal int Best { get; set; } = UnknownBest;

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

    /// <summary>Says which experiment they are of.</summary>
    internal void BelongTo(Experiment experiment)
    {
        _experiment = experiment;
        foreach (var checkpoint in _checkpoints)
        {
            checkpoint?.BelongTo(experiment);
        }
    }

    // Whoever asks, and from whichever thread, gets the same object.
    private Checkpoint Make(int index)
    {
        var made = _source!.Read(index);
        if (_experiment is { } experiment)
        {
            made.BelongTo(experiment);
        }

        return Interlocked.CompareExchange(ref _checkpoints[index], made, null) ?? made;
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
}
