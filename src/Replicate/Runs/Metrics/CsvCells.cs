namespace Replicate.Runs.Metrics;

/// <summary>Cuts a line of a CSV file into its cells, which may be quoted.</summary>
internal sealed class CsvCells
{
    /// <summary>The separator of a file whose columns are apart by blanks.</summary>
    internal const char Blanks = ' ';

    private readonly List<string> _cells = [];

    /// <summary>The cells of the last line, without quotes and blanks around.</summary>
    internal IReadOnlyList<string> Cells => _cells;

    /// <summary>What separates the columns of a header.</summary>
    internal static char SeparatorOf(ReadOnlySpan<char> header)
    {
        Span<int> counts = stackalloc int[4];
        const string separators = "\t;,|";
        var isQuoted = false;
        foreach (var character in header)
        {
            isQuoted ^= character == '"';
            if (!isQuoted && separators.IndexOf(character) is >= 0 and var index)
            {
                counts[index]++;
            }
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return counts[best] > 0 ? separators[best]
            : !header.Contains('"') && header.Trim().IndexOfAny(' ', '\t') >= 0 ? Blanks
            : ',';
    }

    /// <summary>Cuts a line.</summary>
    internal void Split(ReadOnlySpan<char> line, char separator)
    {
        _cells.Clear();
        if (separator == Blanks)
        {
            foreach (var range in line.SplitAny(' ', '\t'))
            {
                if (!line[range].IsEmpty)
                {
                    _cells.Add(line[range].ToString());
                }
            }

            return;
        }

        for (var at = 0; at <= line.Length;)
        {
            var start = at;
            while (start < line.Length && line[start] == ' ')
            {
                start++;
            }

            if (start < line.Length && line[start] == '"')
            {
                at = AddQuoted(line, start + 1, separator);
                continue;
            }

            var length = line[at..].IndexOf(separator);
            length = length < 0 ? line.Length - at : length;
            _cells.Add(line.Slice(at, length).Trim().ToString());
            at += length + 1;
        }
    }

    /// <summary>Leaves out empty cells at the end, which a separator at the end of the line makes.</summary>
    /// <param name="count">How many cells stay in any case.</param>
    internal void DropEmptyAfter(int count)
    {
        while (_cells.Count > count && _cells[^1].Length == 0)
        {
            _cells.RemoveAt(_cells.Count - 1);
        }
    }

    private int AddQuoted(ReadOnlySpan<char> line, int start, char separator)
    {
        var at = start;
        while (at < line.Length && (line[at] != '"' || (at + 1 < line.Length && line[at + 1] == '"')))
        {
            at += line[at] == '"' ? 2 : 1;
        }

        _cells.Add(line[start..Math.Min(at, line.Length)].ToString().Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
        var next = at < line.Length ? line[at..].IndexOf(separator) : -1;
        return next < 0 ? line.Length + 1 : at + next + 1;
    }
}
