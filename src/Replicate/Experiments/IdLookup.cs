using System.Globalization;

namespace Replicate;

/// <summary>
/// Finds what the name of a checkpoint, a full id or an unambiguous prefix stands for, in any case. No name is a prefix of an id. A full id of 64 digits wins over what begins with it; a
/// shorter one doesn't, which somebody may have chosen because it is the beginning of another's.
/// </summary>
internal static class IdLookup
{
    private const int MostListed = 10;

    /// <summary>Finds over names, experiments and checkpoints together.</summary>
    /// <param name="id">The name, id or prefix.</param>
    /// <param name="project">Whose repository is looked through.</param>
    /// <param name="among">Its experiments, where they were listed; null to look up what is needed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">As that of <see cref="Project.FindAsync"/>.</exception>
    public static async Task<Match> FindAsync(
        string id, Project project, IReadOnlyCollection<Experiment>? among, CancellationToken cancellationToken)
    {
        id = (id ?? "").Trim();
        return CheckpointNames.IsName(id) && await project.Names.TryMatchAsync(id, among, cancellationToken) is { } named ? named
            : among is not null ? Find(id, among)
            : await project.Experiments.TryGetAsync(id, cancellationToken) is { } experiment ? new Match(experiment, null)
            : Find(id, await project.Experiments.ListWithIdAsync(id, cancellationToken));
    }

    /// <summary>Finds what several stand for, in their order; see <see cref="FindAsync"/>.</summary>
    public static async Task<Match[]> FindAllAsync(
        IReadOnlyCollection<string> ids, Project project, IReadOnlyCollection<Experiment> among, CancellationToken cancellationToken)
    {
        var found = new List<Match>(ids.Count);
        foreach (var id in ids)
        {
            found.Add(await FindAsync(id, project, among, cancellationToken));
        }

        return [.. found];
    }

    /// <summary>Finds over experiments and checkpoints together.</summary>
    /// <exception cref="ReplicateException">
    /// The id is empty (<c>IdMissing</c>), nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>, listed).
    /// </exception>
    public static Match Find(string id, IReadOnlyCollection<Experiment> experiments) =>
        FindOne(id, prefix => experiments.SelectMany(experiment => WithCheckpoints(experiment, prefix)), "experiment or checkpoint");

    /// <summary>Finds over experiments alone.</summary>
    /// <exception cref="ReplicateException">
    /// The id is empty (<c>IdMissing</c>), nothing matches (<c>IdNotFound</c>), or several do (<c>IdAmbiguous</c>, listed).
    /// </exception>
    public static Experiment FindExperiment(string id, IReadOnlyCollection<Experiment> experiments) =>
        FindOne(id, prefix => experiments.SelectMany(experiment => Itself(experiment, prefix)), "experiment").Experiment;

    internal static ReplicateException NotFound(string id, string kind = "experiment") => new(
        ErrorKind.NotFound, "IdNotFound", $"No {kind} has an id that begins with '{id}'.",
        "List the experiments of the repository to see their ids.");

    private static Match FindOne(string id, Func<string, IEnumerable<Match>> withPrefix, string kind)
    {
        id = (id ?? "").Trim();
        if (id.Length == 0)
        {
            throw new ReplicateException(
                ErrorKind.InvalidArgument, "IdMissing", "The id is empty.", "Give a full id, or enough of its beginning.");
        }

        var found = withPrefix(id).ToArray();
        var exact = id.Length == PackedId.Length ? found.Where(match => match.Id.Length == id.Length).ToArray() : [];
        return (exact.Length > 0 ? exact : found) switch
        {
            [] => throw NotFound(id, kind),
            [var only] => only,
            var several => throw Ambiguous(id, several),
        };
    }

    private static IEnumerable<Match> WithCheckpoints(Experiment experiment, string prefix) => Itself(experiment, prefix)
        .Concat(experiment.Checkpoints.WithIdPrefix(prefix).Select(checkpoint => new Match(experiment, checkpoint)));

    private static IEnumerable<Match> Itself(Experiment experiment, string prefix) =>
        experiment.Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? [new Match(experiment, null)] : [];

    private static ReplicateException Ambiguous(string id, Match[] matches)
    {
        var listed = matches.Take(MostListed).ToArray();
        var length = DistinguishingLength(listed);
        var things = listed.Select(match => Describe(match, length));
        var more = matches.Length > MostListed ? $"; and {matches.Length - MostListed} more" : "";
        return new ReplicateException(
            ErrorKind.Ambiguous, "IdAmbiguous",
            $"{matches.Length} ids begin with '{id}': {string.Join("; ", things)}{more}.",
            matches.Any(match => match.Id.Length == id.Length)
                ? "Give more of the id; one that is no longer than this has to be picked from a list, by its other properties."
                : "Give more of the id.");
    }

    /// <summary>How much of the ids tells them apart, at least a short id.</summary>
    private static int DistinguishingLength(Match[] matches)
    {
        var ids = matches.Select(match => match.Id).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        var common = ids.Zip(ids.Skip(1), (left, right) => left.AsSpan().CommonPrefixLength(right));
        return Math.Max(ShortIds.Of(ids[0]).Length, common.Max() + 1);
    }

    private static string Describe(Match match, int idLength)
    {
        var id = match.Id[..Math.Min(idLength, match.Id.Length)];
        if (match.Checkpoint is { } checkpoint)
        {
            return $"checkpoint {id} (step {checkpoint.Step} of experiment {match.Experiment.ShortId})";
        }

        var created = match.Experiment.Created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var command = Value.ToShortText(match.Experiment.Command, 60);
        return $"experiment {id} ({created}{(command.Length > 0 ? ", " : "")}{command})";
    }
}
