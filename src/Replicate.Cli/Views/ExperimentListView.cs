using Replicate.Presentation;

namespace Replicate.Cli.Views;

/// <summary>The tables of <c>ls</c>.</summary>
internal static class ExperimentListView
{
    /// <summary>Writes a line for each experiment, with the columns that tell them apart and that the terminal has room for.</summary>
    /// <param name="experiments">In the order in which they are shown.</param>
    /// <param name="all">Whether all params and metrics are shown, one below the other.</param>
    /// <param name="terminal">Where to.</param>
    public static void Write(IReadOnlyList<Experiment> experiments, bool all, Terminal terminal)
    {
        if (experiments.Count == 0)
        {
            terminal.Error.WriteLine("No experiments found.");
        }
        else if (all)
        {
            WriteAll(experiments, terminal);
        }
        else
        {
            WriteLines(experiments, terminal);
        }
    }

    private static void WriteLines(IReadOnlyList<Experiment> experiments, Terminal terminal)
    {
        var (heading, lines) = TableLayout<Experiment>.Of(
            ExperimentTable.Columns(experiments), experiments, terminal.Width,
            !terminal.Color ? null : (experiment, column, text) => column.Kind == ColumnKind.Status ? Styles.Apply(Styles.Of(experiment.Status), text) : text);
        terminal.Output.WriteLine(terminal.Color ? Styles.Apply(Styles.Bold, heading) : heading);
        Array.ForEach(lines, terminal.Output.WriteLine);
    }

    private static void WriteAll(IReadOnlyList<Experiment> experiments, Terminal terminal)
    {
        var columns = AllColumns(experiments).ToArray();
        var rows = new Cell[1 + (2 * experiments.Count)][];
        rows[0] = Array.ConvertAll(columns, column => new Cell(column.Heading, Styles.Bold));
        ManyAtOnce.For(experiments.Count, i =>
        {
            rows[1 + (2 * i)] = Array.ConvertAll(columns, column => column.CellOf(experiments[i]));
            rows[2 + (2 * i)] = [];
        });
        Table.Write(rows, terminal);
    }

    private static IEnumerable<(string Heading, Func<Experiment, Cell> CellOf)> AllColumns(IReadOnlyList<Experiment> experiments)
    {
        var now = Timestamp.Now;
        var parameters = Labelled(VisibleColumns.Params(experiments, all: true));
        var metrics = Labelled(VisibleColumns.Metrics(experiments, all: true));
        yield return ("EXPERIMENT", experiment => experiment.ShortId);
        yield return ("STARTED", experiment => Moments.Age(experiment.Metadata.Created, now));
        yield return ("STATUS", experiment => new Cell(ExperimentText.Status(experiment), Styles.Of(experiment.Status)));
        foreach (var (heading, textOf) in new (string, Func<Experiment, string>)[] { ("HOST", each => each.Host), ("USER", each => each.User) })
        {
            if (experiments.Any(experiment => textOf(experiment) != textOf(experiments[0])))
            {
                yield return (heading, experiment => Value.Escape(textOf(experiment)));
            }
        }

        yield return ("PARAMS", experiment => new Cell(Lines(null, experiment.Params, parameters)));
        if (experiments.Any(experiment => experiment.Best() is not null))
        {
            yield return ("BEST CHECKPOINT", experiment => CellOf(experiment.Best(), metrics));
        }

        yield return ("LATEST CHECKPOINT", experiment => CellOf(experiment.Latest(), metrics));
    }

    private static Cell CellOf(Checkpoint? checkpoint, (string Name, string Label)[] metrics) =>
        checkpoint is null ? Cell.Empty : new Cell(Lines(checkpoint.ToString(), checkpoint.Metrics, metrics));

    private static (string Name, string Label)[] Labelled(IEnumerable<string> names) =>
        [.. names.Select(name => (name, Value.Escape(name) + "="))];

    private static string[] Lines(string? first, ValueMap map, (string Name, string Label)[] names) =>
    [
        .. first is null ? [] : new[] { first },
        .. names.Where(name => map.ContainsKey(name.Name)).Select(name => name.Label + Value.ToShortText(map[name.Name])),
    ];
}
