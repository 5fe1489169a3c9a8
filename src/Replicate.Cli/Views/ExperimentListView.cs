using Replicate.Presentation;

namespace Replicate.Cli.Views;

/// <summary>The table of <c>ls</c>.</summary>
internal static class ExperimentListView
{
    /// <summary>Writes one row for each experiment, with the columns in which they differ.</summary>
    /// <param name="experiments">In the order in which they are shown.</param>
    /// <param name="all">Whether all params and metrics are shown.</param>
    /// <param name="terminal">Where to.</param>
    public static void Write(IReadOnlyList<Experiment> experiments, bool all, Terminal terminal)
    {
        if (experiments.Count == 0)
        {
            terminal.Error.WriteLine("No experiments found.");
            return;
        }

        var columns = Columns(experiments, all).ToArray();
        var rows = new Cell[1 + (2 * experiments.Count)][];
        rows[0] = Array.ConvertAll(columns, column => new Cell(column.Heading, Styles.Bold));
        ManyAtOnce.For(experiments.Count, i =>
        {
            rows[1 + (2 * i)] = Row(experiments[i], columns);
            rows[2 + (2 * i)] = [];
        });
        Table.Write(rows, terminal);
    }

    private static Cell[] Row(Experiment experiment, Column[] columns)
    {
        var row = new Cell[columns.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = columns[i].CellOf(experiment);
        }

        return row;
    }

    private static IEnumerable<Column> Columns(IReadOnlyList<Experiment> experiments, bool all)
    {
        var now = Timestamp.Now;
        var parameters = Labelled(VisibleColumns.Params(experiments, all));
        var metrics = Labelled(VisibleColumns.Metrics(experiments, all));
        yield return new("EXPERIMENT", experiment => experiment.ShortId);
        yield return new("STARTED", experiment => Moments.Age(experiment.Metadata.Created, now));
        yield return new("STATUS", Descriptions.Status);
        if (Differ(experiments, experiment => experiment.Host))
        {
            yield return new("HOST", experiment => Value.Escape(experiment.Host));
        }

        if (Differ(experiments, experiment => experiment.User))
        {
            yield return new("USER", experiment => Value.Escape(experiment.User));
        }

        yield return new("PARAMS", experiment => new Cell(Lines(null, experiment.Params, parameters)));
        if (experiments.Any(experiment => experiment.Best() is not null))
        {
            yield return new("BEST CHECKPOINT", experiment => CellOf(experiment.Best(), metrics));
        }

        yield return new("LATEST CHECKPOINT", experiment => CellOf(experiment.Latest(), metrics));
    }

    private static bool Differ(IReadOnlyList<Experiment> experiments, Func<Experiment, string> text) =>
        experiments.Any(experiment => text(experiment) != text(experiments[0]));

    private static Cell CellOf(Checkpoint? checkpoint, (string Name, string Label)[] metrics) =>
        checkpoint is null ? Cell.Empty : new Cell(Lines(checkpoint.ToString(), checkpoint.Metrics, metrics));

    private static (string Name, string Label)[] Labelled(IEnumerable<string> names) =>
        [.. names.Select(name => (name, Value.Escape(name) + "="))];

    private static string[] Lines(string? first, ValueMap map, (string Name, string Label)[] names)
    {
        var lines = new string[names.Length + (first is null ? 0 : 1)];
        var count = 0;
        if (first is not null)
        {
            lines[count++] = first;
        }

        foreach (var (name, label) in names)
        {
            if (map.TryGetValue(name, out var value))
            {
                lines[count++] = label + Value.ToShortText(value);
            }
        }

        return count == lines.Length ? lines : lines[..count];
    }

    private sealed record Column(string Heading, Func<Experiment, Cell> CellOf);
}
