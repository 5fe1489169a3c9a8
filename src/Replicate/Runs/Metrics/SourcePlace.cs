namespace Replicate.Runs.Metrics;

/// <summary>
/// How far a source has come: the step it told last, and what it said of the point since. It decides where a new point begins.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A metric that comes again begins a new point, unless what it said before is overwritten, as a progress bar is.</item>
/// <item>Points that share an epoch can't share its number: from then on the epoch is a metric, and the steps count on.</item>
/// <item>A step beside an epoch that begins again with the next one counts on from where it was.</item>
/// <item>A line that names a step which can't be read belongs to no step that is known; its point counts on.</item>
/// </list>
/// </remarks>
internal sealed class SourcePlace
{
    private readonly List<(string Name, double Value)> _said = [];
    private readonly NamePool _names = new();
    private string? _phase;
    private int _rank;
    private double? _epoch;
    private double? _epochOfFine;
    private long _raw;
    private long? _total;
    private long _offset;
    private int _fineLines;
    private bool _isFresh;

    /// <summary>The step of the point that the source is at; null where it told none, or where steps count on.</summary>
    internal long? Step { get; private set; }

    /// <summary>Whether the source tells epochs that several points share.</summary>
    internal bool CountsOn { get; private set; }

    /// <summary>The point that the source is at; null before it has one. It may have been closed, and be another by now.</summary>
    internal OpenStep? Point { get; set; }

    /// <summary>Which point <see cref="Point"/> was.</summary>
    internal long PointOrdinal { get; set; }

    /// <summary>Goes on by what a source says; adds the epoch to its metrics where that is one.</summary>
    /// <param name="reading">What it says.</param>
    /// <returns>Whether it begins a new point of this source.</returns>
    internal bool Advance(MetricReading reading)
    {
        if (reading.Phase is { } phase && !_isFresh && (reading.Step is null || reading.Step == Step || reading.StepRank == StepNames.Epoch && reading.Epoch == _epoch))
        {
            Qualify(reading, phase);
        }

        var isNew = reading.IsStepUnknown ? Unknown()
            : reading.Step is { } step && reading.StepRank < StepNames.Epoch ? Fine(step, reading)
            : reading.Epoch is { } epoch ? Coarse(epoch, reading)
            : reading.Step is { } told ? Told(told, reading)
            : Nothing(reading);
        if (isNew)
        {
            _said.Clear();
            _phase = reading.Phase;
        }

        if (reading.Metrics.Count == 0)
        {
            // A heading: the point begins with its first metrics.
            _isFresh |= isNew;
            return false;
        }

        isNew |= _isFresh;
        _isFresh = false;
        if (!reading.IsProvisional)
        {
            Remember(reading);
        }

        return isNew;
    }

    private bool Unknown()
    {
        Step = null;
        return true;
    }

    /// <summary>A step of the training, or a batch of an epoch.</summary>
    private bool Fine(long step, MetricReading reading)
    {
        if (reading.Epoch is { } epoch)
        {
            _epoch = epoch;
        }
        else if (_epoch is { } known && reading.StepRank > 0 && reading.Metrics.Count > 0)
        {
            reading.Metrics.Insert(0, (StepNames.EpochName, known));
        }

        if (_rank != reading.StepRank || _fineLines == 0)
        {
            (_offset, _rank) = (0, reading.StepRank);
        }
        else if (step <= _raw && _epoch > _epochOfFine)
        {
            _offset += Math.Max(_raw, _total ?? 0);
        }

        _fineLines += reading.Metrics.Count > 0 ? 1 : 0;
        (_raw, _total, _epochOfFine) = (step, reading.StepTotal, _epoch);
        var number = step + _offset;
        var isNew = number != Step || Repeats(reading, isSameIfEqual: true);
        Step = number;
        return isNew;
    }

    /// <summary>An epoch without a finer step.</summary>
    private bool Coarse(double epoch, MetricReading reading)
    {
        var isOther = _epoch != epoch;
        _epoch = epoch;
        if (reading.Step is null)
        {
            // A fraction: it is among the metrics already.
            CountsOn = true;
        }
        else if (CountsOn || _fineLines > 1)
        {
            Insert(reading, epoch);
        }
        else if (Step == reading.Step && _said.Count > 0 && Repeats(reading))
        {
            CountsOn = true;
            Insert(reading, epoch);
            Point?.AddIfOpen(PointOrdinal, StepNames.EpochName, epoch);
        }
        else
        {
            isOther = Step != reading.Step;
            (Step, _rank) = (reading.Step, StepNames.Epoch);
            return isOther;
        }

        if (_fineLines > 1 && !CountsOn)
        {
            // What is said at the end of an epoch belongs to its last step.
            var isRepeated = Repeats(reading);
            Step = isRepeated ? null : Step;
            return isRepeated;
        }

        if (!isOther && !Repeats(reading))
        {
            return false;
        }

        Step = null;
        return true;
    }

    private bool Told(long step, MetricReading reading)
    {
        var isNew = step != Step || Repeats(reading, isSameIfEqual: true);
        (Step, _rank) = (step, reading.StepRank);
        return isNew;
    }

    private bool Nothing(MetricReading reading)
    {
        if (CountsOn && _epoch is { } epoch && reading.Metrics.Count > 0)
        {
            Insert(reading, epoch);
        }

        if (!Repeats(reading))
        {
            return false;
        }

        if (Step is not null && _rank == StepNames.Epoch && _epoch is { } shared && !CountsOn)
        {
            CountsOn = true;
            Insert(reading, shared);
            Point?.AddIfOpen(PointOrdinal, StepNames.EpochName, shared);
        }

        Step = null;
        return true;
    }

    /// <summary>Names the metrics that another part of the epoch said already after the part that says them now.</summary>
    private void Qualify(MetricReading reading, string phase)
    {
        if (_said.Count == 0 || (phase == _phase && !reading.IsProvisional))
        {
            _phase = phase;
            return;
        }

        for (var i = 0; i < reading.Metrics.Count; i++)
        {
            var (name, value) = reading.Metrics[i];
            if (StepNames.RankOf(name) is null && PhaseNames.First(name) is null && _said.IndexOf(name) >= 0)
            {
                reading.Metrics[i] = (_names.Get($"{phase} {name}"), value);
            }
        }
    }

    private static void Insert(MetricReading reading, double epoch)
    {
        if (reading.Metrics.Count > 0)
        {
            reading.Metrics.Insert(0, (StepNames.EpochName, epoch));
        }
    }

    /// <summary>Whether a metric comes again that was not going to be overwritten.</summary>
    /// <param name="reading">What comes.</param>
    /// <param name="isSameIfEqual">Whether a line that says the very same of the same step is that line again, from another logger.</param>
    private bool Repeats(MetricReading reading, bool isSameIfEqual = false)
    {
        foreach (var (name, value) in reading.Metrics)
        {
            foreach (var (said, before) in _said)
            {
                if (string.Equals(name, said, StringComparison.Ordinal)
                    && !((isSameIfEqual || name == StepNames.EpochName) && value.Equals(before)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Remember(MetricReading reading)
    {
        foreach (var metric in reading.Metrics)
        {
            var index = _said.IndexOf(metric.Name);
            if (index < 0)
            {
                _said.Add(metric);
            }
            else
            {
                _said[index] = metric;
            }
        }
    }
}
