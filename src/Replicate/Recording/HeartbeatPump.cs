using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>
/// Refreshes the heartbeat of one experiment while this process runs it. It ends when the experiment is stopped here or
/// elsewhere, when another process takes over, and with the process.
/// </summary>
/// <param name="repository">The repository of the experiment.</param>
/// <param name="id">The experiment.</param>
/// <param name="beater">The token of the process.</param>
/// <param name="ended">Told when the heartbeat is no longer this process's to refresh.</param>
internal sealed class HeartbeatPump(Repository repository, string id, string beater, Action<HeartbeatPump> ended) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>What no two of a process have in common.</summary>
    internal (string Url, string Id) Key => (repository.Url, id);

    /// <summary>Writes the first heartbeat and goes on in the background.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await repository.WriteHeartbeatAsync(Beat(), PutCondition.None, cancellationToken);

        // The loop outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(LoopAsync, CancellationToken.None);
        }
    }

    /// <summary>Stops refreshing; nothing is written when this returns.</summary>
    internal async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Dispose();
    }

    /// <summary>Deletes the heartbeat, unless it is another process's by now.</summary>
    internal async Task DeleteAsync()
    {
        if (await repository.ReadHeartbeatAsync(id, CancellationToken.None) is var (heartbeat, _) && heartbeat.Beater == beater)
        {
            await repository.DeleteAsync([RepositoryKeys.Heartbeat(id)], CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private Heartbeat Beat() => new(id, Timestamp.Now, beater);

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Heartbeat.Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (!await RefreshAsync())
                {
                    ended(this);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Refreshes once.</summary>
    /// <returns>False when the heartbeat is no longer ours to refresh.</returns>
    private async Task<bool> RefreshAsync()
    {
        try
        {
            var current = await repository.ReadHeartbeatAsync(id, _stop.Token);
            return current is { } found && found.Heartbeat.Beater == beater
                && await repository.WriteHeartbeatAsync(Beat(), PutCondition.IfVersion(found.Version), _stop.Token);
        }
        catch (ReplicateException)
        {
            // A store that fails now may answer at the next beat; until then the experiment shows as lost, which is true.
            return true;
        }
    }
}
