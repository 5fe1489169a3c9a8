namespace Replicate.Runs.Saves;

/// <summary>
/// Tells where among the changes of files an output of a program was printed. Events of writes to its pipe lie in one queue with those
/// of changes. An event comes a moment after the bytes, so that the last one may still be to come; what can't be told is told as an interval.
/// Not safe from several threads.
/// </summary>
/// <param name="changes">Follows the output.</param>
/// <param name="log">Has the events.</param>
/// <param name="stream">0 for the output, 1 for the error output.</param>
internal sealed class OutputClock(IFileChanges changes, SaveLog log, int stream)
{
    /// <summary>Programs that don't hand on each line collect pieces of a multiple of this.</summary>
    private const int BufferUnit = 4096;

    private const int Outputs = 2;

    private long _low;
    private long _high;
    private long _before;
    private long _lastOwn;
    private long _read;
    private bool _mayBeStale;
    private bool _isCarried;
    private bool _isReading;
    private bool _isAlone;
    private bool _isBuffered;
    private bool _hasEnded;

    /// <summary>Where what was read last was printed.</summary>
    internal PrintedAt Printed { get; private set; }

    /// <summary>From now on events come.</summary>
    internal void Begin()
    {
        _isCarried = changes.HasUnread(stream);

        // Where nothing was written before, no event can be of that.
        (_low, _mayBeStale) = (_isCarried ? 0 : log.Position, _isCarried);
    }

    /// <summary>The log has all events that there are: where all is read, they are of no use for what comes.</summary>
    internal void Settle()
    {
        if (!_isReading && !_isCarried && !changes.HasUnread(stream))
        {
            StartAnew(log.Position > _low);
        }
    }

    /// <summary>Bytes were read just now.</summary>
    internal void BeginRead() => _isReading = true;

    /// <summary>The log has all events since the bytes were read.</summary>
    internal void BeginTell()
    {
        log.Cut();
        (_high, _isAlone, _read) = (log.Position, !changes.HasUnread(stream), _read + Outputs);
    }

    /// <summary>Finds where bytes were printed.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="room">How many bytes could have been read.</param>
    /// <param name="isLastTry">Whether nothing more is waited for.</param>
    /// <returns>Whether it is found as well as it can be.</returns>
    internal bool TryTell(ReadOnlySpan<byte> bytes, int room, bool isLastTry)
    {
        var isComplete = bytes[^1] == (byte)'\n';
        var count = bytes.Count((byte)'\n') + (isComplete ? 0 : 1);
        _isBuffered |= !isComplete && bytes.Length < room && bytes.Length % BufferUnit == 0;
        var (lines, isDone) = _isBuffered ? ([], true) : Find(count);
        if (!isDone && !isLastTry)
        {
            // The events that came before the end are in the log at the next try.
            _hasEnded = changes.HasEnded(stream);
            return false;
        }

        // What a program collected first was printed at any time since it handed on the piece before.
        var low = _isBuffered ? _before : lines.Count > 0 ? lines[0] : _low;
        Printed = new PrintedAt(low, _high, PrintSource.Output) { Lines = lines, Read = _read + stream, Before = _before };
        (_before, _isReading) = (low, false);
        if (changes.HasUnread(stream))
        {
            // Notices may be of what is not read yet.
            (_isCarried, _low) = (true, low);
        }
        else
        {
            (_isCarried, _mayBeStale) = (false, true);

            // A program that goes on after whole lines, and so was told of, isn't in the middle of writing them.
            StartAnew(IsTold || (lines.Count > 0 && isComplete && _lastOwn < _high));
        }

        return true;
    }

    /// <summary>
    /// Whether all events of what was read have come, since something else came or all is over; they are not after the position at
    /// which it was read.
    /// </summary>
    private bool IsTold => _hasEnded || log.Position > _high;

    private void StartAnew(bool isTold)
    {
        log.TakePrinted(stream);
        _mayBeStale &= !isTold;
        _low = log.Position;
        log.Cut();
    }

    /// <summary>The positions of the first lines, as many as are known, and whether waiting tells no more.</summary>
    private (IReadOnlyList<long> Lines, bool IsDone) Find(int count)
    {
        var isTold = IsTold;
        _lastOwn = _high;
        if (_high == _low)
        {
            return (Same(_low, count), true);
        }

        if (_isCarried)
        {
            return ([], true);
        }

        var own = log.Printed(stream).Where(position => position <= _high).ToList();
        if (own.Count == 0)
        {
            return ([], isTold);
        }

        _lastOwn = own[^1];

        if (_mayBeStale && own[0] == _low && (own.Count > 1 || !isTold))
        {
            // The first may be of what was read before.
            return ([], own.Count > 1);
        }

        var isWhole = isTold || own[^1] == _high;
        return count == 1 ? (own[..1], true)
            : own.Count == 1 && isWhole ? (Same(own[0], count), true)
            : own.Count == count && isWhole && _isAlone ? (own, true)
            : (own[..1], isTold || !_isAlone);
    }

    private static long[] Same(long position, int count)
    {
        var lines = new long[count];
        Array.Fill(lines, position);
        return lines;
    }
}
