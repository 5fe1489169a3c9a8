namespace Replicate.Runs.Metrics;

/// <summary>
/// Puts together what the sources of a run say, step by step. A step ends when the next begins, or when nothing was said
/// of it for a while. Safe from several threads.
/// </summary>
/// <remarks>
/// Metrics without a step belong to the step that their source told last. A metric that comes again begins a new point, by
/// the rules of <see cref="SourcePlace"/>; what was said before the first step belongs to that.
/// </remarks>
internal sealed class MetricCollector
{
    /// <summary>How long the newest step waits for more of it.</summary>
    private const long Idle = 1000;

    /// <summary>How long a step that isn't the newest waits for the slower sources.</summary>
    private const long Grace = 300;

    /// <summary>How many metrics that were not asked for a message names.</summary>
    private const int MaxUnwanted = 12;

    private readonly object _lock = new();
    private readonly IReadOnlyList<MetricSource> _sources;
    private readonly HashSet<string>? _wanted;
    private readonly MetricProblems _problems;
    private readonly Action<OpenStep> _read;
    private readonly Action<OpenStep> _close;
    private readonly HashSet<string> _unwanted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _owners = [];
    private readonly SourcePlace[] _places;
    private readonly List<OpenStep> _open = [];
    private readonly Stack<OpenStep> _closed = [];
    private long _count;
    private bool _hasSteps;
    private bool _repeats;

    /// <param name="sources">All sources; readings name theirs by its index.</param>
    /// <param name="wanted">The metrics to take; null for all.</param>
    /// <param name="problems">Told of metrics that two sources give.</param>
    /// <param name="read">Called at once when metrics of a step were read that aren't going to be overwritten.</param>
    /// <param name="close">Called when a step has ended, in order; the step is not kept.</param>
    internal MetricCollector(
        IReadOnlyList<MetricSource> sources, IEnumerable<string>? wanted, MetricProblems problems,
        Action<OpenStep> read, Action<OpenStep> close)
    {
        (_sources, _problems, _read, _close) = (sources, problems, read, close);
        _wanted = wanted?.ToHashSet(StringComparer.Ordinal);
        _places = [.. sources.Select(_ => new SourcePlace())];
    }

    /// <summary>Whether any source said a metric, wanted or not.</summary>
    internal bool HasSaid { get; private set; }

    /// <summary>Takes what a source says.</summary>
    /// <param name="source">The index of the source.</param>
    /// <param name="reading">What it says; not kept.</param>
    /// <param name="readAt">When it came.</param>
    internal void Take(int source, MetricReading reading, Timestamp readAt)
    {
        lock (_lock)
        {
            HasSaid = HasSaid || reading.Metrics.Count > 0;
            for (var i = reading.Metrics.Count - 1; i >= 0; i--)
            {
                if (!IsTaken(source, reading.Metrics[i].Name))
                {
                    reading.Metrics.RemoveAt(i);
                }
            }

            var place = _places[source];
            var isNew = place.Advance(reading);
            if (reading.Metrics.Count > 0)
            {
                var step = StepFor(place, isNew, reading);
                (place.Point, place.PointOrdinal) = (step, step.Ordinal);
                Merge(step, reading, readAt);
            }
        }
    }

    /// <summary>Ends steps of which nothing more will be said.</summary>
    internal void Tick()
    {
        lock (_lock)
        {
            var now = Environment.TickCount64;
            while (_open.Count > 0)
            {
                var (step, age) = (_open[0], now - _open[0].LastTick);
                var isOver = _open.Count > 1 ? age >= Grace
                    : age >= Idle && !step.IsProvisional && (step.Step is not null || _repeats);
                if (!isOver)
                {
                    return;
                }

                CloseFirst();
            }
        }
    }

    /// <summary>Ends all steps: the program has ended.</summary>
    internal void Finish()
    {
        lock (_lock)
        {
            while (_open.Count > 0)
            {
                CloseFirst();
            }

            foreach (var metric in _wanted ?? [])
            {
                if (HasSaid && !_owners.ContainsKey(metric))
                {
                    _problems.AddUnsaid(metric, string.Join(", ", _unwanted.Order(StringComparer.Ordinal)));
                }
            }
        }
    }

    private bool IsTaken(int source, string metric)
    {
        if (_wanted is not null && !_wanted.Contains(metric))
        {
            if (_unwanted.Count < MaxUnwanted)
            {
                _unwanted.Add(metric);
            }

            return false;
        }

        if (_owners.TryAdd(metric, source) || _owners[metric] == source)
        {
            return true;
        }

        _problems.AddDuplicate(metric, _sources[_owners[metric]], _sources[source]);
        return false;
    }

    private OpenStep StepFor(SourcePlace place, bool isNew, MetricReading reading)
    {
        var number = place.Step;
        if (number is not null && !_hasSteps)
        {
            _hasSteps = true;
            if (_open is [{ Step: null } before])
            {
                before.Step = number;
            }
        }

        if (!isNew && place.Point is { } point && point.Ordinal == place.PointOrdinal && _open.Contains(point))
        {
            return point;
        }

        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var isSame = number is null ? i == _open.Count - 1 && !(isNew && ReferenceEquals(_open[i], place.Point)) : _open[i].Step == number;
            if (isSame && !HasAny(_open[i], reading))
            {
                return _open[i];
            }
        }

        _repeats |= number is null && _open.Count > 0;
        var step = _closed.TryPop(out var used) ? used : new OpenStep();
        step.Begin(number, ++_count);
        _open.Add(step);
        while (_open.Count > 1 && (_sources.Count == 1 || _open.Count > 1000))
        {
            CloseFirst();
        }

        return step;
    }

    private static bool HasAny(OpenStep step, MetricReading reading)
    {
        foreach (var (name, value) in reading.Metrics)
        {
            if (step[name] is { } other && !(name == StepNames.EpochName && value.Equals(other)))
            {
                return true;
            }
        }

        return false;
    }

    private void Merge(OpenStep step, MetricReading reading, Timestamp readAt)
    {
        foreach (var (name, value) in reading.Metrics)
        {
            step.Set(name, value);
        }

        step.LastTick = Environment.TickCount64;
        step.ReadAt = readAt;
        if (!reading.IsProvisional)
        {
            step.IsProvisional = false;
            _read(step);
        }
    }

    private void CloseFirst()
    {
        var step = _open[0];
        _open.RemoveAt(0);
        _close(step);
        _closed.Push(step);
    }
}
