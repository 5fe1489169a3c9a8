using System.Buffers;
using System.Text;
using Replicate.Recording.Secrets;
using Replicate.Repositories.Logs;

namespace Replicate.Recording.Output;

/// <summary>
/// Keeps what a run writes, as it comes: lines with their times, without secrets, compressed, flushed twice a second. Whoever adds to it
/// waits for a copy in memory, and for a thread that reads it only where that falls far behind.
/// </summary>
internal sealed class OutputLog : IDisposable
{
    private const int MostWaiting = 1 << 22;
    private const int EnoughToRead = 1 << 17;

    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(400);

    private readonly Lock _reading = new();
    private readonly object _lock = new();
    private readonly SegmentWriter _segments;
    private readonly HashSet<string> _masked = [];
    private readonly ScreenLines[] _streams;
    private readonly LogMask[] _masks;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly ArrayBufferWriter<byte> _open = new();
    private readonly byte[] _prefix = new byte[LogText.PrefixLength];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Batch _coming = new();
    private Batch _spare = new();
    private (DateTime Begun, LogStream Stream, bool IsOpen) _prefixOf;
    private int _lineCount;
    private bool _isOver;
    private bool _isUnflushed;
    private bool _hasFailed;

    /// <summary>Begins a log; nothing is written before the first line.</summary>
    /// <param name="segments">Writes it.</param>
    internal OutputLog(SegmentWriter segments)
    {
        _segments = segments;
        var mask = SecretMask.OfProcess();
        _masks = [new LogMask(mask, _masked), new LogMask(mask, _masked)];
        _streams =
        [
            new ScreenLines((text, begun, cut, isOpen) => Take(LogStream.Output, text, begun, cut, isOpen)),
            new ScreenLines((text, begun, cut, isOpen) => Take(LogStream.Error, text, begun, cut, isOpen)),
        ];
        new Thread(Read) { IsBackground = true, Name = "log" }.Start();
    }

