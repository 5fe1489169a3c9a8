using Replicate.Recording;
using Replicate.Archives.Snapshots;

namespace Replicate.Runs.Saves;

/// <summary>
/// Follows what a program saves under a path, and takes each version of it as soon as it is whole, before the program
/// writes the next. Which version belongs to which step is asked later. Safe from several threads.
/// </summary>
internal sealed class SaveWatcher : IDisposable
{
    private const int LongestWait = 20;

    /// <summary>How long a file that is kept open stays as it is before it counts as whole, in milliseconds.</summary>
    private const long Steady = 500;

    /// <summary>How long nothing changes in a directory before what is in it counts as one version, in milliseconds.</summary>
    private const long QuietInDirectory = 5;

    /// <summary>How long nothing changes where it can't be told whether a change is under way, in milliseconds.</summary>
    private const long Untold = 50;

    private const int MostTries = 10;

    private readonly object _lock = new();
    private readonly SaveLog _log = new();
    private readonly SavePath _path;
    private readonly SnapshotDirectory _snapshots;
    private readonly IFileChanges _changes;
    private readonly LineClock _lines;
    private readonly SavedVersions _versions;
    private readonly OutputClock?[] _clocks = new OutputClock?[2];
    private readonly ManualResetEventSlim _isDecided = new(initialState: false);
    private readonly Thread _thread;
    private long _refused = -1;
    private bool _followsPipes;
    private bool _isOver;

    /// <summary>Begins to follow.</summary>
    /// <param name="path">What is saved; it need not exist yet. What it holds now is of no step.</param>
    /// <param name="snapshots">Where what is large is copied to.</param>
    /// <param name="changes">Tells of changes since it was made.</param>
    internal SaveWatcher(SavePath path, SnapshotDirectory snapshots, IFileChanges changes)
    {
        (_path, _snapshots, _changes) = (path, snapshots, changes);
        _lines = new LineClock(_log);
        _versions = new SavedVersions(new SavedVersion(0, path.Stamps(), files: null, prints: 0));
        _thread = new Thread(Follow) { IsBackground = true, Name = "saves" };
        _thread.Start();
    }

    /// <summary>The best way of following a path that there is here.</summary>
    internal static IFileChanges ChangesOf(SavePath path) => (IFileChanges?)InotifyChanges.TryOpen(path.Full, path.Root) ?? new PolledChanges(
        () => path.Stamps().Where(entry => entry.Stamp is not null).ToDictionary(entry => entry.Path, entry => entry.Stamp!.Value));

    /// <summary>Whether nothing changed for a time, in milliseconds.</summary>
    internal bool IsQuietFor(long milliseconds)
    {
        lock (_lock)
        {
            return Environment.TickCount64 - _log.LastTick >= milliseconds;
        }
    }

    /// <summary>Knows from now on when a program prints, not only when that is read. Its output isn't read before.</summary>
    /// <param name="process">Its process id; null where that can't be known.</param>
    internal void FollowOutput(int? process)
    {
        lock (_lock)
        {
            for (var stream = 0; stream < _clocks.Length; stream++)
            {
                if (process is { } id && _changes.TryFollowOutput(stream, id))
                {
                    Drain();
                    var clock = new OutputClock(_changes, _log, stream);
                    clock.Begin();
                    _clocks[stream] = clock;
                }
            }
        }

        _isDecided.Set();
    }

    /// <summary>Reads from a program's output, and finds where among the changes that was printed.</summary>
    /// <param name="isError">Whether it is the error output.</param>
    /// <param name="source">The output.</param>
    /// <param name="buffer">Takes the bytes.</param>
    /// <returns>How many bytes; 0 at the end.</returns>
    internal int Read(bool isError, Stream source, Span<byte> buffer)
    {
        var stream = isError ? 1 : 0;
        _isDecided.Wait();
        if (_clocks[stream] is not { } clock)
        {
            return source.Read(buffer);
        }

        _changes.WaitForOutput(stream);
        int length;
        lock (_lock)
        {
            length = source.Read(buffer);
            if (length == 0)
            {
                return 0;
            }

            clock.BeginRead();
            Drain();
            clock.BeginTell();
        }

        for (var tries = 0; ; tries++)
        {
            lock (_lock)
            {
                Drain();
                if (clock.TryTell(buffer[..length], buffer.Length, isLastTry: tries >= MostTries))
                {
                    return length;
                }
            }

            Thread.Sleep(tries < MostTries / 2 ? 0 : 1);
        }
    }

