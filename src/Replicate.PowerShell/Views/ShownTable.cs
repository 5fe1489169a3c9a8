using Replicate.Presentation;

namespace Replicate.PowerShell.Views;

/// <summary>The table of all objects of a listing, in a window.</summary>
/// <param name="Width">The characters of a line.</param>
/// <param name="Heading">Its headings as a line.</param>
/// <param name="LineOf">An object as a line.</param>
internal sealed record ShownTable(int Width, string Heading, Func<object, Colors, string> LineOf)
{
    // Of fewer the columns are chosen when they are shown: the listing holds them until then.
    private const int Few = 100;

    /// <summary>Makes the tables of objects for windows of any width.</summary>
    /// <param name="columns">The columns to choose from.</param>
    /// <param name="rows">All objects.</param>
    internal static Func<int, ShownTable> Of<T>(Func<IReadOnlyList<T>, IReadOnlyList<TableColumn<T>>> columns, IReadOnlyList<T> rows)
        where T : class
    {
        if (rows.Count <= Few)
        {
            var measured = new Lazy<(IReadOnlyList<TableColumn<T>>, int[])>(() => Measure(columns, rows));
            return width => Fit(measured.Value, width);
        }

        var known = Measure(columns, rows);
        return width => Fit(known, width);
    }

    private static (IReadOnlyList<TableColumn<T>> Columns, int[] Longest) Measure<T>(
        Func<IReadOnlyList<T>, IReadOnlyList<TableColumn<T>>> columnsOf, IReadOnlyList<T> rows)
    {
        var columns = columnsOf(rows);
        return (columns, TableLayout<T>.Measure(columns, rows));
    }

    private static ShownTable Fit<T>((IReadOnlyList<TableColumn<T>> Columns, int[] Longest) measured, int width)
    {
        var layout = TableLayout<T>.Fit(measured.Columns, measured.Longest, width);
        return new(width, layout.Heading(), (row, colors) => layout.Line(
            (T)row, (column, text) => column.Kind == ColumnKind.Status && row is Experiment experiment ? colors.Of(experiment.Status, text) : text));
    }
}
