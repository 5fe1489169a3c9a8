using System.Buffers;
using Replicate.Repositories.Logs;

namespace Replicate.Recording.Output;

/// <summary>
/// Makes lines of what a program writes to a terminal: of what is drawn over, such as a progress bar or several of them, its last state;
/// colours and other sequences are left out. A line that has no end in sight is cut, so that memory stays bounded.
/// </summary>
/// <param name="take">Takes the lines.</param>
internal sealed class ScreenLines(ScreenLines.TakeLine take)
{
    private const byte Escape = 0x1b;
    private const int MaxReach = 32;
    private const int MaxSequence = 1 << 12;

    private static readonly SearchValues<byte> Controls = SearchValues.Create("\n\r\b\u001b"u8);

    // The rows that the program may still change: the one with the cursor, and as many as it went up lately.
    private readonly List<Row> _rows = [new()];
    private readonly List<byte> _sequence = [];
    private int _at;
    private int _reach;
    private int _linesSinceUp;

    /// <summary>Takes a line.</summary>
    /// <param name="text">Its bytes, at most <see cref="LogText.MaxText"/>, which may be no text.</param>
    /// <param name="begun">When it was begun.</param>
    /// <param name="cut">How many bytes more it had.</param>
    /// <param name="isOpen">Whether it may still change.</param>
    internal delegate void TakeLine(ReadOnlySpan<byte> text, DateTime begun, long cut, bool isOpen);

    private bool IsFresh => _rows.Count == 1 && _rows[0].IsEmpty && _reach == 0;

    /// <summary>Takes the next piece.</summary>
    internal void Add(ReadOnlySpan<byte> bytes, DateTime at)
    {
        while (!bytes.IsEmpty)
        {
            if (_sequence.Count > 0)
            {
                bytes = bytes[ReadSequence(bytes)..];
                continue;
            }

            var end = bytes.IndexOfAny(Controls);
            if (end >= 0 && bytes[end] == '\n' && IsFresh)
            {
                take(bytes[..Math.Min(end, LogText.MaxText)], at, Math.Max(0, end - LogText.MaxText), isOpen: false);
                bytes = bytes[(end + 1)..];
                continue;
            }

            if (end != 0)
            {
                _rows[_at].Add(end < 0 ? bytes : bytes[..end], at);
                bytes = end < 0 ? [] : bytes[end..];
                continue;
            }

            switch (bytes[0])
            {
                case (byte)'\n': NewLine(at); break;
                case Escape: _sequence.Add(Escape); break;
                default: _rows[_at].IsReturned = true; break;
            }

            bytes = bytes[1..];
        }
    }

    /// <summary>Shows what may still change, as it is now.</summary>
    internal void ShowOpen()
    {
        foreach (var row in _rows.Where(row => row.Length > 0))
        {
            row.Emit(take, isOpen: true);
        }
    }

    /// <summary>Takes what is left for lines.</summary>
    internal void Finish()
    {
        foreach (var row in _rows.Where(row => row.Length > 0))
        {
            row.Emit(take, isOpen: false);
        }

        _rows.Clear();
        _rows.Add(new Row());
        _sequence.Clear();
        (_at, _reach) = (0, 0);
    }

    private void NewLine(DateTime at)
    {
        if (_at < _rows.Count - 1)
        {
            _rows[++_at].IsReturned = true;
            return;
        }

        _rows[_at].Touch(at);
        _rows.Add(new Row());
        _at++;
        if (_reach > 0 && ++_linesSinceUp > (4 * _reach) + MaxReach)
        {
            _reach = 0;
        }

        for (; _rows.Count - 1 > _reach; _at--)
        {
            if (!_rows[0].IsTold)
            {
                _rows[0].Emit(take, isOpen: false);
            }

            _rows.RemoveAt(0);
        }
    }

