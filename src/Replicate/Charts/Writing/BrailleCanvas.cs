using System.Text;

namespace Replicate.Charts.Writing;

/// <summary>
/// Draws with dots, two by four in each cell of text; a letter may stand in place of a cell's dots. A cell has the colour
/// of what was drawn into it last.
/// </summary>
/// <param name="columns">Cells across; 1 or more.</param>
/// <param name="rows">Cells down; 1 or more.</param>
internal sealed class BrailleCanvas(int columns, int rows)
{
    /// <summary>No colour of a series: dim.</summary>
    internal const int Faint = -1;

    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const char Blank = '\u2800';

    // The bit of each dot of a cell, from the left, from above.
    private static readonly byte[,] Bits = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    private readonly byte[,] _dots = new byte[rows, columns];
    private readonly char[,] _letters = new char[rows, columns];
    private readonly int[,] _series = new int[rows, columns];

    /// <summary>The column of cells at a position from 0 to 1.</summary>
    internal int ColumnAt(double position) => DotAt(position, columns * DotsAcross) / DotsAcross;

    /// <summary>The row of cells at a position from 0, the lowest, to 1.</summary>
    internal int RowAt(double position) => DotAt(1 - position, rows * DotsDown) / DotsDown;

    /// <summary>Draws connected points; a single point is a dot.</summary>
    /// <param name="points">Positions from 0 to 1, from the left and from below.</param>
    /// <param name="series">Whose colour it has; or <see cref="Faint"/>.</param>
    internal void Line(IEnumerable<(double X, double Y)> points, int series)
    {
        (int X, int Y)? previous = null;
        foreach (var (x, y) in points)
        {
            var next = (X: DotAt(x, columns * DotsAcross), Y: DotAt(1 - y, rows * DotsDown));
            var from = previous ?? next;
            var length = Math.Max(Math.Abs(next.X - from.X), Math.Abs(next.Y - from.Y));
            for (var i = 0; i <= length; i++)
            {
                Dot(from.X + Share(next.X - from.X, i, length), from.Y + Share(next.Y - from.Y, i, length), series);
            }

            previous = next;
        }
    }

    /// <summary>Puts a letter where a point lies.</summary>
    internal void Letter(double x, double y, char letter, int series)
    {
        var (column, row) = (ColumnAt(x), RowAt(y));
        (_letters[row, column], _series[row, column]) = (letter, series);
    }

    /// <summary>The text of a row, without blanks at its end.</summary>
    /// <param name="row">The row, from above.</param>
    /// <param name="color">Colours text for a series or <see cref="Faint"/>.</param>
    internal string RowText(int row, Func<string, int, string> color)
    {
        var text = new StringBuilder();
        var run = new StringBuilder();
        var last = Enumerable.Range(0, columns).LastOrDefault(column => IsDrawn(row, column), -1);
        for (var column = 0; column <= last; column++)
        {
            run.Append(_letters[row, column] is not '\0' and var letter ? letter
                : _dots[row, column] == 0 ? ' '
                : (char)(Blank + _dots[row, column]));
            if (column == last || _series[row, column + 1] != _series[row, column] || IsDrawn(row, column + 1) != IsDrawn(row, column))
            {
                text.Append(IsDrawn(row, column) ? color(run.ToString(), _series[row, column]) : run.ToString());
                run.Clear();
            }
        }

        return text.ToString();
    }

    private static int DotAt(double position, int dots) => (int)Math.Round(Math.Clamp(position, 0, 1) * (dots - 1));

    private static int Share(int difference, int part, int whole) => whole == 0 ? 0 : (int)Math.Round((double)difference * part / whole);

    private bool IsDrawn(int row, int column) => _dots[row, column] != 0 || _letters[row, column] != '\0';

    private void Dot(int x, int y, int series)
    {
        var (row, column) = (y / DotsDown, x / DotsAcross);
        _dots[row, column] |= Bits[x % DotsAcross, y % DotsDown];
        _series[row, column] = series;
    }
}
