namespace Replicate.Runs.Metrics;

/// <summary>Reads a CSV file with a header line by line: a column named as a step is the step, every number a metric.</summary>
/// <remarks>
/// Columns are apart by commas, semicolons, tabs, bars or blanks, whichever the header has. A header that comes again, as
/// that of a run which was appended, begins anew. The unnamed first column of pandas, its index, is the step where no other is.
/// </remarks>
internal sealed class CsvReader : ILineReader
{
    private const int MaxColumns = 10_000;
    private const int ShownColumns = 8;

    private static readonly string[] Missing = ["", "NA", "N/A", "None", "null", "-", "--"];

    private readonly CsvCells _line = new();
    private readonly CsvNumber _numbers = new();
    private string[]? _header;
    private string? _comment;
    private bool[] _isNumeric = [];
    private char _separator = ',';
    private long _rows;
    private bool _hasNoHeader;

    /// <summary>Whether the header was read.</summary>
    internal bool HasHeader => _header is not null;

    /// <summary>What was read so far, for somebody who finds no metrics.</summary>
    internal string Account =>
        _hasNoHeader ? "its first line holds numbers, where the names of the columns should be"
        : _header is null ? "it is empty"
        : _rows == 0 ? $"it has the columns {Columns(_header)} and no rows below them"
        : $"in {(_rows == 1 ? "the row" : $"the {_rows} rows")} under the columns {Columns(_header)} there is no number but a step";

    private IReadOnlyList<string> Cells => _line.Cells;

    /// <summary>Takes the next line for a header: the file was begun anew.</summary>
    internal void Restart() => (_header, _comment, _hasNoHeader) = (null, null, false);

    /// <inheritdoc/>
    public bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        line = line.Trim('\uFEFF');
        if (line.Trim().IsEmpty)
        {
            return true;
        }

        if (line.TrimStart() is ['#', .. var comment])
        {
            // The names of numpy and gnuplot stand behind the sign; what stands there as JSON is about the file.
            comment = comment.TrimStart(['#', ' ']);
            _comment = comment is [] or ['{', ..] ? _comment : comment.ToString();
            return true;
        }

        if (_header is null)
        {
            if (!IsRowOfNumbers(line))
            {
                SetHeader(line);
                return true;
            }

            if (_comment is null)
            {
                _hasNoHeader = true;
                return false;
            }

            SetHeader(_comment);
        }

        Split(line);
        return IsHeader(line) || ReadRow(reading);
    }

    private static string Columns(string[] header) =>
        string.Join(", ", header.Take(ShownColumns).Select(name => $"'{name}'")) + (header.Length > ShownColumns ? ", …" : "");

    private bool IsRowOfNumbers(ReadOnlySpan<char> line)
    {
        var separator = CsvCells.SeparatorOf(line);
        _numbers.Begin(separator);
        _line.Split(line, separator);
        return Cells.All(cell => cell.Length == 0 || _numbers.IsNumber(cell, out _));
    }

    private void SetHeader(ReadOnlySpan<char> line)
    {
        _separator = CsvCells.SeparatorOf(line);
        _line.Split(line, _separator);
        SetColumns([.. Cells.Take(MaxColumns)]);
    }

    private void SetColumns(string[] names)
    {
        // A single column has nothing to part.
        _separator = names.Length == 1 ? '\0' : _separator;
        _header = names;
        _isNumeric = new bool[names.Length];
        _numbers.Begin(_separator);
    }

    private void Split(ReadOnlySpan<char> line)
    {
        _line.Split(line, _separator);
        if (_separator == CsvCells.Blanks && Cells.Count == 1 && _rows == 0)
        {
            // It was one name of several words.
            SetColumns([string.Join(' ', _header!)]);
        }

        _line.DropEmptyAfter(_header!.Length);
    }

    /// <summary>Whether the line is a header again, perhaps another.</summary>
    private bool IsHeader(ReadOnlySpan<char> line)
    {
        if (Cells.SequenceEqual(_header!))
        {
            return true;
        }

        var isOther = Cells.Count > 1 && _isNumeric.Contains(true)
            && Cells.All(cell => !IsMissing(cell) && !_numbers.IsNumber(cell, out _));
        if (isOther)
        {
            SetHeader(line);
        }

        return isOther;
    }

    private bool ReadRow(MetricReading reading)
    {
        _rows++;
        if (Cells.Count != _header!.Length)
        {
            return false;
        }

        var isGood = true;
        long? index = null;
        for (var column = 0; column < _header.Length; column++)
        {
            var cell = Cells[column];
            if (IsMissing(cell))
            {
                continue;
            }

            if (!_numbers.IsNumber(cell, out var value))
            {
                // A column of text is no metric; text where numbers were before is an error of the file.
                isGood &= !_isNumeric[column];
            }
            else if (column == 0 && _header[0] is "" or "Unnamed: 0")
            {
                index = value == Math.Floor(value) && Math.Abs(value) <= 1L << 53 ? (long)value : null;
            }
            else if (_header[column].Length > 0)
            {
                _isNumeric[column] = true;
                reading.Add(_header[column], value);
            }
        }

        StepNames.TakeStep(reading);
        reading.Step ??= reading.Metrics.Count > 0 ? index : null;
        return isGood;
    }

    private static bool IsMissing(string cell) => Missing.Contains(cell, StringComparer.OrdinalIgnoreCase);
}
