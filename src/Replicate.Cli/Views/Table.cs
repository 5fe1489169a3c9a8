namespace Replicate.Cli.Views;

/// <summary>What stands in one place of a table; lines are separated by a line feed.</summary>
/// <param name="Text">The text, control characters escaped.</param>
/// <param name="Style">One of <see cref="Styles"/>; it never changes the alignment.</param>
internal sealed record Cell(string Text, string Style = Styles.Plain)
{
    /// <summary>A text without style.</summary>
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Rows of cells, laid out in columns two spaces apart. A row of one cell spans all columns, none are a blank line.</summary>
internal static class Table
{
    private const int Gap = 2;

    // What a column keeps on a narrow terminal, so that ids, steps and numbers stay in one piece.
    private const int LeastShrunkWidth = 16;

    /// <summary>Writes rows, wrapped where the terminal is narrower than they are.</summary>
    /// <param name="rows">Gone through twice, to measure and to write, so that many need not be held at once.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="minWidth">The least width of a column but the last, the space after it included.</param>
    public static void Write(IEnumerable<Cell[]> rows, Terminal terminal, int minWidth = 0)
    {
        var widths = Measure(rows, minWidth);
        if (terminal.Width is { } available)
        {
            Shrink(widths, available);
        }

        foreach (var row in rows)
        {
            WriteRow(row, widths, terminal);
        }
    }

    private static int[] Measure(IEnumerable<Cell[]> rows, int minWidth)
    {
        var widths = new List<int>();
        foreach (var row in rows.Where(row => row.Length > 1))
        {
            for (var column = 0; column < row.Length; column++)
            {
                var width = row[column].Text.Split('\n').Max(TextCells.Count);
                if (column == widths.Count)
                {
                    widths.Add(width);
                }

                widths[column] = Math.Max(widths[column], width);
            }
        }

        return [.. widths.Select((width, column) => column < widths.Count - 1 ? Math.Max(width, minWidth - Gap) : width)];
    }

    private static void Shrink(int[] widths, int available)
    {
        for (var excess = widths.Sum() + (Gap * (widths.Length - 1)) - available; excess > 0; excess--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= LeastShrunkWidth)
            {
                return;
            }

            widths[widest]--;
        }
    }

    private static void WriteRow(Cell[] row, int[] widths, Terminal terminal)
    {
        var lines = row
            .Select((cell, column) => row.Length == 1 ? [cell.Text] : LinesOf(cell.Text, widths[column]))
            .ToArray();
        var height = lines.Length == 0 ? 1 : lines.Max(cell => cell.Length);
        for (var line = 0; line < height; line++)
        {
            var pending = 0;
            for (var column = 0; column < row.Length; column++)
            {
                var text = line < lines[column].Length ? lines[column][line] : "";
                if (text.Length > 0)
                {
                    terminal.Output.Write(new string(' ', pending));
                    terminal.Output.Write(terminal.Color ? Styles.Apply(row[column].Style, text) : text);
                    pending = 0;
                }

                pending += (row.Length == 1 ? 0 : widths[column]) - TextCells.Count(text) + Gap;
            }

            terminal.Output.WriteLine();
        }
    }

    private static string[] LinesOf(string text, int width) =>
        text.Split('\n').SelectMany(line => TextCells.Wrap(line, width)).ToArray();
}
