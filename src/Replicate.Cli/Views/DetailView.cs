using Replicate.Queries;

namespace Replicate.Cli.Views;

/// <summary>The pages of <c>show</c>.</summary>
internal static class DetailView
{
    /// <summary>Writes an experiment with the table of its checkpoints.</summary>
    public static void Write(Experiment experiment, bool all, Terminal terminal)
    {
        WriteTitle("Experiment", experiment.Id, terminal);
        var fields = new List<Cell[]>();
        AddExperiment(fields, experiment, all);
        fields.Add([]);
        fields.Add([new Cell("Checkpoints", Styles.Bold)]);
        Table.Write(fields, terminal);
        Table.Write(Checkpoints(experiment), terminal);
        terminal.Output.WriteLine();
        terminal.Output.WriteLine("To see more about a checkpoint, run:");
        terminal.Output.WriteLine("  replicate show <checkpoint id>");
    }

    /// <summary>Writes a checkpoint with the experiment that it belongs to.</summary>
    public static void Write(Checkpoint checkpoint, bool all, Terminal terminal)
    {
        WriteTitle("Checkpoint", checkpoint.Id, terminal);
        var fields = new List<Cell[]>();
        fields.Add(["Created:", Moments.Full(checkpoint.Created)]);
        fields.Add(["Path:", Value.Escape(checkpoint.PathText)]);
        fields.Add(["Step:", Value.ToText(checkpoint.Step)]);
        AddHeading(fields, "Experiment");
        fields.Add(["ID:", checkpoint.Experiment.Id]);
        AddExperiment(fields, checkpoint.Experiment, all);
        AddHeading(fields, "Metrics");
        var primary = checkpoint.PrimaryMetric;
        AddValues(fields, checkpoint.Metrics, name => name == primary?.Name ? $" (primary, {primary.Goal.ToText()})" : "");
        Table.Write(fields, terminal);
    }

    private static void WriteTitle(string kind, string id, Terminal terminal)
    {
        var title = $"{kind}: {id}";
        terminal.Output.WriteLine(terminal.Color ? Styles.Apply(Styles.Title, title) : title);
        terminal.Output.WriteLine();
    }

    private static void AddExperiment(List<Cell[]> fields, Experiment experiment, bool all)
    {
        fields.Add(["Created:", Moments.Full(experiment.Created)]);
        fields.Add(["Status:", Descriptions.Status(experiment)]);
        if (experiment.Ended is { } ended)
        {
            fields.Add(["Ended:", Moments.Full(ended)]);
        }

        fields.Add(["Host:", Value.Escape(experiment.Host)]);
        fields.Add(["User:", Value.Escape(experiment.User)]);
        fields.Add(["Command:", Value.Escape(experiment.Command)]);
        if (experiment.Metadata.Extension is { } extension)
        {
            foreach (var field in ExtensionFields.Shown)
            {
                if (field.TextOf(extension) is { Length: > 0 } text)
                {
                    fields.Add([$"{char.ToUpperInvariant(field.Name[0])}{field.Name[1..]}:", Value.Escape(text)]);
                }
            }
        }

        AddHeading(fields, "Params");
        AddValues(fields, experiment.Params);
        if (experiment.PythonVersion.Length > 0)
        {
            AddHeading(fields, "System");
            fields.Add(["Python version:", Value.Escape(experiment.PythonVersion)]);
        }

        AddHeading(fields, "Python packages");
        AddPackages(fields, experiment.PythonPackages, all);
    }

    private static void AddHeading(List<Cell[]> fields, string text)
    {
        fields.Add([]);
        fields.Add([new Cell(text, Styles.Bold)]);
    }

    private static void AddValues(List<Cell[]> fields, ValueMap values, Func<string, string>? suffix = null)
    {
        foreach (var (name, value) in values)
        {
            fields.Add([$"{Value.Escape(name)}:", Value.Escape(Value.ToText(value)) + suffix?.Invoke(name)]);
        }

        if (values.Count == 0)
        {
            fields.Add([new Cell("(none)", Styles.Faint)]);
        }
    }

    private static void AddPackages(List<Cell[]> fields, ValueMap packages, bool all)
    {
        IReadOnlyList<KeyValuePair<string, object?>> shown = all ? [.. packages] : KnownPackages.Of(packages);
        if (shown.Count == packages.Count)
        {
            AddValues(fields, packages);
            return;
        }

        foreach (var (name, version) in shown)
        {
            fields.Add([$"{Value.Escape(name)}:", Value.Escape(Value.ToText(version))]);
        }

        fields.Add([new Cell($"... and {packages.Count - shown.Count} more. Use --all to see them.", Styles.Faint)]);
    }

    private static List<Cell[]> Checkpoints(Experiment experiment)
    {
        var now = Timestamp.Now;
        var (best, primary) = (experiment.Best(), experiment.PrimaryMetric?.Name);
        var metrics = experiment.Checkpoints.Metrics.Names.Order(StringComparer.Ordinal).ToArray();
        var table = new List<Cell[]>();
        var lacksFiles = experiment.Checkpoints.Any(checkpoint => checkpoint.MissingFiles.Count > 0);
        string[] files = lacksFiles ? ["FILES"] : [];
        string[] headings = ["ID", "STEP", "CREATED", .. files, .. metrics.Select(name => Value.Escape(name).ToUpperInvariant())];
        table.Add(headings.Select(heading => new Cell(heading, Styles.Bold)).ToArray());
        foreach (var checkpoint in experiment.Checkpoints)
        {
            var isBest = checkpoint == best;
            table.Add(
            [
                checkpoint.ShortId, Value.ToText(checkpoint.Step), Moments.Age(checkpoint.CreatedAt, now),
                .. files.Select(_ => (Cell)Value.Escape(checkpoint.PathText)),
                .. metrics.Select(name => MetricCell(checkpoint, name, isBest && name == primary)),
            ]);
        }

        return table;
    }

    private static Cell MetricCell(Checkpoint checkpoint, string name, bool isBest)
    {
        var text = checkpoint.Metrics.TryGetValue(name, out var value) ? Value.ToShortText(value, 10) : "";
        return isBest ? new Cell($"{text} (best)", Styles.Green) : text;
    }
}
