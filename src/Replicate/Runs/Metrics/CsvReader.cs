namespace Replicate.Runs;

/// <summary>Reads a CSV file with a header line by line: a column named as a step is the step, every number a metric.</summary>
internal sealed class CsvReader : ILineReader
{
    private static readonly string[] Missing = ["", "NA", "N/A", "None", "null"];

    private readonly List<string> _cells = [];
    private string[]? _header;
    private bool[] _isNumeric = [];
    private char _separator = ',';

    /// <summary>Takes the next line for a header: the file was begun anew.</summary>
    internal void Restart() => _header = null;

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        if (line.Trim().IsEmpty)
        {
            return true;
        }

        if (_header is null)
        {
            line = line.TrimStart('\uFEFF');
            _separator = line.Contains(',') ? ',' : line.Contains('\t') ? '\t' : line.Contains(';') ? ';' : ',';
            Split(line);
            _header = [.. _cells.Select(cell => cell.Trim())];
            _isNumeric = new bool[_header.Length];
            return true;
        }

        Split(line);
        if (_cells.Count != _header.Length)
        {
            return false;
        }

        var isGood = true;
        for (var column = 0; column < _header.Length; column++)
        {
            var cell = _cells[column].Trim();
            if (Missing.Contains(cell))
            {
                continue;
            }

            if (_header[column].Length > 0 && NumberScan.IsWhole(cell, out var value))
            {
                _isNumeric[column] = true;
                reading.Add(_header[column], value);
            }
            else
            {
                // A column of text is no metric; text where numbers were before is an error of the file.
                isGood &= !_isNumeric[column];
            }
        }

        StepNames.TakeStep(reading);
        return isGood;
    }

    private void Split(ReadOnlySpan<char> line)
    {
        _cells.Clear();
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                at = AddQuoted(line, at + 1);
            }
            else
            {
                var length = line[at..].IndexOf(_separator);
                length = length < 0 ? line.Length - at : length;
                _cells.Add(line.Slice(at, length).ToString());
                at += length + 1;
            }
        }
    }

    private int AddQuoted(ReadOnlySpan<char> line, int start)
    {
        var at = start;
        while (at < line.Length && (line[at] != '"' || (at + 1 < line.Length && line[at + 1] == '"')))
        {
            at += line[at] == '"' ? 2 : 1;
        }

        _cells.Add(line[start..Math.Min(at, line.Length)].ToString().Replace("\"\"", "\"", StringComparison.Ordinal));
        var next = at < line.Length ? line[at..].IndexOf(_separator) : -1;
        return next < 0 ? line.Length + 1 : at + next + 1;
    }
}