    private void Move(int rows)
    {
        if (rows < 0)
        {
            // What is above was a line before anybody could know that it will change.
            for (; _at + rows < 0 && _rows.Count <= MaxReach; _at++)
            {
                _rows.Insert(0, new Row { IsTold = true });
            }

            (_reach, _linesSinceUp) = (Math.Min(MaxReach, Math.Max(_reach, _rows.Count - 1)), 0);
        }

        _at = Math.Clamp(_at + rows, 0, _rows.Count - 1);
        _rows[_at].IsReturned = true;
    }

    /// <summary>Goes on with a sequence that was begun, and does what it says at its end.</summary>
    /// <returns>How many bytes are of it.</returns>
    private int ReadSequence(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            _sequence.Add(bytes[i]);
            var isTitle = _sequence[1] == ']';
            var isEnd = isTitle ? bytes[i] == '\a' || (bytes[i] == '\\' && _sequence[^2] == Escape)
                : _sequence[1] == '[' ? _sequence.Count > 2 && bytes[i] is >= 0x40 and <= 0x7e
                : bytes[i] is not (>= 0x20 and <= 0x2f);

            // A line's end is in no sequence: what began as one is none.
            if (isEnd || bytes[i] == '\n' || _sequence.Count > MaxSequence)
            {
                var isBroken = bytes[i] == '\n';
                if (isEnd && !isBroken && _sequence[1] == '[')
                {
                    Obey(_sequence[^1], Argument());
                }

                _sequence.Clear();
                return isBroken ? i : i + 1;
            }
        }

        return bytes.Length;
    }

    private int? Argument()
    {
        var number = 0;
        for (var i = 2; i < _sequence.Count - 1; i++)
        {
            if (_sequence[i] is < (byte)'0' or > (byte)'9')
            {
                return null;
            }

            number = Math.Min(MaxSequence, (10 * number) + _sequence[i] - '0');
        }

        return _sequence.Count > 3 ? number : null;
    }

    private void Obey(byte command, int? argument)
    {
        var row = _rows[_at];
        switch ((char)command)
        {
            case 'A' or 'F': Move(-Math.Clamp(argument ?? 1, 1, MaxReach)); break;
            case 'B' or 'E': Move(Math.Clamp(argument ?? 1, 1, MaxReach)); break;
            case 'D' or 'G' or 'H': row.IsReturned = true; break;
            case 'K' when argument is 1 or 2 || row.IsReturned: row.Clear(); break;
            case 'J' when argument is null or 0:
                if (row.IsReturned)
                {
                    row.Clear();
                }

                _rows.Skip(_at + 1).ToList().ForEach(below => below.Clear());
                break;
        }
    }

    /// <summary>A line of the screen.</summary>
    private sealed class Row
    {
        private byte[] _bytes = [];
        private DateTime _begun;
        private long _cut;
        private bool _isDrawnOver;

        internal int Length { get; private set; }

        /// <summary>Whether the next text goes over what is there.</summary>
        internal bool IsReturned { get; set; }

        /// <summary>Whether it is a line that was taken, and nothing was drawn over it.</summary>
        internal bool IsTold { get; set; }

        internal bool IsEmpty => Length == 0 && !IsReturned;

        internal void Add(ReadOnlySpan<byte> bytes, DateTime at)
        {
            if (IsReturned)
            {
                Clear();
            }

            Touch(at);
            IsTold = false;
            var kept = bytes[..Math.Min(bytes.Length, LogText.MaxText - Length)];
            if (Length + kept.Length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(Length + kept.Length, Math.Min(LogText.MaxText, 2 * _bytes.Length)));
            }

            kept.CopyTo(_bytes.AsSpan(Length));
            Length += kept.Length;
            _cut += bytes.Length - kept.Length;
        }

        internal void Touch(DateTime at) => _begun = Length == 0 ? at : _begun;

        internal void Clear() => (Length, _cut, IsReturned, _isDrawnOver) = (0, 0, false, true);

        internal void Emit(TakeLine take, bool isOpen)
        {
            // What a bar is rubbed out with is nothing that it says.
            var text = _bytes.AsSpan(0, Length);
            take(_isDrawnOver ? text.TrimEnd((byte)' ') : text, _begun, _cut, isOpen);
        }
    }
}