    /// <summary>Where the bytes were printed that <see cref="Read"/> gave last.</summary>
    internal PrintedAt Printed(bool isError)
    {
        lock (_lock)
        {
            if (_clocks[isError ? 1 : 0] is { } clock)
            {
                return clock.Printed;
            }

            _changes.Read(_log, isNow: true);
            return _log.PrintLate(PrintSource.Output);
        }
    }

    /// <summary>Where a line was printed that was handed in just now.</summary>
    internal PrintedAt Line()
    {
        lock (_lock)
        {
            _followsPipes = true;
            var pipes = _changes.FollowPipes();
            _changes.Read(_log, isNow: true);
            return _lines.Tell(pipes);
        }
    }

    /// <summary>Lines are handed in, and may come through pipes of this process.</summary>
    internal void FollowLines()
    {
        lock (_lock)
        {
            _followsPipes = true;
        }
    }

    /// <summary>Knows from now on when a metrics file is written, not only when that is read.</summary>
    /// <param name="path">Its absolute path, or a directory.</param>
    /// <param name="isFile">Whether it is one file.</param>
    /// <returns>Null where that can't be seen.</returns>
    internal FileClock? FollowFile(string path, bool isFile)
    {
        lock (_lock)
        {
            var stream = _log.AddStream();
            return _changes.TryFollowFile(path, stream) ? new FileClock(_log, stream, isFile) : null;
        }
    }

    /// <summary>A metrics file is read next.</summary>
    internal void BeginRows(FileClock clock)
    {
        lock (_lock)
        {
            Drain();
            clock.BeginRead();
        }
    }

    /// <summary>Whether a metrics file was not written again since it was read.</summary>
    internal bool IsReadWhole(FileClock clock)
    {
        // The event comes a moment after the bytes.
        Thread.Sleep(1);
        lock (_lock)
        {
            Drain();
            return clock.IsSteady;
        }
    }

    /// <summary>Where the rows were written that were read just now from a metrics file; empty where that can't be told.</summary>
    internal IReadOnlyList<PrintedAt> Rows(FileClock clock, int count)
    {
        lock (_lock)
        {
            Drain();
            return clock.Tell(count);
        }
    }

    /// <summary>Where something was written that was read just now from a metrics file.</summary>
    internal PrintedAt FileRow()
    {
        lock (_lock)
        {
            _changes.Read(_log, isNow: true);
            return _log.PrintLate(PrintSource.File);
        }
    }

    /// <summary>The changes after one position and not after another; null for none.</summary>
    internal SavePeriod? Period(long after, long until)
    {
        lock (_lock)
        {
            return _log.Period(after, until);
        }
    }

    /// <summary>Takes what the path held at a position, where that was written after another one.</summary>
    /// <param name="after">What was there then is of an earlier step.</param>
    /// <param name="until">The position.</param>
    /// <param name="isFinal">Whether what is not whole by now is lost.</param>
    /// <returns>The files, or the names of what was written and could not be taken whole; null where that isn't known yet.</returns>
    internal StepSave? TryTake(long after, long until, bool isFinal)
    {
        lock (_lock)
        {
            if (_log.Period(after, until) is not { } changes)
            {
                return StepSave.Nothing;
            }

            if (_versions.At(changes.Position) is { } version)
            {
                // What was only touched is as it was.
                return version.First <= after ? StepSave.Nothing
                    : version.Take() is { } files ? new StepSave(files, [])
                    : Lost(after, until);
            }

            return isFinal || changes.Position < _log.Position || _refused == changes.Position ? Lost(after, until) : null;
        }
    }

