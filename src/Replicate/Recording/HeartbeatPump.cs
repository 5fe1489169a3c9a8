using System.Collections.Concurrent;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>
/// Refreshes the heartbeat of one experiment while this process runs it. It ends when the experiment is stopped here or
/// elsewhere, when another process takes over, and with the process.
/// </summary>
internal sealed class HeartbeatPump : IDisposable
{
    // Which process beats: whoever created the experiment or added to it last.
    private static readonly string Beater = Guid.NewGuid().ToString("N");
    private static readonly ConcurrentDictionary<(string Url, string Id), HeartbeatPump> Running = new();

    private readonly Repository _repository;
    private readonly string _id;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    static HeartbeatPump() => AppDomain.CurrentDomain.ProcessExit += (_, _) => EndAllAsync().Wait(TimeSpan.FromSeconds(5));

    private HeartbeatPump(Repository repository, string id) => (_repository, _id) = (repository, id);

    /// <summary>Writes the first heartbeat and goes on in the background; does nothing where this process beats already.</summary>
    internal static async Task StartAsync(Repository repository, string id, CancellationToken cancellationToken)
    {
        var pump = new HeartbeatPump(repository, id);
        if (!Running.TryAdd((repository.Url, id), pump))
        {
            return;
        }

        try
        {
            await repository.WriteHeartbeatAsync(Beat(id), PutCondition.None, cancellationToken);
        }
        catch
        {
            pump.Forget();
            throw;
        }

        // The loop outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            pump._loop = Task.Run(pump.LoopAsync, CancellationToken.None);
        }
    }

    /// <summary>Stops refreshing; afterwards nothing of this process writes that heartbeat.</summary>
    internal static async Task StopAsync(Repository repository, string id)
    {
        if (Running.TryRemove((repository.Url, id), out var pump))
        {
            await pump.EndAsync();
        }
    }

    /// <summary>Stops all heartbeats of this process and deletes them, so that none outlives what it stands for.</summary>
    internal static Task EndAllAsync() => Task.WhenAll(Running.Values.Select(async pump =>
    {
        pump.Forget();
        await pump.EndAsync();
        if (await pump._repository.ReadHeartbeatAsync(pump._id, CancellationToken.None) is { Heartbeat.Beater: var beater }
            && beater == Beater)
        {
            await pump._repository.DeleteAsync([RepositoryKeys.Heartbeat(pump._id)], CancellationToken.None);
        }
    }));

    private static Heartbeat Beat(string id) => new(id, Timestamp.Now, Beater);

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Heartbeat.Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (!await RefreshAsync())
                {
                    Forget();
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
            var current = await _repository.ReadHeartbeatAsync(_id, _stop.Token);
            return current is { } found && found.Heartbeat.Beater == Beater
                && await _repository.WriteHeartbeatAsync(Beat(_id), PutCondition.IfVersion(found.Version), _stop.Token);
        }
        catch (ReplicateException)
        {
            // A store that fails now may answer at the next beat; until then the experiment shows as lost, which is true.
            return true;
        }
    }

    private void Forget() => Running.TryRemove(new((_repository.Url, _id), this));

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
