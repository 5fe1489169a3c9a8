namespace Replicate.Cli.Views;

/// <summary>Things of the engine in a few words.</summary>
internal static class Descriptions
{
    /// <summary>The status as in <c>running</c> or <c>failed (exit code 3)</c>.</summary>
    public static Cell Status(Experiment experiment) => experiment.Status switch
    {
        ExperimentStatus.Running => new Cell("running", Styles.Green),
        ExperimentStatus.Failed when experiment.ExitCode is { } code => new Cell($"failed (exit code {code})", Styles.Red),
        ExperimentStatus.Failed => new Cell("failed", Styles.Red),
        ExperimentStatus.Lost => new Cell("lost", Styles.Yellow),
        ExperimentStatus.Completed => "completed",
        ExperimentStatus.Interrupted => "interrupted",
        _ => "stopped",
    };

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
