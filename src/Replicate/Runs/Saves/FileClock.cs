namespace Replicate.Runs.Saves;

/// <summary>
/// Tells where among the changes of what is saved the rows of a metrics file were written. Events of writes to it lie in one queue with
/// those of changes. Which row is of which write is known where there are as many, or only one. Not safe from several threads.
/// </summary>
/// <param name="log">Has the events.</param>
/// <param name="stream">The stream as which the file is told of.</param>
/// <param name="isFile">Whether it is one file, so that each write is of its rows.</param>
internal sealed class FileClock(SaveLog log, int stream, bool isFile)
{
    /// <summary>What is read of a program's outputs has other numbers, and the like.</summary>
    private const long FirstRead = 1L << 40;

    private static long _reads = FirstRead;

    private long _before;
    private int _known;
    private bool _isCarried;

    /// <summary>Whether nothing was written since the reading began, as far as the log tells.</summary>
    internal bool IsSteady => log.Printed(stream).Count == _known;

    /// <summary>The log has all events that there are, and the file is read next.</summary>
    internal void BeginRead() => _known = log.Printed(stream).Count;

    /// <summary>The log has all events of what was read.</summary>
    /// <param name="count">How many rows were read.</param>
    /// <returns>Where each was written; empty where that can't be told.</returns>
    internal IReadOnlyList<PrintedAt> Tell(int count)
    {
        List<long> own = [.. log.Printed(stream)];
        var isSteady = IsSteady;
        var isExact = isSteady && !_isCarried;
        if (isSteady)
        {
            log.TakePrinted(stream);
        }
        else
        {
            // The last may be of what is not read yet.
            log.DropPrinted(stream, _known);
        }

        _isCarried = !isSteady;
        if (own.Count == 0 || count == 0)
        {
            return [];
        }

        log.Cut();
        var read = Interlocked.Increment(ref _reads);
        var rows = new PrintedAt[count];
        for (var i = 0; i < count; i++)
        {
            var (low, high) = !isExact ? (own[0], own[^1]) : Row(own, i, count);
            rows[i] = new PrintedAt(low, high, PrintSource.File) { Read = read, Before = _before };
        }

        _before = own[^1];
        return rows;
    }

    private (long Low, long High) Row(List<long> own, int row, int count) =>
        isFile && count == own.Count ? (own[row], own[row])
        : isFile && count == 1 ? (own[^1], own[^1]) // What came before it is a header.
        : (own[0], own[^1]);
}
