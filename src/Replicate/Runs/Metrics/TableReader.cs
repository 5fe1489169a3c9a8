namespace Replicate.Runs.Metrics;

/// <summary>
/// Reads tables with a heading and a row for each step, as fastai, scikit-learn, Ultralytics and ML.NET print them. Columns
/// are separated by two blanks and more, tabs or <c>|</c>.
/// </summary>
/// <param name="names">The names of the source.</param>
/// <param name="comma">How the program writes numbers.</param>
internal sealed class TableReader(NamePool names, DecimalComma comma)
{
    private const int MaxColumns = 64;
    private const int MaxHeading = 1024;

    private readonly char[] _heading = new char[MaxHeading];
    private readonly (int Start, int Length)[] _columns = new (int, int)[MaxColumns];
    private int _count;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is a heading or a row.</returns>
    internal bool Read(ReadOnlySpan<char> line, MetricReading reading)
    {
        var text = Frameless(WithoutBar(line));
        if (text.IsEmpty)
        {
            return false;
        }

        if (_count > 0 && ReadRow(text, reading))
        {
            return true;
        }

        return IsHeadingLike(text) && ReadHeading(text);
    }

    /// <summary>Without the progress bar that stands behind a row: <c>640: 100%|███| 4/4 [00:05&lt;00:00]</c>.</summary>
    private static ReadOnlySpan<char> WithoutBar(ReadOnlySpan<char> line)
    {
        var percent = line.IndexOf('%');
        if (percent < 3 || line[..percent].LastIndexOf(": ") is not (> 0 and var colon))
        {
            return line;
        }

        return line[(colon + 2)..percent].Trim(' ').ContainsAnyExceptInRange('0', '9') ? line : line[..colon];
    }

    private static ReadOnlySpan<char> Frameless(ReadOnlySpan<char> line)
    {
        var text = line.Trim();
        return text is ['|', _, .., '|'] ? text[1..^1] : text;
    }

    /// <summary>Whether a line may be a heading: words far from each other, and no numbers.</summary>
    private static bool IsHeadingLike(ReadOnlySpan<char> text)
    {
        var first = text.TrimStart();
        return first.Length > 3 && text.Length <= MaxHeading && (char.IsAsciiLetter(first[0]) || first[0] == '#') && !text.ContainsAny(":=")
            && (text.Contains("  ", StringComparison.Ordinal) || text.ContainsAny('\t', '|') || StepNames.RankOf(FirstWord(first)) is not null);
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> text) => text.IndexOf(' ') is > 0 and var end ? text[..end] : text;

    private bool ReadHeading(ReadOnlySpan<char> text)
    {
        Span<(int Start, int Length)> cells = stackalloc (int, int)[MaxColumns];
        var isLoose = text.Contains("  ", StringComparison.Ordinal) || text.ContainsAny('\t', '|');
        var count = Split(text, cells, isLoose && !text.ContainsAny('\t', '|'), text.Contains('|'));
        count = count == 1 ? 0 : count;
        foreach (var (start, length) in cells[..count])
        {
            var cell = text.Slice(start, length);
            if (!(char.IsLetter(cell[0]) || cell[0] is '#' or '_') || cell.Length > 32 || char.IsAsciiDigit(cell[(cell.LastIndexOf(' ') + 1)..][0]))
            {
                return false;
            }
        }

        if (count < 2)
        {
            return false;
        }

        // ML.NET: the last words of a heading stand one blank apart.
        text.CopyTo(_heading);
        _count = 0;
        foreach (var (start, length) in cells[..count])
        {
            var sign = text.Slice(start, length).IndexOf(" #");
            if (sign > 0 && _count + 1 < MaxColumns)
            {
                _columns[_count++] = (start, sign);
                _columns[_count++] = (start + sign + 1, length - sign - 1);
            }
            else
            {
                _columns[_count++] = (start, length);
            }
        }

        return true;
    }