    /// <summary>What a step has of which it can't be told which version of the files is its own.</summary>
    internal StepSave Lost(long after, long until)
    {
        lock (_lock)
        {
            return new StepSave(null, [.. _log.Changed(after, until).Select(_path.NameOf)]);
        }
    }

    /// <summary>Forgets all that was before a position: its steps have what they get.</summary>
    internal void ForgetUntil(long position)
    {
        lock (_lock)
        {
            _log.ForgetUntil(position);
            _versions.ForgetUntil(position);
        }
    }

    /// <summary>The program has ended: takes what it left, and stops.</summary>
    internal void Finish()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _changes.Wake();
        _thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish();
        _versions.Drop();
        _changes.Dispose();
        _isDecided.Dispose();
    }

    private void Follow()
    {
        for (var isOver = false; !isOver;)
        {
            _changes.Wait(LongestWait);
            lock (_lock)
            {
                isOver = _isOver;
                if (_followsPipes)
                {
                    _changes.FollowPipes();
                }
            }

            while (TakeVersion(isOver))
            {
                // What is written in pieces is taken at the last one.
            }
        }
    }

    /// <summary>Takes what is there now if that is whole and new.</summary>
    /// <returns>Whether there may be something new again.</returns>
    private bool TakeVersion(bool isOver)
    {
        lock (_lock)
        {
            Drain();
            if (IsKnown() || !(isOver || IsWhole()))
            {
                return false;
            }
        }

        if (!isOver && !IsTold())
        {
            return false;
        }

        long position;
        lock (_lock)
        {
            Drain();
            position = _log.Position;
        }

        var taken = _path.TryTakeSnapshot(_snapshots);
        var isCertain = isOver || taken is null || IsTold();
        lock (_lock)
        {
            _changes.Read(_log, isNow: true);
            Settle();
            if (position != _log.Position || !isCertain || IsKnown())
            {
                taken?.Dispose();
                return position != _log.Position;
            }

            if (taken is null || _versions.Newest.IsEmptiedIn(taken))
            {
                taken?.Dispose();
                _refused = position;
            }
            else if (_versions.Newest.IsSameAs(taken))
            {
                taken.Dispose();
                _versions.Newest.Last = position;
            }
            else
            {
                _versions.Add(new SavedVersion(position, taken.Stamps, taken, _log.PrintsAtChange));
            }

            return false;
        }
    }

    private bool IsKnown() => _log.Position == _versions.Newest.Last || _log.Position == _refused;

    /// <summary>Whether all that was done to the files was told by events, which can be read then: nothing is under way.</summary>
    private bool IsTold()
    {
        IReadOnlyList<string> files;
        try
        {
            files = [.. _path.Select().Where(file => file.LinkTarget is null).Select(file => file.FullPath)];
        }
        catch (Exception e) when (e is ReplicateException or IOException or UnauthorizedAccessException)
        {
            // What isn't there is written by nobody.
            return true;
        }

        bool? isFree = true;
        foreach (var file in files)
        {
            isFree = FileLease.IsFree(file);
            if (isFree != true)
            {
                break;
            }
        }

        if (isFree != true)
        {
            // A file that is kept open is as it is if nothing happens for long.
            lock (_lock)
            {
                return Environment.TickCount64 - _log.LastTick >= (isFree is null && !_log.IsBusy ? Untold : Steady);
            }
        }

        // A directory can be read when nobody is about to put another file in place in it.
        foreach (var directory in files.Append(_path.Full).Select(Path.GetDirectoryName).OfType<string>().Distinct())
        {
            using var entries = Directory.EnumerateFileSystemEntries(directory).GetEnumerator();
            _ = entries.MoveNext();
        }

        return true;
    }

    private void Drain()
    {
        _changes.Read(_log);
        Settle();
    }

    private void Settle()
    {
        foreach (var clock in _clocks)
        {
            clock?.Settle();
        }
    }

    private bool IsWhole()
    {
        var quiet = Environment.TickCount64 - _log.LastTick;
        return _log.IsBusy ? quiet >= Steady : !Directory.Exists(_path.Full) || quiet >= QuietInDirectory;
    }
}