    /// <summary>Adds a copy of a piece of output; after <see cref="FinishAsync"/> nothing is taken any more. Safe from several threads.</summary>
    /// <param name="isError">Whether it is of the error output.</param>
    /// <param name="bytes">The piece.</param>
    internal void Add(bool isError, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            while (_coming.Length > MostWaiting && !_isOver)
            {
                Monitor.Wait(_lock);
            }

            if (_isOver || bytes.IsEmpty)
            {
                return;
            }

            var wasEmpty = _coming.Length == 0;
            _coming.Add(isError, bytes, DateTime.UtcNow);
            if (wasEmpty || _coming.Length >= EnoughToRead)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Adds a text of one line or several, whole.</summary>
    internal void AddLine(bool isError, string text) => Add(isError, Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n"));

    /// <summary>Writes all that was added, and ends the log.</summary>
    internal Task FinishAsync()
    {
        lock (_lock)
        {
            _isOver = true;
            Monitor.PulseAll(_lock);
        }

        return _done.Task;
    }

    /// <summary>Hands to the system what was added before, so that it outlives the process.</summary>
    internal void Flush()
    {
        lock (_reading)
        {
            lock (_lock)
            {
                Swap();
            }

            Try(() =>
            {
                ReadBatch();
                WriteOut();
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => FinishAsync();

    private void Read()
    {
        var lastFlush = Environment.TickCount64;
        while (WaitForMore(lastFlush))
        {
            lock (_reading)
            {
                lock (_lock)
                {
                    Swap();
                }

                Try(() =>
                {
                    ReadBatch();
                    if (Environment.TickCount64 - lastFlush >= FlushInterval.TotalMilliseconds)
                    {
                        WriteOut();
                        lastFlush = Environment.TickCount64;
                    }
                });
            }
        }

        lock (_reading)
        {
            lock (_lock)
            {
                Swap();
            }

            Try(() =>
            {
                ReadBatch();
                Array.ForEach(_streams, stream => stream.Finish());
                WriteLines();
                _segments.Finish();
            });
        }

        TellMasked();
        _done.SetResult();
    }

    /// <summary>Waits until there is something to do.</summary>
    /// <returns>False where all was added, and what came last is to be read.</returns>
    private bool WaitForMore(long lastFlush)
    {
        lock (_lock)
        {
            while (_coming.Length == 0 && !_isOver && (!_isUnflushed || Environment.TickCount64 - lastFlush < FlushInterval.TotalMilliseconds))
            {
                Monitor.Wait(_lock, _isUnflushed ? BatchTime : Timeout.InfiniteTimeSpan);
            }

            // Many small pieces are read together.
            if (_coming.Length < EnoughToRead && !_isOver)
            {
                Monitor.Wait(_lock, BatchTime);
            }

            return !_isOver;
        }
    }

    private void Swap()
    {
        (_coming, _spare) = (_spare, _coming);
        Monitor.PulseAll(_lock);
    }

    private void ReadBatch()
    {
        foreach (var (isError, bytes, at) in _spare)
        {
            _isUnflushed = true;
            _streams[isError ? 1 : 0].Add(bytes.Span, at);
        }

        _spare.Clear();
    }

    private void WriteOut()
    {
        _isUnflushed = false;
        WriteLines();
        _open.ResetWrittenCount();
        Array.ForEach(_streams, stream => stream.ShowOpen());
        _segments.Flush(_open.WrittenSpan);
    }

    private void Take(LogStream stream, ReadOnlySpan<byte> text, DateTime begun, long cut, bool isOpen)
    {
        if (_prefixOf != (begun, stream, isOpen))
        {
            _prefixOf = (begun, stream, isOpen);
            LogText.WritePrefix(_prefix, begun, stream, isOpen);
        }

        var target = isOpen ? _open : _lines;
        target.Write(_prefix);
        _masks[(int)stream].Write(text, isOpen, target);
        if (cut > 0)
        {
            Encoding.UTF8.GetBytes($" … ({cut} bytes more of this line are not kept)", target);
        }

        target.Write("\n"u8);
        if (!isOpen)
        {
            _lineCount++;
            if (_lines.WrittenCount >= _segments.BestLength)
            {
                WriteLines();
            }
        }
    }

    private void WriteLines()
    {
        if (_lineCount > 0)
        {
            _segments.Write(_lines.WrittenSpan, _lineCount);
            _lines.ResetWrittenCount();
            _lineCount = 0;
        }
    }

    /// <summary>Does some of the work. Where the log can't be written the run goes on, and that is said once.</summary>
    private void Try(Action work)
    {
        if (_hasFailed)
        {
            _spare.Clear();
            return;
        }

        try
        {
            work();
        }
        catch (Exception e) when (e is ReplicateException or IOException or UnauthorizedAccessException)
        {
            _hasFailed = true;
            _spare.Clear();
            Log.Warn($"What the run writes is not kept any more: {e.Message.TrimEnd('.')}. It goes on.");
        }
    }

    private void TellMasked()
    {
        using var masking = new Masking();
        foreach (var name in _masked)
        {
            masking.Found.Add(name);
        }
    }

    /// <summary>Pieces of output in the order in which they came.</summary>
    private sealed class Batch
    {
        private readonly List<(int Start, int Length, bool IsError, DateTime At)> _pieces = [];
        private byte[] _bytes = new byte[1 << 14];

        internal int Length { get; private set; }

        internal void Add(bool isError, ReadOnlySpan<byte> bytes, DateTime at)
        {
            if (Length + bytes.Length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(Length + bytes.Length, 2 * _bytes.Length));
            }

            bytes.CopyTo(_bytes.AsSpan(Length));
            if (_pieces is [.., var last] && last.IsError == isError && at - last.At < TimeSpan.FromMilliseconds(1))
            {
                _pieces[^1] = last with { Length = last.Length + bytes.Length };
            }
            else
            {
                _pieces.Add((Length, bytes.Length, isError, at));
            }

            Length += bytes.Length;
        }

        internal void Clear()
        {
            _pieces.Clear();
            Length = 0;
        }

        public IEnumerator<(bool IsError, ReadOnlyMemory<byte> Bytes, DateTime At)> GetEnumerator()
        {
            foreach (var (start, length, isError, at) in _pieces)
            {
                yield return (isError, _bytes.AsMemory(start, length), at);
            }
        }
    }
}
