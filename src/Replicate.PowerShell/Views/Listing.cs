using System.Management.Automation;
using System.Runtime.CompilerServices;
using Replicate.Presentation;
using Replicate.Queries;

namespace Replicate.PowerShell.Views;

/// <summary>
/// What experiments or checkpoints that are emitted together have in common: the columns that each of them gets, and what
/// a table of them shows.
/// </summary>
internal sealed class Listing
{
    private static readonly ConditionalWeakTable<object, Listing> Listings = [];

    private static readonly ColumnSource Params = new("params.", static owner => ((Experiment)owner).Params);
    private static readonly ColumnSource BestMetrics = new("metrics.", static owner => MetricsOf((Experiment)owner));
    private static readonly ColumnSource Metrics = new("metrics.", static owner => ((Checkpoint)owner).Metrics);

    private readonly Dictionary<string, string> _branches = [];

    private Listing(IReadOnlyList<Column> columns) => Columns = columns;

    /// <summary>The columns, metrics before params.</summary>
    internal IReadOnlyList<Column> Columns { get; }

    /// <summary>The params that a table shows: those that differ; of a single experiment, all.</summary>
    internal IReadOnlyList<string> VisibleParams { get; private init; } = [];

    /// <summary>Whether a table shows user and host, because they differ.</summary>
    internal bool ShowsOrigin { get; private init; }

    /// <summary>The listing that an experiment was last emitted with; one of its own where it wasn't.</summary>
    internal static Listing Of(Experiment experiment) =>
        Listings.TryGetValue(experiment, out var listing) ? listing : From([experiment]);

    /// <summary>Experiments ready for the pipeline.</summary>
    internal static IEnumerable<PSObject> Show(IReadOnlyList<Experiment> experiments)
    {
        var listing = From(experiments);
        Escape(experiments);
        return experiments.Select(experiment => listing.Show(experiment, listing.ShowsOrigin ? "Replicate.Experiment#Origin" : null));
    }

    /// <summary>Experiments ready for the pipeline, each after the one it went on from, with its place in the tree.</summary>
    internal static IEnumerable<PSObject> ShowTree(IReadOnlyList<Experiment> experiments)
    {
        var listing = From(experiments);
        Escape(experiments);
        foreach (var (experiment, branch) in Lineage.Tree(experiments))
        {
            listing._branches[experiment.Id] = branch;
            yield return listing.Show(experiment, "Replicate.Experiment#Tree");
        }
    }

    /// <summary>What a tree draws before an experiment; empty where it was emitted in none.</summary>
    internal string BranchOf(Experiment experiment) => _branches.GetValueOrDefault(experiment.Id, "");

    /// <summary>Gives an experiment that is in a shell's hands the columns of what was recorded meanwhile.</summary>
    internal static void Update(Experiment experiment)
    {
        Escape([experiment]);
        From([experiment]).Show(experiment, typeName: null);
    }

    /// <summary>Checkpoints ready for the pipeline.</summary>
    internal static IEnumerable<PSObject> Show(IReadOnlyList<Checkpoint> checkpoints)
    {
        if (checkpoints.Count == 0)
        {
            return [];
        }

        Escape(checkpoints.Select(checkpoint => checkpoint.Experiment).Distinct());
        foreach (var checkpoint in checkpoints)
        {
            Shown.Of(checkpoint);
        }

        var listing = new Listing(Column.Assign(
            new PSObject(checkpoints[0]), (Metrics, Names(checkpoints.Select(checkpoint => checkpoint.Metrics)))));
        return checkpoints.Select(checkpoint => listing.Show(checkpoint, typeName: null));
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

    private static Listing From(IReadOnlyList<Experiment> experiments) => experiments.Count == 0 ? new([]) : new(Column.Assign(
        new PSObject(experiments[0]),
        (BestMetrics, Names(experiments.Select(MetricsOf))),
        (Params, Names(experiments.Select(experiment => experiment.Params)))))
    {
        VisibleParams = VisibleColumns.Params(experiments, all: experiments.Count == 1),
        ShowsOrigin = experiments.Any(experiment =>
            experiment.User != experiments[0].User || experiment.Host != experiments[0].Host),
    };

    private static ValueMap MetricsOf(Experiment experiment) => ExperimentField.MetricsOf(experiment);

    private static SortedSet<string> Names(IEnumerable<ValueMap> maps)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var map in maps)
        {
            names.UnionWith(map.Names);
        }

        return names;
    }

    /// <summary>Gives an object its columns, in place of those of an earlier listing that have the same name.</summary>
    private PSObject Show(object owner, string? typeName)
    {
        var shown = new PSObject(owner);

        // An object that was shown before may be in the hands of other runspaces.
        lock (Listings)
        {
            var wasShown = Listings.TryGetValue(owner, out _);
            foreach (var column in Columns)
            {
                if (wasShown)
                {
                    shown.Properties.Remove(column.Name);
                }

                shown.Properties.Add(new RecordedProperty(column, owner), preValidated: true);
            }

            if (typeName is not null && shown.TypeNames[0] != typeName)
            {
                shown.TypeNames.Insert(0, typeName);
            }

            Listings.AddOrUpdate(owner, this);
        }

        return shown;
    }
}
