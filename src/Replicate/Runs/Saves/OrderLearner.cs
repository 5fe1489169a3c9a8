namespace Replicate.Runs;

/// <summary>
/// Learns whether a program saves before it prints or after. A save before the first metrics, or right after them, tells it
/// at once; where the first steps save nothing, the second save does.
/// </summary>
internal sealed class OrderLearner(SaveWatcher watcher)
{
    /// <summary>How many times as long as the time on one side of a save the other must be to tell what belongs together.</summary>
    private const int Farther = 3;

    /// <summary>By how much the time at which something is seen may be wrong, in milliseconds.</summary>
    private const long Blur = 20;

    private StepSlot? _firstStep;
    private Gap? _held;
    private bool _isFirstUnclear;

    /// <summary>What is known.</summary>
    internal SaveOrder Order { get; private set; }

    /// <summary>A step begins.</summary>
    /// <param name="before">The step before it; null for none.</param>
    /// <param name="step">The step.</param>
    internal void Begin(StepSlot? before, StepSlot step)
    {
        if (Order != SaveOrder.Unknown)
        {
            return;
        }

        if (before is null)
        {
            _firstStep = step;
            if (watcher.Period(0, step.First.Low) is not null || (step.First.IsLate && watcher.Period(0, step.First.High) is not null))
            {
                Order = SaveOrder.SavesFirst;
            }

            _isFirstUnclear = watcher.Period(step.First.Low, step.First.High) is not null;
        }
        else if (IsClear(before.Last) && IsClear(step.First) && watcher.Period(before.Last.High, step.First.High) is { } period)
        {
            Learn(new Gap(before, step, period));
        }
    }

    /// <summary>The program has ended.</summary>
    /// <param name="last">The last step.</param>
    internal void Finish(StepSlot last)
    {
        if (Order == SaveOrder.Unknown)
        {
            Order = watcher.Period(last.Last.High, long.MaxValue) is not null || (_held is { } held && held.Lower == _firstStep)
                ? SaveOrder.PrintsFirst
                : _held?.Nearer ?? SaveOrder.Unknown;
        }
    }

    /// <summary>Whether the order that is still to be learned decides whose the files next to a step are.</summary>
    internal bool IsHeld(StepSlot step) => _held is not { } held || step == held.Lower || step == held.Upper;

    /// <summary>Whether it is known which changes were before a line and which after: nothing else teaches the order.</summary>
    private bool IsClear(PrintedAt line) => watcher.Period(line.Low, line.High) is null;

    private void Learn(Gap gap)
    {
        if (_held is not { } held)
        {
            _held = gap;
        }
        else
        {
            Order = !_isFirstUnclear && held.Lower == _firstStep && held.Upper == gap.Lower ? SaveOrder.PrintsFirst
                : ByInterval(held, gap) is var byInterval and not SaveOrder.Unknown ? byInterval
                : held.Nearer == gap.Nearer && held.Nearer != SaveOrder.Unknown ? held.Nearer
                : held.Lower == _firstStep ? SaveOrder.PrintsFirst
                : SaveOrder.Unknown;
            _held = gap;
        }
    }

    /// <summary>Who saves every fifth step saves the steps 5 and 10, or 4 and 9 where the first is 0: not their neighbours.</summary>
    private SaveOrder ByInterval(Gap held, Gap gap)
    {
        var interval = gap.Lower.Number - held.Lower.Number;
        if (interval < 2)
        {
            return SaveOrder.Unknown;
        }

        var offset = _firstStep!.Number == 0 && held.Lower != _firstStep ? 1 : 0;
        var (lower, upper) = ((held.Lower.Number + offset) % interval == 0, (held.Upper.Number + offset) % interval == 0);
        return lower == upper ? SaveOrder.Unknown : lower ? SaveOrder.PrintsFirst : SaveOrder.SavesFirst;
    }

    /// <summary>A save between two steps.</summary>
    private readonly record struct Gap(StepSlot Lower, StepSlot Upper, SavePeriod Period)
    {
        /// <summary>What the time between it and the lines on both sides speaks for.</summary>
        internal SaveOrder Nearer
        {
            get
            {
                var (before, after) = (Period.Began - Lower.Last.Tick, Upper.First.Tick - Period.Ended);
                return after > Farther * Math.Max(before, Blur) ? SaveOrder.PrintsFirst
                    : before > Farther * Math.Max(after, Blur) ? SaveOrder.SavesFirst
                    : SaveOrder.Unknown;
            }
        }
    }
}
