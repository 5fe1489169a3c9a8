namespace Replicate.Queries;

/// <summary>How long a run goes on, as far as its params tell how many steps it has.</summary>
internal static class TimeLeft
{
    private const int MostLookedAt = 20;

    // What training programs call the number of their steps.
    private static readonly string[] Names =
    [
        "epochs", "num_epochs", "n_epochs", "max_epochs", "num_train_epochs", "steps", "num_steps", "max_steps", "total_steps", "iterations",
        "num_iterations", "max_iterations", "max_iters",
    ];

    /// <summary>The time until its last step at the pace of its latest checkpoints; null where it doesn't run, or its params or checkpoints don't tell.</summary>
    public static TimeSpan? Of(Experiment experiment)
    {
        var latest = experiment.Checkpoints.Last(MostLookedAt);
        if (!experiment.IsRunning || latest.Count < 2 || latest[^1].Step <= latest[0].Step)
        {
            return null;
        }

        var step = latest[^1].Step;
        var total = Names.Select(name => experiment.Params[name] is long steps && steps > step ? steps : 0).FirstOrDefault(steps => steps > 0);
        var pace = (latest[^1].CreatedAt.Utc - latest[0].CreatedAt.Utc) / (latest[^1].Step - latest[0].Step);

        // Most count their steps from 0.
        return total == 0 ? null : pace * Math.Max(0, total - 1 - step);
    }
}
