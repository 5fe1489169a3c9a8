using System.Collections.Concurrent;
using Replicate.Repositories;

namespace Replicate.Recording.Spool;

/// <summary>
/// What this process knows of its own experiments and their repository doesn't yet: which are created, and which beat once
/// they are sent.
/// </summary>
internal sealed class OwnExperiments(Repository repository, Heartbeats heartbeats)
{
    private readonly ConcurrentDictionary<string, byte> _beating = new();
    private readonly ConcurrentDictionary<string, byte> _creating = new();

    /// <summary>Notes that an experiment is created, until it is sent or put aside.</summary>
    internal void Create(string experimentId) => _creating[experimentId] = 0;

    /// <summary>Notes that the repository has an experiment, or never will.</summary>
    internal void EndCreating(string experimentId) => _creating.TryRemove(experimentId, out _);

    /// <summary>Whether this process created an experiment that the repository doesn't have yet.</summary>
    internal bool IsCreating(string experimentId) => _creating.ContainsKey(experimentId);

    /// <summary>Notes that an experiment is to beat.</summary>
    internal void Beat(string experimentId) => _beating[experimentId] = 0;

    /// <summary>The heartbeat of an experiment that this process runs and whose first one isn't sent yet; otherwise null.</summary>
    internal Heartbeat? HeartbeatOf(string experimentId) =>
        _beating.ContainsKey(experimentId) ? new Heartbeat(experimentId, Timestamp.Now, Beater: null) : null;

    /// <summary>Begins the heartbeat of an experiment that is to beat.</summary>
    internal async Task BeginBeatAsync(string experimentId, CancellationToken cancellationToken)
    {
        if (_beating.TryRemove(experimentId, out _))
        {
            await heartbeats.StartAsync(repository, experimentId, cancellationToken);
        }
    }

    /// <summary>Begins the heartbeats of all that are to beat and that the repository has; others begin when they are sent.</summary>
    internal async Task BeginBeatsAsync(CancellationToken cancellationToken)
    {
        foreach (var id in _beating.Keys.Where(id => !IsCreating(id)))
        {
            await BeginBeatAsync(id, cancellationToken);
        }
    }

    /// <summary>Ends a heartbeat that may not have begun.</summary>
    internal Task EndBeatAsync(string experimentId)
    {
        _beating.TryRemove(experimentId, out _);
        return heartbeats.StopAsync(repository, experimentId);
    }
}
