namespace Replicate.Runs;

/// <summary>
/// Puts together what the sources of a run say, step by step. A step ends when the next begins, or when nothing was said
/// of it for a while. Safe from several threads.
/// </summary>
/// <remarks>
/// Metrics without a step belong to the step that their source told last; where it never told one, a metric that comes
/// again begins the next step, and what was said before the first step belongs to that.
/// </remarks>
internal sealed class MetricCollector
{
    /// <summary>How long the newest step waits for more of it.</summary>
    private const long Idle = 1000;

    /// <summary>How long a step that isn't the newest waits for the slower sources.</summary>
    private const long Grace = 300;

    private readonly object _lock = new();
    private readonly IReadOnlyList<MetricSource> _sources;
    private readonly HashSet<string>? _wanted;
    private readonly MetricProblems _problems;
    private readonly Action<OpenStep> _read;
    private readonly Action<OpenStep> _close;
    private readonly Dictionary<string, int> _owners = [];
    private readonly long?[] _current;
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
        _current = new long?[sources.Count];
    }

    /// <summary>Takes what a source says.</summary>
    /// <param name="source">The index of the source.</param>
    /// <param name="reading">What it says; not kept.</param>
    /// <param name="readAt">When it came.</param>
    internal void Take(int source, MetricReading reading, Timestamp readAt)
    {
        lock (_lock)
        {
            _current[source] = reading.Step ?? _current[source];
            for (var i = reading.Metrics.Count - 1; i >= 0; i--)
            {
                if (!IsTaken(source, reading.Metrics[i].Name))
                {
                    reading.Metrics.RemoveAt(i);
                }
            }

            if (reading.Metrics.Count > 0)
            {
                Merge(StepFor(_current[source], reading), reading, readAt);
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
        }
    }

    private bool IsTaken(int source, string metric)
    {
        if (_wanted is not null && !_wanted.Contains(metric))
        {
            return false;
        }

        if (_owners.TryAdd(metric, source) || _owners[metric] == source)
        {
            return true;
        }

        _problems.AddTwofold(metric, _sources[_owners[metric]], _sources[source]);
        return false;
    }

    private OpenStep StepFor(long? number, MetricReading reading)
    {
        if (number is not null && !_hasSteps)
        {
            _hasSteps = true;
            if (_open is [{ Step: null } before])
            {
                before.Step = number;
            }
        }

        for (var i = _open.Count - 1; i >= 0; i--)
        {
            if (number is null ? i == _open.Count - 1 && !HasAny(_open[i], reading) : _open[i].Step == number)
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
        foreach (var (name, _) in reading.Metrics)
        {
            if (step[name] is not null)
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
