namespace Replicate.Cli.Views;

/// <summary>What stands in one place of a table; lines are separated by a line feed.</summary>
/// <param name="Text">The text, control characters escaped.</param>
/// <param name="Style">One of <see cref="Styles"/>; it never changes the alignment.</param>
internal sealed record Cell(string Text, string Style = Styles.Plain)
{
    /// <summary>A text without style.</summary>
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>Rows of cells, laid out in columns two spaces apart. A row of one cell spans all columns.</summary>
/// <param name="minWidth">The least width of a column but the last, the space after it included.</param>
internal sealed class Table(int minWidth = 0)
{
    private const int Gap = 2;

    // What a column keeps on a narrow terminal, so that ids, steps and numbers stay in one piece.
    private const int LeastShrunkWidth = 16;

    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row; no cells are a blank line.</summary>
    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <summary>Writes the rows, wrapped where the terminal is narrower than they are.</summary>
    public void Write(Terminal terminal)
    {
        var widths = Measure();
        if (terminal.Width is { } available)
        {
            Shrink(widths, available);
        }

        foreach (var row in _rows)
        {
            WriteRow(row, widths, terminal);
        }
    }

    private int[] Measure()
    {
        var widths = new int[_rows.Max(row => row.Length)];
        Array.Fill(widths, Math.Max(0, minWidth - Gap), 0, Math.Max(0, widths.Length - 1));
        foreach (var row in _rows.Where(row => row.Length > 1))
        {
            for (var column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Text.Split('\n').Max(TextCells.Count));
            }
        }

        return widths;
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

                pending += widths[column] - TextCells.Count(text) + Gap;
            }

            terminal.Output.WriteLine();
        }
    }

    private static string[] LinesOf(string text, int width) =>
        text.Split('\n').SelectMany(line => TextCells.Wrap(line, width)).ToArray();
}
