namespace Replicate.Runs.Saves;

/// <summary>
/// Finds where among the changes of what a program saves something is printed: to its outputs, to pipes of this process, or to
/// metrics files. Safe from several threads.
/// </summary>
/// <param name="changes">Tells of both.</param>
/// <param name="log">Has what it told, in its order.</param>
/// <param name="sync">Locked by who uses the log.</param>
internal sealed class PrintPositions(IFileChanges changes, SaveLog log, object sync) : IDisposable
{
    private const int MostTries = 10;

    private readonly LineClock _lines = new(log);
    private readonly OutputClock?[] _clocks = new OutputClock?[2];
    private readonly ManualResetEventSlim _isDecided = new(initialState: false);
    private bool _followsPipes;

    /// <summary>Knows from now on when a program prints, not only when that is read. Its output isn't read before.</summary>
    /// <param name="process">Its process id; null where that can't be known.</param>
    internal void FollowOutput(int? process)
    {
        lock (sync)
        {
            for (var stream = 0; stream < _clocks.Length; stream++)
            {
                if (process is { } id && changes.TryFollowOutput(stream, id))
                {
                    Drain();
                    var clock = new OutputClock(changes, log, stream);
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

        changes.WaitForOutput(stream);
        int length;
        lock (sync)
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
            lock (sync)
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
        lock (sync)
        {
            if (_clocks[isError ? 1 : 0] is { } clock)
            {
                return clock.Printed;
            }

            changes.Read(log, isNow: true);
            return log.PrintLate(PrintSource.Output);
        }
    }

    /// <summary>Where a line was printed that was handed in just now.</summary>
    internal PrintedAt Line()
    {
        lock (sync)
        {
            _followsPipes = true;
            var pipes = changes.FollowPipes();
            changes.Read(log, isNow: true);
            return _lines.Tell(pipes);
        }
    }

    /// <summary>Lines are handed in, and may come through pipes of this process.</summary>
    internal void FollowLines()
    {
        lock (sync)
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
        lock (sync)
        {
            var stream = log.AddStream();
            return changes.TryFollowFile(path, stream) ? new FileClock(log, stream, isFile) : null;
        }
    }

    /// <summary>A metrics file is read next.</summary>
    internal void BeginRows(FileClock clock)
    {
        lock (sync)
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
        lock (sync)
        {
            Drain();
            return clock.IsSteady;
        }
    }

    /// <summary>Where the rows were written that were read just now from a metrics file; empty where that can't be told.</summary>
    internal IReadOnlyList<PrintedAt> Rows(FileClock clock, int count)
    {
        lock (sync)
        {
            Drain();
            return clock.Tell(count);
        }
    }

    /// <summary>Where something was written that was read just now from a metrics file.</summary>
    internal PrintedAt FileRow()
    {
        lock (sync)
        {
            changes.Read(log, isNow: true);
            return log.PrintLate(PrintSource.File);
        }
    }

    /// <summary>Adds what is told by now to the log, which its user has locked.</summary>
    internal void Drain()
    {
        changes.Read(log);
        Settle();
    }

    /// <summary>The log, which its user has locked, has all that is told by now.</summary>
    internal void Settle()
    {
        foreach (var clock in _clocks)
        {
            clock?.Settle();
        }
    }

    /// <summary>Follows pipes that this process has opened meanwhile, where lines may come through them; its user has locked the log.</summary>
    internal void FollowNewPipes()
    {
        if (_followsPipes)
        {
            changes.FollowPipes();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _isDecided.Dispose();
}
