namespace Replicate.Cli.Views;

/// <summary>Things of the engine in a few words.</summary>
internal static class Descriptions
{
    /// <summary>Where the files of a match come from, and why from this checkpoint.</summary>
    /// <exception cref="ReplicateException">There is no such checkpoint; see <see cref="Match.Choose"/>.</exception>
    public static string Source(Match match, CheckpointChoice choice)
    {
        var experiment = $"experiment {match.Experiment.ShortId}";
        var chosen = match.Choose(choice);
        return (match.Checkpoint, chosen.Checkpoint) switch
        {
            (_, null) => experiment,
            (null, { } found) => $"{experiment} and its {(found == match.Experiment.Best() ? "best" : "latest")} checkpoint {Value.Escape($"{chosen}")}",
            ({ } named, _) => $"{experiment} and its checkpoint {named}",
        };
    }
}
