namespace Replicate.Runs.Saves;

/// <summary>
/// Learns whether a program saves before it prints or after. What one step shows can be told of both: a save before the first
/// metrics may be of what was there before the training. So several steps must show the same, in when they save and in which order, and
/// what can be explained in both ways is left open until the program ends, or for good.
/// </summary>
internal sealed class OrderLearner(SaveWatcher watcher, SaveOrder order)
{
    /// <summary>How many saves must show the same.</summary>
    private const int Enough = 2;

    /// <summary>How many must where the times are so short that they may be those of a program that waits for the processor.</summary>
    private const int EnoughIfShort = 10;

    /// <summary>What is not short, in milliseconds on the average: where the order tells something, too, and where it doesn't.</summary>
    private const long Long = 50;
    private const long LongAlone = 300;

    /// <summary>How many times as many saves must show it as don't.</summary>
    private const int Majority = 3;

    /// <summary>How many times as long as the time on one side of a save the other must be to tell what belongs together.</summary>
    private const int Farther = 3;

    /// <summary>
    /// The same where something was saved before the first metrics: a program that prints, evaluates and saves looks so, too, only that
    /// between a save and the next metrics it trains.
    /// </summary>
    private const int MuchFarther = 10;

    /// <summary>How much longer it must be, in milliseconds: the time at which something is seen isn't exact.</summary>
    private const long Blur = 3;

    private readonly List<(long Lower, long Upper)> _saved = [];
    private long? _firstNumber;
    private long _timeAfterLines;
    private long _timeBeforeLines;
    private int _nearAfterLines;
    private int _nearBeforeLines;
    private int _gaps;
    private int _lateInside;
    private int _lateOutside;
    private bool _savedAtFirst;
    private bool _isFirstUnclear;
    private bool _savedAfterFirst;
    private bool _savedInEach = true;

    /// <summary>What is known.</summary>
    internal SaveOrder Order { get; private set; } = order;

    /// <summary>A step begins.</summary>
    /// <param name="before">The step before it; null for none.</param>
    /// <param name="step">The step.</param>
    internal void Begin(StepSlot? before, StepSlot step)
    {
        if (Order != SaveOrder.Unknown)
        {
            return;
        }

        TakeLate(step);
        if (before is null)
        {
            BeginFirst(step);
            return;
        }

        _gaps++;
        var period = IsClear(before.Last) && IsClear(step.First) ? watcher.Period(before.Last.High, step.First.High) : null;
        _savedInEach &= period is not null;
        if (period is { } saves)
        {
            _savedAfterFirst |= _gaps == 1;
            _saved.Add((before.Number, step.Number));
            Take(Math.Max(0, saves.Began - before.Last.Tick), Math.Max(0, step.First.Tick - saves.Ended));
            Order = Live();
        }
        else if (_lateInside > Enough && _lateOutside == 0)
        {
            // Where the system doesn't tell when it is printed, what is written afterwards is seen afterwards at least now and then.
            Order = SaveOrder.SavesFirst;
        }
    }

    /// <summary>The first step begins, or is found to begin later than it seemed.</summary>
    internal void BeginFirst(StepSlot step)
    {
        _firstNumber = step.Number;
        _savedAtFirst = watcher.Period(0, step.First.Low) is not null;
        _isFirstUnclear = !IsClear(step.First);
    }

    /// <summary>The program has ended.</summary>
    /// <param name="last">The last step; null for none.</param>
    internal void Finish(StepSlot? last)
    {
        if (Order == SaveOrder.Unknown && last is not null && IsClear(last.Last))
        {
            Order = _isFirstUnclear ? ByTime()
                : watcher.Period(last.Last.High, long.MaxValue) is { } saves ? AtEnd(last, saves)
                : AtEnd();
        }
    }

    private void Take(long afterLine, long beforeLine)
    {
        _timeAfterLines += afterLine;
        _timeBeforeLines += beforeLine;
        _nearAfterLines += IsFarther(beforeLine, afterLine) ? 1 : 0;
        _nearBeforeLines += IsFarther(afterLine, beforeLine) ? 1 : 0;
    }

