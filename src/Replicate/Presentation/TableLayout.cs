using System.Text;

namespace Replicate.Presentation;

/// <summary>The columns of a table that a window has room for, and how wide each is.</summary>
/// <remarks>
/// A column is left out rather than cut, as long as what it shows is of usual length; a longer text is cut only where the
/// window has no room for it. No line is wider than the window, but where not even the first column fits.
/// </remarks>
internal sealed class TableLayout<T>
{
    /// <summary>How far columns are apart.</summary>
    internal const int Gap = 2;

    // Longer texts may be cut, to the shortest where columns would be left out otherwise.
    private const int Usual = 24;
    private const int Shortest = 12;

    private readonly IReadOnlyList<TableColumn<T>> _columns;
    private readonly int[] _widths;
    private readonly int _lineWidth;

    // A width for each column, 0 for those that are left out.
    private TableLayout(IReadOnlyList<TableColumn<T>> columns, int[] widths) =>
        (_columns, _widths, _lineWidth) = (columns, widths, widths.Sum() + (widths.Length * Gap));

    /// <summary>Lays out a whole table, for which each text is made once.</summary>
    /// <param name="columns">The columns to choose from, from left to right; those that are empty in all rows are left out.</param>
    /// <param name="rows">The rows; without any, all headings are shown that there is room for.</param>
    /// <param name="width">How many cells a line has; null for as many as it takes.</param>
    /// <param name="paint">Colours the text of a row in a column, which changes nothing in its width; null for plain text.</param>
    /// <returns>The headings as a line, and a line for each row.</returns>
    public static (string Heading, string[] Lines) Of(
        IReadOnlyList<TableColumn<T>> columns, IReadOnlyList<T> rows, int? width, Func<T, TableColumn<T>, string, string>? paint = null)
    {
        var texts = Texts(columns, rows);
        var layout = Fit(columns, Longest(columns, texts), width);
        var lines = new string[rows.Count];
        ManyAtOnce.For(rows.Count, i => lines[i] = layout.Line(
            column => texts[i][column] ?? columns[column].TextOf(rows[i]), paint is null ? null : (column, text) => paint(rows[i], column, text)));
        return (layout.Heading(), lines);
    }

    /// <summary>Chooses from columns that were measured.</summary>
    /// <param name="columns">From left to right.</param>
    /// <param name="longest">How long the longest text of each is; those whose is 0 are left out, but where all are.</param>
    /// <param name="width">How many cells a line has; null for as many as it takes.</param>
    public static TableLayout<T> Fit(IReadOnlyList<TableColumn<T>> columns, IReadOnlyList<int> longest, int? width)
    {
        var headings = columns.Select(column => TextCells.Count(column.Heading)).ToArray();
        var isEmpty = longest.All(length => length == 0);
        var needed = longest.Select((length, i) => length > 0 || isEmpty ? Math.Max(length, headings[i]) : 0).ToArray();
        var widths = new int[columns.Count];
        var room = (width ?? int.MaxValue / 2) + Gap;
        foreach (var i in Enumerable.Range(0, columns.Count).Where(i => needed[i] > 0).OrderBy(i => columns[i].Rank))
        {
            var usual = columns[i].CanBeCut ? Math.Min(needed[i], Math.Max(Usual, headings[i])) : needed[i];
            var fitting = usual + Gap <= room || !Array.Exists(widths, shown => shown > 0) ? usual
                : columns[i].CanBeCut && Math.Max(Shortest, headings[i]) is var shortest && needed[i] > shortest && shortest + Gap <= room ? room - Gap
                : 0;
            widths[i] = fitting;
            room -= fitting > 0 ? fitting + Gap : 0;
        }

        // What is left goes to the texts that were cut.
        foreach (var i in Enumerable.Range(0, columns.Count).Where(i => widths[i] > 0 && widths[i] < needed[i]).OrderBy(i => columns[i].Rank))
        {
            var more = Math.Clamp(room, 0, needed[i] - widths[i]);
            widths[i] += more;
            room -= more;
        }

        return new(columns, widths);
    }

    /// <summary>How long the longest text of each column is, in cells; 0 where all are empty.</summary>
    public static int[] Measure(IReadOnlyList<TableColumn<T>> columns, IReadOnlyList<T> rows) => Longest(columns, Texts(columns, rows));

    /// <summary>The headings as a line.</summary>
    public string Heading() => Line(column => _columns[column].Heading, null);

    /// <summary>A row as a line.</summary>
    /// <param name="row">The row.</param>
    /// <param name="paint">Colours the text of a column, which changes nothing in its width; null for plain text.</param>
    public string Line(T row, Func<TableColumn<T>, string, string>? paint = null) => Line(column => _columns[column].TextOf(row), paint);

    /// <summary>What is shown of each row; null in columns whose width is known without that.</summary>
    private static string?[][] Texts(IReadOnlyList<TableColumn<T>> columns, IReadOnlyList<T> rows)
    {
        var texts = new string?[rows.Count][];
        ManyAtOnce.For(rows.Count, i => texts[i] = [.. columns.Select(column => column.Width > 0 ? null : column.TextOf(rows[i]))]);
        return texts;
    }

    private static int[] Longest(IReadOnlyList<TableColumn<T>> columns, string?[][] texts)
    {
        var longest = new int[columns.Count];
        foreach (var row in texts)
        {
            for (var i = 0; i < longest.Length; i++)
            {
                longest[i] = Math.Max(longest[i], row[i] is { } text ? TextCells.Count(text) : columns[i].Width);
            }
        }

        return longest;
    }

    private string Line(Func<int, string> textOf, Func<TableColumn<T>, string, string>? paint)
    {
        var line = new StringBuilder(_lineWidth);
        var missing = 0;
        for (var i = 0; i < _columns.Count; i++)
        {
            if (_widths[i] == 0)
            {
                continue;
            }

            var text = TextCells.Cut(textOf(i), _widths[i]);
            if (text.Length > 0)
            {
                line.Append(' ', missing).Append(paint is null ? text : paint(_columns[i], text));
                missing = 0;
            }

            missing += _widths[i] - TextCells.Count(text) + Gap;
        }

        return line.ToString();
    }
}
