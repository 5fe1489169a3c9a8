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

    /// <summary>Where the files of a match come from.</summary>
    public static string Source(Match match)
    {
        var experiment = $"experiment {match.Experiment.ShortId}";
        return (match.Checkpoint, match.Representative) switch
        {
            ({ } named, _) => $"{experiment} and its checkpoint {named.ShortId}",
            (null, null) => experiment,
            (null, { } chosen) => $"{experiment} and its {Rank(chosen)} checkpoint {chosen.ShortId}",
        };
    }

    private static string Rank(Checkpoint checkpoint) => checkpoint == checkpoint.Experiment.Best() ? "best" : "latest";
}
