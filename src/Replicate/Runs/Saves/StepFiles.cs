using Replicate.Recording;

namespace Replicate.Runs.Saves;

/// <summary>
/// Gives each step the files that it wrote, and hands the steps on in their order as soon as that is known: at the latest with
/// the next step's metrics, once the program's order is known. Safe from several threads.
/// </summary>
/// <param name="watcher">What the program saves.</param>
/// <param name="order">The program's order; unknown where it is to be learned.</param>
/// <param name="record">Takes the checkpoint of a step and what it saved.</param>
internal sealed class StepFiles(SaveWatcher watcher, SaveOrder order, Action<NewCheckpoint, StepSave> record)
{
    /// <summary>How long nothing is written before a step that saves after its metrics has all its files, in milliseconds.</summary>
    private const long Quiet = 2000;

    /// <summary>How close to one another steps are among which a late line isn't told from the next, in milliseconds.</summary>
    private const long TooClose = 150;

    /// <summary>So many steps wait at most until the program's order is known.</summary>
    private const int MostWaiting = 200;

    private readonly object _lock = new();
    private readonly LinkedList<StepSlot> _steps = [];
    private readonly OrderLearner _order = new(watcher, order);
    private readonly Queue<StepSlot> _unlearned = [];
    private StepSlot? _learned;
    private StepSlot? _last;
    private StepSlot? _recorded;
    private long _count;
    private bool _isOver;

    /// <summary>Whether the program's order isn't known.</summary>
    internal bool IsOrderOpen => _order.Order == SaveOrder.Unknown;

    /// <summary>A step begins.</summary>
    internal StepSlot Begin(long? number, PrintedAt printed)
    {
        lock (_lock)
        {
            var step = new StepSlot(number, _count, printed);
            if (_last is { Save: null } before && printed.IsWith(before.First))
            {
                before.Blur();
                step.Blur();
            }

            _count++;
            _last = _steps.AddLast(step).Value;
            _unlearned.Enqueue(step);
            return step;
        }
    }

    /// <summary>More was said of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="number">The step as the program told it; null where it told none yet.</param>
    /// <param name="printed">Where.</param>
    internal void Add(StepSlot step, long? number, PrintedAt printed)
    {
        lock (_lock)
        {
            if (number is not { } told || step.IsNamed || _count > 1)
            {
                step.Add(printed);
                return;
            }

            step.Name(told, printed);
            if (step == _learned)
            {
                _order.BeginFirst(step);
            }
        }
    }

    /// <summary>A step has ended.</summary>
    /// <param name="step">The step.</param>
    /// <param name="checkpoint">What is recorded of it; null for nothing.</param>
    internal void Close(StepSlot step, NewCheckpoint? checkpoint)
    {
        lock (_lock)
        {
            step.Close(checkpoint);
        }
    }

    /// <summary>Hands on what is known by now. All that was read at once has been taken.</summary>
    internal void Tick()
    {
        lock (_lock)
        {
            Advance();
        }
    }

    /// <summary>Hands on all: the program has ended, and all steps are closed.</summary>
    internal void Finish()
    {
        watcher.Finish();
        lock (_lock)
        {
            Advance();
            _order.Finish(_last);
            _isOver = true;
            Advance();
        }
    }

    private void Advance()
    {
        while (_unlearned.TryDequeue(out var begun))
        {
            _order.Begin(_learned, begun);
            _learned = begun;
        }

        while (_steps.First is { } node && node.Value is { IsClosed: true } step && (step.Save ??= Find(step, node.Next?.Value)) is { } save)
        {
            _steps.RemoveFirst();
            _recorded = step;
            if (step.Checkpoint is { } checkpoint)
            {
                record(checkpoint, save);
            }
            else
            {
                save.Files?.Dispose();
            }

            watcher.ForgetUntil(_order.Order == SaveOrder.SavesFirst ? step.Last.Low : step.First.Low);
        }
    }

    /// <summary>What a step saved; null as long as that isn't known.</summary>
    private StepSave? Find(StepSlot step, StepSlot? next)
    {
        if (_isOver && _count == 1)
        {
            // Whatever the order is, there is nobody else to whom the files could belong.
            return watcher.TryTake(0, long.MaxValue, isFinal: true);
        }

        return _order.Order switch
        {
            SaveOrder.SavesFirst => Between(_recorded?.Last, step.Last, step, next),
            SaveOrder.PrintsFirst when next is not null || _isOver => Between(step.First, next?.First, step, next),
            SaveOrder.PrintsFirst => WhenQuiet(step),
            _ => WithoutOrder(step, next),
        };
    }

    /// <summary>What was saved between two lines; null for the start or the end of the program.</summary>
    private StepSave? Between(PrintedAt? from, PrintedAt? to, StepSlot step, StepSlot? next)
    {
        var (after, until) = (Edge(from, 0), Edge(to, long.MaxValue));
        return IsClear(from, step, next) && IsClear(to, step, next)
            ? watcher.TryTake(after, until, _isOver)
            : watcher.Lost(Math.Min(after, from?.Low ?? 0), Math.Max(until, to?.High ?? 0)) with { IsUncertain = true };
    }

    /// <summary>A late line was printed where the order says, if its step stands alone.</summary>
    private long Edge(PrintedAt? line, long otherwise) =>
        line is not { } printed ? otherwise : printed.IsLate && _order.Order == SaveOrder.PrintsFirst ? printed.Low : printed.High;

    /// <summary>Whether it is known which changes were before a line and which after.</summary>
    private bool IsClear(PrintedAt? line, StepSlot step, StepSlot? next) =>
        line is not { } printed || watcher.Period(printed.Low, printed.High) is null
        || (printed.IsLate
            && (_recorded is null || step.First.Tick - _recorded.Last.Tick >= TooClose)
            && (next is null || next.First.Tick - step.Last.Tick >= TooClose));

    /// <summary>The files of the newest step that saves after its metrics: as soon as they are whole and nothing more comes.</summary>
    private StepSave? WhenQuiet(StepSlot step) =>
        watcher.Period(step.First.High, long.MaxValue) is not null && watcher.IsQuietFor(Quiet) && IsClear(step.First, step, next: null)
            ? watcher.TryTake(step.First.High, long.MaxValue, isFinal: false)
            : null;

    /// <summary>
    /// What is known of a step before the order is: files that were written between its own lines, and that nothing was written beside it.
    /// </summary>
    private StepSave? WithoutOrder(StepSlot step, StepSlot? next)
    {
        if (next is null && !_isOver)
        {
            return null;
        }

        var (from, to) = (_recorded?.Last.Low ?? 0, next?.First.High ?? long.MaxValue);
        if (watcher.Period(from, step.First.High) is null && watcher.Period(step.Last.Low, to) is null)
        {
            return watcher.TryTake(step.First.High, step.Last.High, _isOver);
        }

        return _isOver || _steps.Count > MostWaiting ? watcher.Lost(from, to) with { IsUncertain = true } : null;
    }
}
