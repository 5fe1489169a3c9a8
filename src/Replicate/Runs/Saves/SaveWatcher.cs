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

    private readonly object _lock = new();
    private readonly SaveLog _log = new();
    private readonly SavePath _path;
    private readonly SnapshotDirectory _snapshots;
    private readonly IFileChanges _changes;
    private readonly SavedVersions _versions;
    private readonly Thread _thread;
    private long _refused = -1;
    private bool _isOver;

    /// <summary>Begins to follow.</summary>
    /// <param name="path">What is saved; it need not exist yet. What it holds now is of no step.</param>
    /// <param name="snapshots">Where what is large is copied to.</param>
    /// <param name="changes">Tells of changes since it was made.</param>
    internal SaveWatcher(SavePath path, SnapshotDirectory snapshots, IFileChanges changes)
    {
        (_path, _snapshots, _changes) = (path, snapshots, changes);
        Prints = new PrintPositions(changes, _log, _lock);
        _versions = new SavedVersions(new SavedVersion(0, path.Stamps(), files: null, prints: 0));
        _thread = new Thread(Follow) { IsBackground = true, Name = "saves" };
        _thread.Start();
    }

    /// <summary>The best way of following a path that there is here.</summary>
    internal static IFileChanges ChangesOf(SavePath path) => (IFileChanges?)InotifyChanges.TryOpen(path.Full, path.Root) ?? new PolledChanges(
        () => path.Stamps().Where(entry => entry.Stamp is not null).ToDictionary(entry => entry.Path, entry => entry.Stamp!.Value));

    /// <summary>Where among the changes something is printed.</summary>
    internal PrintPositions Prints { get; }

    /// <summary>Whether nothing changed for a time, in milliseconds.</summary>
    internal bool IsQuietFor(long milliseconds)
    {
        lock (_lock)
        {
            return Environment.TickCount64 - _log.LastTick >= milliseconds;
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
        Prints.Dispose();
    }

    private void Follow()
    {
        for (var isOver = false; !isOver;)
        {
            _changes.Wait(LongestWait);
            lock (_lock)
            {
                isOver = _isOver;
                Prints.FollowNewPipes();
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
            Prints.Drain();
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
            Prints.Drain();
            position = _log.Position;
        }

        var taken = _path.TryTakeSnapshot(_snapshots);
        var isCertain = isOver || taken is null || IsTold();
        lock (_lock)
        {
            _changes.Read(_log, isNow: true);
            Prints.Settle();
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

    private bool IsWhole()
    {
        var quiet = Environment.TickCount64 - _log.LastTick;
        return _log.IsBusy ? quiet >= Steady : !Directory.Exists(_path.Full) || quiet >= QuietInDirectory;
    }
}
