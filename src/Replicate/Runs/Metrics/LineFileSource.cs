namespace Replicate.Runs;

/// <summary>Metrics from a growing file of lines.</summary>
internal sealed class LineFileSource : IFileSource
{
    private readonly TailReader _tail;
    private readonly ILineReader _reader;
    private readonly SeenRows _seen = new();
    private readonly MetricReading _reading = new();
    private readonly LineSplitter _lines;
    private readonly TakeReading _take;
    private readonly Action<string> _refuse;

    /// <param name="path">Absolute; the file need not exist.</param>
    /// <param name="reader">Reads its lines.</param>
    /// <param name="take">Takes what they say.</param>
    /// <param name="refuse">Takes a line that cannot be read.</param>
    internal LineFileSource(string path, ILineReader reader, TakeReading take, Action<string> refuse)
    {
        (_reader, _take, _refuse) = (reader, take, refuse);
        _lines = new LineSplitter(ReadLine);
        _tail = new TailReader(path, _lines.Add, Restart);
        _tail.SkipPresent();
        if (_tail.IsOpen && reader is CsvReader)
        {
            // Rows that are appended to the file of an earlier run have its header.
            foreach (var header in File.ReadLines(path).Where(line => line.Trim().Length > 0).Take(1))
            {
                reader.Read(header, _reading);
            }
        }

        WasThere = _tail.IsOpen;
    }

    private bool WasThere { get; }

    /// <inheritdoc/>
    public bool HasAppeared => WasThere || _tail.IsOpen;

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

    private void Restart()
    {
        _lines.Finish();
        _seen.Restart();
        (_reader as CsvReader)?.Restart();
    }

    private void ReadLine(ReadOnlySpan<char> line, bool isProvisional)
    {
        _reading.Clear();
        if (!_reader.Read(line, _reading))
        {
            _refuse(line.ToString());
        }

        if (!_reading.IsEmpty && _seen.IsNew(_reading))
        {
            _take(_reading);
        }
    }
}