    /// <summary>What the time on both sides of the saves speaks for.</summary>
    private SaveOrder ByTime()
    {
        var isLong = Math.Abs(_timeAfterLines - _timeBeforeLines) >= _saved.Count * (_isFirstUnclear ? LongAlone : Long);
        return Shows(_nearAfterLines, isLong) ? SaveOrder.PrintsFirst
            : Shows(_nearBeforeLines, isLong) && !(_savedAtFirst && _timeAfterLines < MuchFarther * _timeBeforeLines) ? SaveOrder.SavesFirst
            : SaveOrder.Unknown;
    }

    private bool Shows(int count, bool isLong) => count >= (isLong ? 1 : EnoughIfShort) && count >= Majority * (_saved.Count - count);

    private static bool IsFarther(long one, long other) => one >= Farther * other && one - other >= Blur;

    /// <summary>What is known while the program goes on.</summary>
    private SaveOrder Live()
    {
        var byTime = ByTime();
        if (_saved.Count < Enough || byTime == SaveOrder.Unknown)
        {
            return SaveOrder.Unknown;
        }

        if (_isFirstUnclear)
        {
            // It came close to the first metrics, as the time says of the others.
            return byTime;
        }

        // Saved before the first metrics: what was there before the training, and then after each step, or each step before a long
        // evaluation. Not saved there, but after them: a first line before the training, or each step after a long evaluation.
        var isOpen = byTime == SaveOrder.PrintsFirst ? _savedAtFirst : !_savedAtFirst && _savedAfterFirst;
        return isOpen || ByInterval() is var byInterval && byInterval != SaveOrder.Unknown && byInterval != byTime ? SaveOrder.Unknown : byTime;
    }

    /// <summary>What is known at the end of a program that saved after its last metrics.</summary>
    private SaveOrder AtEnd(StepSlot last, SavePeriod saves)
    {
        // After a program that saves first it would be what was trained at last, once more, and right after the metrics.
        var time = Math.Max(0, saves.Began - last.Last.Tick);
        var isAsBefore = _saved.Count > 0 && !IsFarther(_timeAfterLines / _saved.Count, time);
        return !_savedAtFirst ? (_saved.Count == 0 || isAsBefore ? SaveOrder.PrintsFirst : SaveOrder.Unknown)
            : ByTime() == SaveOrder.SavesFirst && isAsBefore ? SaveOrder.Unknown
            : ByTime();
    }

    /// <summary>What is known at the end of a program that saved nothing after its last metrics.</summary>
    private SaveOrder AtEnd()
    {
        var byTime = ByTime();
        if (_savedInEach && _gaps > 0 && _savedAtFirst)
        {
            // Who saves after each step saves after the last, too.
            return SaveOrder.SavesFirst;
        }

        return _saved.Count == 0 || byTime == SaveOrder.Unknown ? (_savedAtFirst ? SaveOrder.Unknown : ByInterval())
            : byTime == SaveOrder.PrintsFirst ? (_savedAtFirst ? SaveOrder.Unknown : byTime)
            : !_savedAtFirst && _savedAfterFirst && ByInterval() != byTime ? SaveOrder.Unknown
            : byTime;
    }

    /// <summary>Whether it is known which changes were before a line and which after.</summary>
    private bool IsClear(PrintedAt line) => watcher.Period(line.Low, line.High) is null;

    private void TakeLate(StepSlot step)
    {
        if (step.First.IsLate)
        {
            if (!IsClear(step.First))
            {
                _lateInside++;
            }
            else if (watcher.Period(0, step.First.High) is not null)
            {
                _lateOutside++;
            }
        }
    }

    /// <summary>Who saves every fifth step saves the steps 5 and 10, or 4 and 9 where the first is 0: not their neighbours.</summary>
    private SaveOrder ByInterval()
    {
        if (_saved.Count < Enough || _savedAtFirst)
        {
            return SaveOrder.Unknown;
        }

        var interval = _saved[1].Lower - _saved[0].Lower;
        var offset = _firstNumber == 0 && !_savedAfterFirst ? 1 : 0;
        if (interval < 2 || _saved.Zip(_saved.Skip(1)).Any(pair => pair.Second.Lower - pair.First.Lower != interval))
        {
            return SaveOrder.Unknown;
        }

        var (lower, upper) = ((_saved[0].Lower + offset) % interval == 0, (_saved[0].Upper + offset) % interval == 0);
        return lower == upper ? SaveOrder.Unknown : lower ? SaveOrder.PrintsFirst : SaveOrder.SavesFirst;
    }
}
