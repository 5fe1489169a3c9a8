using Replicate.Storage;

namespace Replicate.Queries;

/// <summary>Follows the experiments that run, from where it begins until each has ended.</summary>
/// <param name="project">The project whose repository is looked at.</param>
/// <param name="query">Which of them are followed, in what order.</param>
public sealed class RunningExperiments(Project project, ExperimentQuery query)
{
    // A repository far away is asked as often as heartbeats change.
    private static readonly TimeSpan LocalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (ExperimentStatus Status, int Checkpoints)> _seen = [];
    private (Experiment Run, double Value)? _best;

    /// <summary>What happened when a run that is followed last beat all others of the list by the primary metric; empty for never.</summary>
    public string BestNews { get; private set; } = "";

    /// <summary>Lists what runs now.</summary>
    /// <param name="progress">Told how many experiments are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Those that run, and those among them that changed, which at first are all.</returns>
    /// <exception cref="ReplicateException">The query is wrong, or the repository can't be read.</exception>
    public async Task<(IReadOnlyList<Experiment> All, IReadOnlyList<Experiment> Changed)> BeginAsync(
        IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        var listed = await project.Experiments.ListAsync(query, progress, cancellationToken);
        LookForBest(listed);
        var all = listed
            .Where(experiment => experiment.IsRunning || _seen.ContainsKey(experiment.Id)).ToArray();
        var changed = all.Where(experiment => !_seen.TryGetValue(experiment.Id, out var state) || state != StateOf(experiment)).ToArray();
        foreach (var experiment in changed)
        {
            _seen[experiment.Id] = StateOf(experiment);
        }

        return (all, changed);
    }

    /// <summary>Waits a moment and lists again: what runs, and what ran when it was listed before.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All of them, and those that have another status or more checkpoints than before, or are new.</returns>
    /// <exception cref="ReplicateException">The repository can't be read.</exception>
    public async Task<(IReadOnlyList<Experiment> All, IReadOnlyList<Experiment> Changed)> NextAsync(CancellationToken cancellationToken = default)
    {
        await Task.Delay(StoreUrl.ToDirectory(project.Repository) is null ? RemoteInterval : LocalInterval, cancellationToken);

        // What there was to say of unreadable files was said at the beginning.
        using var silence = Log.SendTo(SilentLog.Instance);
        return await BeginAsync(null, cancellationToken);
    }

    private void LookForBest(IReadOnlyList<Experiment> experiments)
    {
        if (BestRun.MetricOf(experiments) is not { } metric || BestRun.Of(experiments) is not { } run)
        {
            return;
        }

        var value = BestRun.NumberOf(run, metric);
        if (_best is { } before && before.Run.Id != run.Id)
        {
            BestNews = $"{run.ShortId} is the best so far: {Value.Escape(metric.Name)} {Value.ToShortText(value)}, "
                + $"before that {before.Run.ShortId} with {Value.ToShortText(before.Value)}";
        }

        _best = (run, value);
    }

    private static (ExperimentStatus Status, int Checkpoints) StateOf(Experiment experiment) => (experiment.Status, experiment.Checkpoints.Count);
}