    private bool ReadRow(ReadOnlySpan<char> text, MetricReading reading)
    {
        Span<(int Start, int Length)> cells = stackalloc (int, int)[MaxColumns];
        var isFramed = text.Contains('|');
        var count = Split(text, cells, byTwo: false, isFramed);
        var skipped = count == _count + 1 && IsIndex(text.Slice(cells[0].Start, cells[0].Length)) ? 1 : 0;
        if (count != _count + skipped)
        {
            return false;
        }

        cells = cells.Slice(skipped, _count);
        var numbers = 0;
        foreach (var (start, length) in cells)
        {
            numbers += char.IsAsciiDigit(text[start + length - 1]) || IsNumber(text.Slice(start, length)) ? 1 : 0;
        }

        if (numbers * 2 < _count || numbers < 2)
        {
            return false;
        }

        var label = text.Slice(cells[0].Start, cells[0].Length);
        label = char.IsLetter(label[0]) && skipped == 0 && !IsNumber(label) ? label : default;
        for (var i = 0; i < _count; i++)
        {
            AddCell(HeadingOf(i), text.Slice(cells[i].Start, cells[i].Length), label, reading);
        }

        StepNames.TakeStep(reading);
        return reading.Metrics.Count > 0 || reading.Step is not null;
    }

    private void AddCell(ReadOnlySpan<char> name, ReadOnlySpan<char> cell, ReadOnlySpan<char> label, MetricReading reading)
    {
        if (MetricNames.IsOther(name))
        {
            return;
        }

        var slash = cell.IndexOf('/');
        if (slash > 0 && StepNames.RankOf(name) is not null)
        {
            cell = cell[..slash];
        }

        var number = PrintedNumber.Read(cell, comma);
        if (number.Length == 0 || number.Length != cell.Length || number.IsUnclear)
        {
            return;
        }

        if (StepNames.RankOf(name) is not null)
        {
            reading.Add(StepNames.Canonical(name), number.Value);
            return;
        }

        // A row of one class of many is told by its name; of that of all only what counts is.
        var isLabelled = !label.IsEmpty && (!label.SequenceEqual("all") || !number.IsDecimal && name is "Images" or "Instances" or "Labels" or "Targets");
        reading.Add(isLabelled ? names.Get($"{label} {name}") : names.Get(name), number.Value);
    }

    private ReadOnlySpan<char> HeadingOf(int column)
    {
        var name = _heading.AsSpan(_columns[column].Start, _columns[column].Length);
        if (name is "#")
        {
            return "step";
        }

        name = name.TrimStart('#');

        // Box(P, …, mAP50-95): a bracket over several columns.
        var open = name.IndexOf('(');
        return open >= 0 && !name[open..].Contains(')') && open + 1 < name.Length ? name[(open + 1)..]
            : open < 0 ? name.TrimEnd(')')
            : name;
    }

    private bool IsNumber(ReadOnlySpan<char> cell) => PrintedNumber.Read(cell, comma).Length == cell.Length;

    private static bool IsIndex(ReadOnlySpan<char> cell) => !cell.IsEmpty && !cell.ContainsAnyExceptInRange('0', '9');

    private static int Split(ReadOnlySpan<char> text, Span<(int Start, int Length)> cells, bool byTwo, bool byBar)
    {
        var count = 0;
        for (var at = 0; at < text.Length && count < cells.Length;)
        {
            while (at < text.Length && (text[at] is ' ' or '\t' || (byBar && text[at] == '|')))
            {
                at++;
            }

            var (start, end) = (at, at);
            while (at < text.Length && !IsEnd(text, at, byTwo, byBar))
            {
                at++;
                end = text[at - 1] == ' ' ? end : at;
            }

            if (end > start)
            {
                cells[count++] = (start, end - start);
            }
        }

        return count;
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int at, bool byTwo, bool byBar) =>
        byBar ? text[at] == '|'
        : text[at] == '\t' || (text[at] == ' ' && (!byTwo || at + 1 == text.Length || text[at + 1] is ' ' or '\t'));
}
