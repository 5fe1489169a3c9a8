namespace Replicate.Charts.Building;

/// <summary>What was given of one experiment.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Checkpoints">Those given, all where the experiment itself was, by their steps.</param>
/// <param name="Points">Those that stand for it against a param: its best, else its latest, and any that were given themselves.</param>
internal sealed record Slice(Experiment Experiment, IReadOnlyList<Checkpoint> Checkpoints, IReadOnlyList<Checkpoint> Points)
{
    /// <summary>Brings together what belongs to one experiment, in the order in which it was first named.</summary>
    /// <exception cref="ReplicateException">Nothing was given, or nothing that has a checkpoint (<c>NothingToPlot</c>).</exception>
    internal static IReadOnlyList<Slice> Of(IReadOnlyCollection<Match> matches)
    {
        Slice[] slices = [.. matches.GroupBy(match => match.Experiment.Id, StringComparer.Ordinal).Select(Of).Where(slice => slice.Checkpoints.Count > 0)];
        if (slices.Length > 0)
        {
            return slices;
        }

        throw new ReplicateException(
            ErrorKind.InvalidArgument, ErrorIds.NothingToPlot,
            matches.Count == 0
                ? "There is nothing to plot: no experiment and no checkpoint was given."
                : $"There is nothing to plot: none of the {matches.Count} experiments has a checkpoint.",
            "Choose experiments with checkpoints.");
    }

    private static Slice Of(IEnumerable<Match> matches)
    {
        var all = matches.ToArray();
        var whole = Array.Find(all, match => match.Checkpoint is null);
        var given = whole is null ? all.Select(match => match.Checkpoint!).DistinctBy(checkpoint => checkpoint.Id) : whole.Experiment.Checkpoints;
        return new(
            (whole ?? all[0]).Experiment,
            [.. given.OrderBy(checkpoint => checkpoint.Step)],
            [.. all.Select(match => match.Representative).OfType<Checkpoint>().DistinctBy(checkpoint => checkpoint.Id)]);
    }
}
