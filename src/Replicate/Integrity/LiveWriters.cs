using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>
/// Tells what no writer has in hand any more: what is older than the grace by the store's own clock, and older than every
/// experiment that still runs, so that a clock that jumps meanwhile makes nothing old.
/// </summary>
/// <param name="clock">The store's clock.</param>
/// <param name="grace">How long what belongs to nothing may be the work of a writer that no heartbeat tells of.</param>
internal sealed class LiveWriters(StoreClock clock, TimeSpan grace)
{
    private DateTime _firstStart = DateTime.MaxValue;

    /// <summary>The grace where nobody says another.</summary>
    internal static TimeSpan DefaultGrace { get; } = TimeSpan.FromDays(1);

    /// <summary>The experiments whose heartbeats were refreshed lately; all of them where the store's clock can't be asked.</summary>
    internal async Task<IEnumerable<string>> BeatingAsync(IReadOnlyList<ObjectInfo> heartbeats, CancellationToken cancellationToken)
    {
        if (heartbeats.Count == 0)
        {
            return [];
        }

        var alive = await clock.NowAsync(cancellationToken) - Heartbeat.MaxAge;
        return heartbeats.Where(info => !(info.LastModified < alive))
            .Select(info => RepositoryKeys.IdOf(info.Key, RepositoryKeys.HeartbeatPrefix) ?? "");
    }

    /// <summary>Takes down an experiment that runs.</summary>
    /// <param name="started">When it was created, by the clock of its writer.</param>
    internal void Note(DateTime started) => _firstStart = started < _firstStart ? started : _firstStart;

    /// <summary>Whether no writer that lives can have written an object.</summary>
    /// <param name="lastModified">When the store says it was written, UTC; null where it doesn't tell.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<bool> IsSettledAsync(DateTime? lastModified, CancellationToken cancellationToken)
    {
        if (lastModified is not { } written || await clock.NowAsync(cancellationToken) is not { } now)
        {
            return false;
        }

        var busy = now < _firstStart ? now : _firstStart;
        return busy - DateTime.MinValue > grace && written <= busy - grace;
    }
}
