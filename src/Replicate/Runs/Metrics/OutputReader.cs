namespace Replicate.Runs.Metrics;

/// <summary>Reads the metrics of the program's output, which may come as bytes of two streams or as lines.</summary>
internal sealed class OutputReader
{
    private readonly (int Index, MetricSource Source, ILineReader Reader)[] _readers;
    private readonly MetricCollector _collector;
    private readonly MetricProblems _problems;
    private readonly MetricReading _reading = new();
    private readonly LineSplitter[] _streams;
    private readonly long[] _linesWithMetrics;
    private readonly OutputSeen _seen = new();
    private readonly TerminalText _terminal = new();
    private Timestamp _readAt;

    /// <param name="sources">All sources of the run; those of files are passed over.</param>
    /// <param name="collector">Takes the metrics.</param>
    /// <param name="problems">Takes the lines that cannot be read.</param>
    internal OutputReader(IReadOnlyList<MetricSource> sources, MetricCollector collector, MetricProblems problems)
    {
        (_collector, _problems) = (collector, problems);
        _readers = [.. sources
            .Select((source, index) => (index, source, Reader: ReaderFor(source)))
            .Where(entry => entry.Reader is not null)
            .Select(entry => (entry.index, entry.source, entry.Reader!))];
        _linesWithMetrics = new long[_readers.Length];
        _streams = [new LineSplitter(ReadLine), new LineSplitter(ReadLine)];
    }

    /// <summary>Takes bytes of the output or, separately, of the error output.</summary>
    internal void Add(bool isError, ReadOnlySpan<byte> bytes, Timestamp readAt)
    {
        _readAt = readAt;
        _streams[isError ? 1 : 0].Add(bytes);
    }

    /// <summary>Takes what came after the last line end for lines.</summary>
    internal void Finish()
    {
        foreach (var stream in _streams)
        {
            stream.Finish();
        }

        for (var i = 0; i < _readers.Length; i++)
        {
            var (index, source, reader) = _readers[i];
            _reading.Clear();
            reader.Finish(_reading);
            Take(i, index);
            if (_linesWithMetrics[i] == 0 && (source.Kind == MetricSourceKind.Pairs ? _seen.HasNumbers && !_collector.HasSaid : _seen.Lines > 0))
            {
                _problems.AddSilent(source, _seen.Lines, _seen.Example);
            }
        }
    }

    /// <summary>Takes a text of one line or several, whole.</summary>
    internal void AddLine(ReadOnlySpan<char> text, Timestamp readAt)
    {
        _readAt = readAt;
        while (text.IndexOfAny('\n', '\r') is >= 0 and var end)
        {
            var isBoth = text[end..] is ['\r', '\n', ..];
            var rest = text[(end + (isBoth ? 2 : 1))..];

            // What comes behind a return alone goes over the line.
            ReadLine(text[..end], isProvisional: text[end] == '\r' && !isBoth && !rest.IsEmpty);
            if (rest.IsEmpty)
            {
                return;
            }

            text = rest;
        }

        ReadLine(text, isProvisional: false);
    }

    private static ILineReader? ReaderFor(MetricSource source) => source.Kind switch
    {
        MetricSourceKind.Pairs => new PairReader(),
        MetricSourceKind.Json => new JsonReader(isOnly: false),
        MetricSourceKind.Pattern => new PatternReader(source.Text),
        _ => null,
    };

    private void ReadLine(ReadOnlySpan<char> line, bool isProvisional)
    {
        if (!TerminalText.IsPlain(line))
        {
            line = _terminal.Last(line, ReadVisible);
        }

        ReadVisible(line, isProvisional || TerminalText.IsUnfinishedBar(line));
    }

    private void ReadVisible(ReadOnlySpan<char> line, bool isProvisional)
    {
        _seen.Add(line);
        for (var i = 0; i < _readers.Length; i++)
        {
            var (index, source, reader) = _readers[i];
            _reading.Clear();
            if (!reader.Read(line, _reading))
            {
                _problems.AddUnreadable(source, line.ToString());
            }

            _reading.IsProvisional = isProvisional;
            Take(i, index);
        }
    }

    private void Take(int reader, int source)
    {
        if (!_reading.IsEmpty)
        {
            _linesWithMetrics[reader] += _reading.Metrics.Count > 0 ? 1 : 0;
            _collector.Take(source, _reading, _readAt);
        }
    }
}
