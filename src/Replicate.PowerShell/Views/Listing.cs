using System.Management.Automation;
using System.Runtime.CompilerServices;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.PowerShell.Views;

/// <summary>
/// What experiments or checkpoints that are emitted together have in common: the properties that a shell sees of each of them,
/// and the table that shows them.
/// </summary>
internal sealed class Listing
{
    private static readonly ConditionalWeakTable<object, Listing> Listings = [];

    private static readonly Dictionary<string, Column> OfExperiment = ColumnSet.PropertiesOf(
        typeof(Experiment),
        new("Summary", static owner => Display.Summary((Experiment)owner)),
        new("Project", static owner => ((Experiment)owner).Project),
        new("Metadata", static owner => ((Experiment)owner).Metadata),
        new("BestCheckpoint", static owner => ((Experiment)owner).Best()),
        new("LatestCheckpoint", static owner => ((Experiment)owner).Latest()));

    private static readonly Dictionary<string, Column> OfCheckpoint = ColumnSet.PropertiesOf(
        typeof(Checkpoint),
        new("Summary", static owner => Display.Summary((Checkpoint)owner)),
        new("Experiment", static owner => ((Checkpoint)owner).Experiment),
        new("ExperimentId", static owner => ((Checkpoint)owner).Experiment.Id));

    // Members of the type file.
    private static readonly string[] AddedMethods = ["Checkpoint", "CheckOut", "Delete", "Open", "Plot", "Refresh", "Stop"];

    private static readonly string[] TakenOfExperiment = [.. OfExperiment.Keys, .. ColumnSet.MethodsOf(typeof(Experiment)), .. AddedMethods];
    private static readonly string[] TakenOfCheckpoint = [.. OfCheckpoint.Keys, .. ColumnSet.MethodsOf(typeof(Checkpoint)), .. AddedMethods];

    private static readonly ColumnSource Params = new("params.", static owner => ((Experiment)owner).Params);
    private static readonly ColumnSource BestMetrics = new("metrics.", static owner => ExperimentField.MetricsOf((Experiment)owner));
    private static readonly ColumnSource Metrics = new("metrics.", static owner => ((Checkpoint)owner).Metrics);

    // What is not here is found by name, but is no column of a CSV file: packages, environment, the project.
    private static readonly string[] FirstOfExperiment = ["Id", "ShortId"];
    private static readonly string[] LastOfExperiment =
    [
        "Status", "ExitCode", "Created", "Ended", "Duration", "IsRunning", "Pending", "User", "Host", "Command", "Path", "Tags", "Note", "Parent",
        "PrimaryMetric", "BestCheckpoint", "LatestCheckpoint", "Params", "Checkpoints", "ErrorOutput",
    ];

    private static readonly string[] FirstOfCheckpoint = ["Id", "ShortId", "Step"];
    private static readonly string[] LastOfCheckpoint = ["Created", "Path", "MissingFiles", "PrimaryMetric", "Metrics", "Sha256", "ExperimentId"];

    private readonly Func<int, ShownTable> _fit;
    private ShownTable? _table;

    private Listing(ColumnSet columns, Func<int, ShownTable> fit) => (Columns, _fit) = (columns, fit);

    /// <summary>The properties of each.</summary>
    internal ColumnSet Columns { get; }

    /// <summary>The listing that an experiment was last emitted with; one of its own where it wasn't.</summary>
    internal static Listing Of(Experiment experiment) => Listings.GetValue(experiment, static owner => From([(Experiment)owner]));

    /// <summary>The listing that a checkpoint was last emitted with; that of its experiment where it wasn't.</summary>
    internal static Listing Of(Checkpoint checkpoint) => Listings.TryGetValue(checkpoint, out var listing)
        ? listing
        : Listings.GetValue(checkpoint.Experiment.Checkpoints, static owner => From((CheckpointList)owner));

    /// <summary>The properties that experiments get when they are emitted together.</summary>
    internal static ColumnSet ColumnsOf(IReadOnlyList<Experiment> experiments) => From(experiments).Columns;

    /// <summary>The properties that checkpoints get when they are emitted together.</summary>
    internal static ColumnSet ColumnsOf(IReadOnlyList<Checkpoint> checkpoints) => From(checkpoints).Columns;

