namespace Replicate.Runs.Saves;

/// <summary>
/// Tells where among the changes of what is saved a line was printed that is handed in, such as the output of a script block. It may have
/// come through a pipe of this process, whose writes lie in one queue with those changes. Not safe from several threads.
/// </summary>
/// <param name="log">Has the events.</param>
internal sealed class LineClock(SaveLog log)
{
    /// <summary>The stream as which the pipes are told of.</summary>
    private const int OtherPipe = 2;

    /// <summary>How close to one another lines are that were waiting for us, in milliseconds.</summary>
    private const long Burst = 5;

    private PrintedAt? _last;

    /// <summary>A line was handed in; the log has all events that there are.</summary>
    /// <param name="pipes">How many pipes it may have come through; null where that can't be seen.</param>
    internal PrintedAt Tell(int? pipes)
    {
        var printed = Where(log.TakePrinted(OtherPipe), pipes);
        _last = printed;
        return printed;
    }

    private PrintedAt Where(IReadOnlyList<long> pieces, int? pipes)
    {
        if (pipes is null)
        {
            return log.PrintLate(PrintSource.Lines);
        }

        if (pieces.Count > 0)
        {
            // Lines that come at once were waiting for us: which of them was printed where is not known.
            var isBurst = _last is { } before && Environment.TickCount64 - before.Tick < Burst;
            return isBurst ? new PrintedAt(_last!.Value.High, pieces[^1], PrintSource.Lines) : new PrintedAt(pieces[0], pieces[^1], PrintSource.Lines);
        }

        // Without a program of which it could be, it is printed here and now.
        var low = pipes > 0 ? log.LastPrinted(OtherPipe) : log.Position;
        return log.PrintNow(new PrintedAt(low, log.Position, PrintSource.Lines));
    }
}
