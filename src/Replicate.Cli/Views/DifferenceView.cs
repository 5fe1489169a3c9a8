using Replicate.Comparisons;

namespace Replicate.Cli.Views;

/// <summary>The table of <c>diff</c>: one column for each side.</summary>
internal static class DifferenceView
{
    // The columns of the narrowest terminal that the table is made for.
    private const int NarrowTerminal = 78;

    /// <summary>Writes the sections with what differs in each.</summary>
    /// <param name="sides">What was compared.</param>
    /// <param name="differences">What differs but files.</param>
    /// <param name="files">The files that differ; null where they were not compared.</param>
    /// <param name="terminal">Where to.</param>
    public static void Write(
        IReadOnlyList<Match> sides, IReadOnlyList<Difference> differences, IReadOnlyList<FileDifference>? files, Terminal terminal)
    {
        var table = new List<Cell[]>();
        foreach (var section in Comparison.Sections)
        {
            Difference[] rows = [.. differences.Where(difference => difference.Section == section && !IsId(difference))];
            if (rows.Length > 0 || section != Comparison.InputSection)
            {
                table.Add([new Cell(section, Styles.Bold)]);
                AddIds(table, section, sides);
                AddRows(table, rows);
            }
        }

        if (files is not null)
        {
            table.Add([new Cell(FileDifference.FileSection, Styles.Bold)]);
            AddRows(table, files);
        }

        Table.Write(table, terminal, NarrowTerminal / (sides.Count + 1));
        foreach (var line in files?.Select(file => file.Diff).OfType<string>().SelectMany(PatchLine.Of) ?? [])
        {
            terminal.Output.WriteLine(terminal.Color ? Styles.Apply(StyleOf(line.Kind), line.Text) : line.Text);
        }
    }

    private static void AddRows(List<Cell[]> table, IEnumerable<Difference> differences)
    {
        var count = table.Count;
        foreach (var row in differences)
        {
            table.Add([$"{Value.Escape(row.Name)}:", .. row.Values.Zip(row.IsSet, (value, isSet) =>
                row is FileDifference { Change: FileChange.Mode } && value is ComparedFile { IsKnown: true } file
                    ? (Cell)$"mode {file.ModeText}"
                    : CellOf(value, isSet))]);
        }

        if (table.Count == count)
        {
            table.Add([new Cell("(no difference)", Styles.Faint)]);
        }

        table.Add([]);
    }

    private static string StyleOf(PatchLineKind kind) => kind switch
    {
        PatchLineKind.Name => Styles.Bold,
        PatchLineKind.Place => Styles.Cyan,
        PatchLineKind.Removed => Styles.Red,
        PatchLineKind.Added => Styles.Green,
        _ => Styles.Plain,
    };

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
        ComparedFile file => Value.Escape(file.ToString()),
        _ => Value.Escape(Value.ToText(value)),
    };
}
