using Replicate.Queries;

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
        var rows = new List<Cell[]> { Array.ConvertAll(columns, column => new Cell(column.Heading, Styles.Bold)) };
        foreach (var experiment in experiments)
        {
            rows.Add(Array.ConvertAll(columns, column => column.CellOf(experiment)));
            rows.Add([]);
        }

        Table.Write(rows, terminal);
    }

    private static IEnumerable<Column> Columns(IReadOnlyList<Experiment> experiments, bool all)
    {
        var now = Timestamp.Now;
        var parameters = VisibleColumns.Params(experiments, all);
        var metrics = VisibleColumns.Metrics(experiments, all);
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

        yield return new("PARAMS", experiment => new Cell([.. Values(experiment.Params, parameters)]));
        if (experiments.Any(experiment => experiment.Best() is not null))
        {
            yield return new("BEST CHECKPOINT", experiment => CellOf(experiment.Best(), metrics));
        }

        yield return new("LATEST CHECKPOINT", experiment => CellOf(experiment.Latest(), metrics));
    }

    private static bool Differ(IReadOnlyList<Experiment> experiments, Func<Experiment, string> text) =>
        experiments.Any(experiment => text(experiment) != text(experiments[0]));

    private static Cell CellOf(Checkpoint? checkpoint, IReadOnlyList<string> metrics) =>
        checkpoint is null ? "" : new Cell([checkpoint.ToString(), .. Values(checkpoint.Metrics, metrics)]);

    private static IEnumerable<string> Values(ValueMap map, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (map.TryGetValue(name, out var value))
            {
                yield return $"{Value.Escape(name)}={Value.ToShortText(value)}";
            }
        }
    }

    private sealed record Column(string Heading, Func<Experiment, Cell> CellOf);
}
