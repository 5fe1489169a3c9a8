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
        Table.Write(
            experiments.SelectMany(experiment => new[] { Array.ConvertAll(columns, column => column.CellOf(experiment)), [] })
                .Prepend(Array.ConvertAll(columns, column => new Cell(column.Heading, Styles.Bold))),
            terminal);
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
        var lines = new List<string>(names.Length + 1);
        if (first is not null)
        {
            lines.Add(first);
        }

        foreach (var (name, label) in names)
        {
            if (map.TryGetValue(name, out var value))
            {
                lines.Add(label + Value.ToShortText(value));
            }
        }

        return lines.ToArray();
    }

    private sealed record Column(string Heading, Func<Experiment, Cell> CellOf);
}
