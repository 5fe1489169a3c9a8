namespace Replicate.Runs.Metrics;

/// <summary>Metrics from a growing file of lines.</summary>
internal sealed class LineFileSource : IFileSource
{
    private const int HeadLength = 1 << 16;

    private readonly TailReader _tail;
    private readonly ILineReader _reader;
    private readonly StepRows _rows;
    private readonly MetricReading _reading = new();
    private readonly LineSplitter _lines;
    private readonly FileTakers _takers;
    private readonly bool _wasThere;
    private bool _isTorn;
    private long _lineCount;

    /// <param name="path">Absolute; the file need not exist.</param>
    /// <param name="reader">Reads its lines.</param>
    /// <param name="takers">Take what they say.</param>
    /// <param name="isNew">Whether all that it holds is of this run; otherwise what it holds now is of an earlier one.</param>
    internal LineFileSource(string path, ILineReader reader, FileTakers takers, bool isNew = false)
    {
        (_reader, _takers) = (reader, takers);
        _rows = new StepRows(takers.Take);
        _lines = new LineSplitter(ReadLine);
        _tail = new TailReader(path, _lines.Add, Restart);
        if (!isNew && _tail.SkipPresent(HeadLength) is { Length: > 0 } head)
        {
            _wasThere = true;
            GoOnAfter(head);
        }
    }

    /// <inheritdoc/>
    public bool HasAppeared => _wasThere || _tail.IsOpen;

    /// <inheritdoc/>
    public string Account =>
        _lineCount == 0 ? (_wasThere ? "nothing was written to it since the run began" : "it is empty")
        : (_reader as CsvReader)?.Account ?? (_lineCount == 1 ? "its line holds no number but a step" : $"its {_lineCount} lines hold no number but a step");

    /// <inheritdoc/>
    public void Poll(bool isLast)
    {
        _tail.Poll();
        if (isLast)
        {
            _lines.Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tail.Dispose();

    /// <summary>Rows that are appended to the file of an earlier run have its encoding, and its header.</summary>
    private void GoOnAfter(byte[] head)
    {
        _lines.GoOn(head);
        if (_reader is CsvReader csv)
        {
            var lines = new LineSplitter((line, _) =>
            {
                if (!csv.HasHeader)
                {
                    csv.Read(line, _reading);
                }
            });
            lines.Add(head);
            lines.Finish();
        }
    }

    private void Restart(bool isOther)
    {
        // Another file in its place leaves this one whole; one that is written anew is torn where it was read last.
        _isTorn = !isOther;
        if (isOther || _reader is not CsvReader)
        {
            _lines.Finish();
        }

        _lines.Drop();
        _isTorn = false;
        _rows.Restart();
        (_reader as CsvReader)?.Restart();
    }

    private void ReadLine(ReadOnlySpan<char> line, bool isProvisional)
    {
        _lineCount += line.IsWhiteSpace() ? 0 : 1;
        _reading.Clear();
        if (!_reader.Read(line, _reading) && !_isTorn)
        {
            _takers.Refuse(line.ToString());
        }

        _rows.Take(_reading);
    }
}
