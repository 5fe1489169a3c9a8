namespace Replicate.Cli.Views;

/// <summary>Rows of cells, laid out in columns two spaces apart. A row of one cell spans all columns, none are a blank line.</summary>
internal static class Table
{
    private const int Gap = 2;
    private const string Spaces = "                                ";

    // What a column keeps on a narrow terminal, so that ids, steps and numbers stay in one piece.
    private const int LeastShrunkWidth = 16;

    /// <summary>Writes rows, wrapped where the terminal is narrower than they are.</summary>
    /// <param name="rows">One or more.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="minWidth">The least width of a column but the last, the space after it included.</param>
    public static void Write(IReadOnlyList<Cell[]> rows, Terminal terminal, int minWidth = 0)
    {
        var widths = Measure(rows, minWidth);
        var isShrunk = terminal.Width is { } available && Shrink(widths, available);
        foreach (var row in rows)
        {
            WriteRow(isShrunk && row.Length > 1 ? Wrap(row, widths) : row, widths, terminal);
        }
    }

    private static int[] Measure(IReadOnlyList<Cell[]> rows, int minWidth)
    {
        int[] widths = [];
        foreach (var row in rows)
        {
            if (widths.Length < row.Length)
            {
                Array.Resize(ref widths, row.Length);
            }

            for (var column = 0; row.Length > 1 && column < row.Length; column++)
            {
                foreach (var line in row[column].Lines)
                {
                    widths[column] = Math.Max(widths[column], TextCells.Count(line));
                }
            }
        }

        for (var column = 0; column < widths.Length - 1; column++)
        {
            widths[column] = Math.Max(widths[column], minWidth - Gap);
        }

        return widths;
    }

    // Takes from the widest columns, as long as that is enough to matter.
    private static bool Shrink(int[] widths, int available)
    {
        var excess = widths.Sum() + (Gap * (widths.Length - 1)) - available;
        var isShrunk = excess > 0;
        for (; excess > 0; excess--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= LeastShrunkWidth)
            {
                break;
            }

            widths[widest]--;
        }

        return isShrunk;
    }

    private static Cell[] Wrap(Cell[] row, int[] widths) => row
        .Select((cell, column) => cell with { Lines = [.. cell.Lines.SelectMany(line => TextWrap.Of(line, widths[column]))] })
        .ToArray();

    private static void WriteRow(Cell[] row, int[] widths, Terminal terminal)
    {
        var height = 1;
        foreach (var cell in row)
        {
            height = Math.Max(height, cell.Lines.Length);
        }

        for (var line = 0; line < height; line++)
        {
            WriteLine(row, line, widths, terminal);
        }
    }

    private static void WriteLine(Cell[] row, int line, int[] widths, Terminal terminal)
    {
        var end = 0;
        var start = 0;
        for (var column = 0; column < row.Length; column++)
        {
            var cell = row[column];
            if (line < cell.Lines.Length && cell.Lines[line] is { Length: > 0 } text)
            {
                // Only before a text, so that no line ends in spaces.
                WriteSpaces(start - end, terminal.Output);
                terminal.Output.Write(terminal.Color ? Styles.Apply(cell.Style, text) : text);
                end = Math.Max(start, end) + TextCells.Count(text);
            }

            start += widths[column] + Gap;
        }

        terminal.Output.WriteLine();
    }

    private static void WriteSpaces(int count, TextWriter output)
    {
        for (; count > 0; count -= Spaces.Length)
        {
            output.Write(Spaces.AsSpan(0, Math.Min(count, Spaces.Length)));
        }
    }
}
