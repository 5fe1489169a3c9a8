using Replicate.Recording.Environments;
using Replicate.Recording.Output;
using Replicate.Recording.Spool;
using Replicate.Repositories.Catalog;

namespace Replicate.Recording;

/// <summary>What a process has that outlives its commands, and what is done with that when the process ends.</summary>
/// <remarks>
/// A killed process does none of it, and nothing is lost: what waits is sent by the next command, journals are read where they
/// are, and a heartbeat grows old. An environment that is still being read at the end is not recorded.
/// </remarks>
internal sealed class ProcessLifetime
{
    private static readonly TimeSpan LogTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CiSendTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CompactionTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CatalogTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Begins a lifetime that ends with a call of <see cref="EndAsync"/>.</summary>
    internal ProcessLifetime() => Uploaders = new Uploaders(this);

    /// <summary>The one of this process, which ends with it.</summary>
    internal static ProcessLifetime Current { get; } = BeginCurrent();

    /// <summary>What sends and archives in the background.</summary>
    internal Uploaders Uploaders { get; }

    /// <summary>The logs that this process writes to.</summary>
    internal OutputLogs Logs { get; } = new();

    /// <summary>The experiments on a disk that checkpoints are added to.</summary>
    internal CheckpointJournals Journals { get; } = new();

    /// <summary>The experiments that show as running because of this process.</summary>
    internal Heartbeats Heartbeats { get; } = new();

    /// <summary>The environments that are still being read.</summary>
    internal PendingEnvironments Environments { get; } = new();

    /// <summary>What is still written to the catalogs of repositories.</summary>
    internal CatalogWork Catalogs { get; } = new();

    /// <summary>
    /// Ends it: first logs are written to their ends; then what waits is sent, which adds to journals; then journals are compacted into the metadata; then the heartbeats
    /// end, since until then the process works on its experiments; catalogs are written last, which only save others time. Each
    /// has its time, and what fails is left as it is.
    /// </summary>
    /// <param name="job">
    /// The CI job that the process is a step of: its agents are wiped, and the spool with them, so that all has to be sent. For null,
    /// outside of one, only what is to be archived on a disk is, and the rest waits for the next command.
    /// </param>
    /// <param name="clock">Measures the time; null for the system's.</param>
    internal Task EndAsync(CiJob? job, TimeProvider? clock = null)
    {
        var isCi = job is not null;
        ExitStep[] steps =
        [
            new(LogTimeout, timeout => Logs.EndAllAsync().WaitAsync(timeout)),
            new(isCi ? CiSendTimeout : SendTimeout, timeout => Uploaders.SendAsync(isCi, timeout)),
            new(CompactionTimeout, timeout => Journals.CompactAllAsync().WaitAsync(timeout)),
            new(HeartbeatTimeout, timeout => Heartbeats.EndAllAsync().WaitAsync(timeout)),
            new(CatalogTimeout, timeout => Catalogs.EndAsync().WaitAsync(timeout)),
        ];
        return ExitStep.RunAllAsync(steps, clock ?? TimeProvider.System);
    }

    private static ProcessLifetime BeginCurrent()
    {
        var lifetime = new ProcessLifetime();

        // The thread that ends the process may be one that its continuations would wait for.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Run(() => lifetime.EndAsync(CiJob.Current)).Wait();
        return lifetime;
    }
}