    /// <summary>Experiments ready for the pipeline.</summary>
    internal static IEnumerable<PSObject> Show(IReadOnlyList<Experiment> experiments) => Emit(experiments, From(experiments));

    /// <summary>Experiments ready for the pipeline, each after the one it went on from, with its place in the tree.</summary>
    internal static IEnumerable<PSObject> ShowTree(IReadOnlyList<Experiment> experiments)
    {
        var tree = Lineage.Tree(experiments).ToArray();
        var branches = tree.ToDictionary(place => place.Experiment.Id, place => place.Branch);
        Experiment[] inOrder = [.. tree.Select(place => place.Experiment)];
        return Emit(inOrder, From(inOrder, branches));
    }

    /// <summary>Gives an experiment that is in a shell's hands the properties of what was recorded meanwhile.</summary>
    internal static void Update(Experiment experiment)
    {
        Escape([experiment]);
        Listings.AddOrUpdate(experiment, From([experiment]));
    }

    /// <summary>Checkpoints ready for the pipeline.</summary>
    internal static IEnumerable<PSObject> Show(IReadOnlyList<Checkpoint> checkpoints)
    {
        Escape(checkpoints.Select(checkpoint => checkpoint.Experiment).Distinct());
        foreach (var checkpoint in checkpoints)
        {
            Shown.Of(checkpoint);
        }

        var listing = From(checkpoints);
        foreach (var checkpoint in checkpoints)
        {
            Listings.AddOrUpdate(checkpoint, listing);
        }

        return checkpoints.Select(checkpoint => new PSObject(checkpoint));
    }

    /// <summary>The table of all that were emitted together.</summary>
    /// <param name="width">How many characters a line has.</param>
    internal ShownTable Table(int width) => _table is { } table && table.Width == width ? table : _table = _fit(width);

    private static IEnumerable<PSObject> Emit(IReadOnlyList<Experiment> experiments, Listing listing)
    {
        Escape(experiments);
        foreach (var experiment in experiments)
        {
            Listings.AddOrUpdate(experiment, listing);
        }

        return experiments.Select(experiment => new PSObject(experiment));
    }

    private static void Escape(IEnumerable<Experiment> experiments)
    {
        Project? project = null;
        foreach (var experiment in experiments)
        {
            Shown.Of(experiment);
            if (project != experiment.Project)
            {
                Shown.Of(project = experiment.Project);
            }
        }
    }

    private static Listing From(IReadOnlyList<Experiment> experiments, IReadOnlyDictionary<string, string>? branches = null)
    {
        var recorded = Column.Assign(
            TakenOfExperiment,
            (BestMetrics, Names(experiments.Select(ExperimentField.MetricsOf))), (Params, Names(experiments.Select(experiment => experiment.Params))));
        return new(
            new([.. Named(FirstOfExperiment, OfExperiment), .. recorded[1], .. recorded[0], .. Named(LastOfExperiment, OfExperiment)], OfExperiment.Values),
            ShownTable.Of(rows => ExperimentTable.Columns(rows, branches), experiments));
    }

    private static Listing From(IReadOnlyList<Checkpoint> checkpoints)
    {
        var names = checkpoints is CheckpointList list ? list.MetricNames().Distinct() : checkpoints.Select(checkpoint => checkpoint.Metrics.Names);
        var recorded = Column.Assign(TakenOfCheckpoint, (Metrics, new SortedSet<string>(names.SelectMany(each => each), StringComparer.Ordinal)));
        return new(
            new([.. Named(FirstOfCheckpoint, OfCheckpoint), .. recorded[0], .. Named(LastOfCheckpoint, OfCheckpoint)], OfCheckpoint.Values),
            ShownTable.Of(CheckpointTable.Columns, checkpoints));
    }

    private static IEnumerable<Column> Named(IEnumerable<string> names, Dictionary<string, Column> columns) => names.Select(name => columns[name]);

    private static SortedSet<string> Names(IEnumerable<ValueMap> maps)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var map in maps)
        {
            names.UnionWith(map.Names);
        }

        return names;
    }
}
