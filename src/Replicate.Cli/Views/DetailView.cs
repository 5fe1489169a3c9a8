using Replicate.Presentation;
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
        WriteCheckpoints(experiment, terminal);
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

    private static void WriteCheckpoints(Experiment experiment, Terminal terminal)
    {
        var best = experiment.Best();
        var (heading, lines) = TableLayout<Checkpoint>.Of(
            CheckpointTable.Columns(experiment.Checkpoints), experiment.Checkpoints, terminal.Width);
        terminal.Output.WriteLine(terminal.Color ? Styles.Apply(Styles.Bold, heading) : heading);
        for (var i = 0; i < lines.Length; i++)
        {
            terminal.Output.WriteLine(terminal.Color && experiment.Checkpoints[i] == best ? Styles.Apply(Styles.Green, lines[i]) : lines[i]);
        }
    }

    private static void WriteTitle(string kind, string id, Terminal terminal)
    {
        var title = $"{kind}: {id}";
        terminal.Output.WriteLine(terminal.Color ? Styles.Apply(Styles.Title, title) : title);
        terminal.Output.WriteLine();
    }

    private static void AddExperiment(List<Cell[]> fields, Experiment experiment, bool all)
    {
        foreach (var (name, text) in DetailFields.Of(experiment))
        {
            fields.Add([$"{name}:", name == "Status" ? new Cell(text, Styles.Of(experiment.Status)) : text]);
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
}
