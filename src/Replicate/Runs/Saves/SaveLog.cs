namespace Replicate.Runs.Saves;

/// <summary>
/// The changes of the files that a program saves, in their order, and where between them it printed. Changes are numbered from 1;
/// the <i>position</i> is the number of the last one. Not safe from several threads.
/// </summary>
internal sealed class SaveLog
{
    /// <summary>So many changes are kept of a program that writes and writes and prints nothing.</summary>
    private const int Most = 100_000;

    /// <summary>By how much what is printed may be read later than it was written where the system does not tell, in milliseconds.</summary>
    private const long LateLines = 50;
    private const long LateFiles = 100;

    private readonly List<(long First, long Last, string Path, long Began, long Tick)> _changes = [];
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly List<List<long>> _printed = [[], [], []];
    private readonly List<long> _lastPrinted = [0, 0, 0];
    private bool _startsAnew;

    /// <summary>How many changes there were.</summary>
    internal long Position { get; private set; }

    /// <summary>When the last change was seen, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long LastTick { get; private set; } = Environment.TickCount64;

    /// <summary>Whether a file was written that its writer has not closed, nor printed anything since.</summary>
    internal bool IsBusy => _busy.Count > 0;

    /// <summary>How often something had been printed at the last change: what lies between two such counts was seen by a line.</summary>
    internal long PrintsAtChange { get; private set; }

    private long Prints { get; set; }

    /// <summary>A file was written, made, moved or deleted.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="isFinished">Whether nobody writes it any more.</param>
    internal void Change(string path, bool isFinished)
    {
        (Position, LastTick, PrintsAtChange) = (Position + 1, Environment.TickCount64, Prints);
        if (isFinished)
        {
            _busy.Remove(path);
        }
        else
        {
            _busy.Add(path);
        }

        // A large file is written in a hundred thousand pieces.
        if (!_startsAnew && _changes.Count > 0 && _changes[^1].Path == path)
        {
            _changes[^1] = _changes[^1] with { Last = Position, Tick = LastTick };
        }
        else
        {
            _changes.Add((Position, Position, path, LastTick, LastTick));
            _startsAnew = false;
            if (_changes.Count > Most)
            {
                _changes.RemoveRange(0, Most / 2);
            }
        }
    }

    /// <summary>Nobody writes a file any more that was written.</summary>
    internal void Settle(string path) => _busy.Remove(path);

    /// <summary>Another stream is told of from now on: its number.</summary>
    internal int AddStream()
    {
        _printed.Add([]);
        _lastPrinted.Add(0);
        return _printed.Count - 1;
    }

    /// <summary>Something was printed.</summary>
    /// <param name="stream">0 for the output, 1 for the error output, 2 for another pipe, and above that a metrics file.</param>
    internal void Print(int stream)
    {
        var printed = _printed[stream];
        if (printed.Count == 0 || printed[^1] != Position)
        {
            printed.Add(Position);
        }

        _lastPrinted[stream] = Position;
        Prints++;
        Cut();

        // Who saves in the middle of a line is not the one who prints: such a file is kept open, as a log is.
        _busy.Clear();
    }

    /// <summary>The positions at which a stream was written since they were taken the last time, in their order.</summary>
    internal IReadOnlyList<long> Printed(int stream) => _printed[stream];

    /// <summary>The same, which are forgotten then.</summary>
    internal IReadOnlyList<long> TakePrinted(int stream)
    {
        var printed = _printed[stream];
        if (printed.Count == 0)
        {
            return [];
        }

        _printed[stream] = [];
        return printed;
    }

    /// <summary>Forgets the first of the positions at which a stream was written.</summary>
    internal void DropPrinted(int stream, int count) => _printed[stream].RemoveRange(0, count);

    /// <summary>The position at which a stream was last seen to be written.</summary>
    internal long LastPrinted(int stream) => _lastPrinted[stream];

    /// <summary>Somebody is going to ask for what lies before or after now.</summary>
    internal void Cut() => _startsAnew = true;

    /// <summary>Something was printed that no stream tells of: it is read later than it was, by how much at most hangs on where.</summary>
    internal PrintedAt PrintLate(PrintSource source)
    {
        var late = source == PrintSource.File ? LateFiles : LateLines;
        return PrintNow(new PrintedAt(PositionAt(Environment.TickCount64 - late), Position, source, IsLate: true));
    }

    /// <summary>Something was printed that no stream tells of, at a place that is known.</summary>
    internal PrintedAt PrintNow(PrintedAt printed)
    {
        Cut();
        Prints++;
        return printed;
    }

    /// <summary>The position at a time, in milliseconds of <see cref="Environment.TickCount64"/>; not after it.</summary>
    internal long PositionAt(long tick)
    {
        for (var i = _changes.Count - 1; i >= 0; i--)
        {
            if (_changes[i].Tick < tick)
            {
                return _changes[i].Last;
            }
        }

        return _changes.Count > 0 ? _changes[0].First - 1 : Position;
    }

    /// <summary>The changes after one position and not after another: the last, and when they began and ended; null for none.</summary>
    internal SavePeriod? Period(long after, long until)
    {
        SavePeriod? period = null;
        foreach (var change in _changes)
        {
            if (change.Last > after && change.Last <= until)
            {
                period = new SavePeriod(change.Last, period?.Began ?? change.Began, change.Tick);
            }
        }

        return period;
    }

    /// <summary>The files that were changed after one position and not after another.</summary>
    internal IReadOnlyList<string> Changed(long after, long until) =>
        [.. _changes.Where(change => change.Last > after && change.Last <= until).Select(change => change.Path).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Forgets changes that nobody is going to ask for.</summary>
    internal void ForgetUntil(long position)
    {
        var count = 0;
        while (count < _changes.Count - 1 && _changes[count].Last <= position)
        {
            count++;
        }

        _changes.RemoveRange(0, count);
    }
}

/// <summary>Changes that follow one another.</summary>
/// <param name="Position">The position of the last.</param>
/// <param name="Began">When the first was seen, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
/// <param name="Ended">When the last was seen.</param>
internal readonly record struct SavePeriod(long Position, long Began, long Ended);
