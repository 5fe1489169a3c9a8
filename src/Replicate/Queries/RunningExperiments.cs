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

    /// <summary>Lists what runs now.</summary>
    /// <param name="progress">Told how many experiments are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Those that run, and those among them that changed, which at first are all.</returns>
    /// <exception cref="ReplicateException">The query is wrong, or the repository can't be read.</exception>
    public async Task<(IReadOnlyList<Experiment> All, IReadOnlyList<Experiment> Changed)> BeginAsync(
        IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        var all = (await project.Experiments.ListAsync(query, progress, cancellationToken))
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
        using var silence = Log.SendTo(new Silence());
        return await BeginAsync(null, cancellationToken);
    }

    private static (ExperimentStatus Status, int Checkpoints) StateOf(Experiment experiment) => (experiment.Status, experiment.Checkpoints.Count);

    private sealed class Silence : ILogSink
    {
        public void Warn(string message)
        {
        }

        public void Verbose(string message)
        {
        }
    }
}
