using System.Collections.Concurrent;
using Replicate.Repositories;

namespace Replicate.Recording;

/// <summary>The heartbeats that a process refreshes, one for each experiment that it runs.</summary>
internal sealed class Heartbeats
{
    // Which process beats: whoever created the experiment or added to it last.
    private readonly string _beater = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<(string Url, string Id), HeartbeatPump> _running = new();

    /// <summary>Writes the first heartbeat and goes on in the background; does nothing where this process beats already.</summary>
    internal async Task StartAsync(Repository repository, string id, CancellationToken cancellationToken)
    {
        var pump = new HeartbeatPump(repository, id, _beater, Forget);
        if (!_running.TryAdd((repository.Url, id), pump))
        {
            return;
        }

        try
        {
            await pump.StartAsync(cancellationToken);
        }
        catch
        {
            Forget(pump);
            throw;
        }
    }

    /// <summary>Stops refreshing; afterwards nothing of this process writes that heartbeat.</summary>
    internal async Task StopAsync(Repository repository, string id)
    {
        if (_running.TryRemove((repository.Url, id), out var pump))
        {
            await pump.EndAsync();
        }
    }

    /// <summary>Stops all heartbeats of this process and deletes them, so that none outlives what it stands for.</summary>
    internal Task EndAllAsync() => Task.WhenAll(_running.Values.Select(async pump =>
    {
        Forget(pump);
        await pump.EndAsync();
        await pump.DeleteAsync();
    }));

    private void Forget(HeartbeatPump pump) => _running.TryRemove(new(pump.Key, pump));
}
