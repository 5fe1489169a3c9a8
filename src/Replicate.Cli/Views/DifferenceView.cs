using Replicate.Comparisons;

namespace Replicate.Cli.Views;

/// <summary>The table of <c>diff</c>: one column for each side.</summary>
internal static class DifferenceView
{
    // The columns of the narrowest terminal that the table is made for.
    private const int NarrowTerminal = 78;

    /// <summary>Writes the sections with what differs in each.</summary>
    public static void Write(IReadOnlyList<Match> sides, IReadOnlyList<Difference> differences, Terminal terminal)
    {
        var table = new List<Cell[]>();
        foreach (var section in Comparison.Sections)
        {
            table.Add([new Cell(section, Styles.Bold)]);
            AddIds(table, section, sides);
            var rows = differences.Where(difference => difference.Section == section && !IsId(difference)).ToArray();
            foreach (var row in rows)
            {
                table.Add([$"{Value.Escape(row.Name)}:", .. row.Values.Zip(row.IsSet, CellOf)]);
            }

            if (rows.Length == 0)
            {
                table.Add([new Cell("(no difference)", Styles.Faint)]);
            }

            table.Add([]);
        }

        Table.Write(table, terminal, NarrowTerminal / (sides.Count + 1));
    }

    // Ids are said short, and even where they are equal, so that a reader sees what stands in which column.
    private static bool IsId(Difference difference) =>
        difference is { Name: "ID", Section: "Experiment" or "Checkpoint" };

    private static void AddIds(List<Cell[]> table, string section, IReadOnlyList<Match> sides)
    {
        switch (section)
        {
            case "Experiment":
                table.Add(["ID:", .. sides.Select(side => (Cell)side.Experiment.ShortId)]);
                break;
            case "Checkpoint":
                table.Add(["ID:", .. sides.Select(side => (Cell)(side.Representative?.ShortId ?? "(none)"))]);
                break;
        }
    }

    private static Cell CellOf(object? value, bool isSet) => value switch
    {
        _ when !isSet => new Cell("(not set)", Styles.Faint),
        DateTime local => Moments.Full(local),
        _ => Value.Escape(Value.ToText(value)),
    };
}
