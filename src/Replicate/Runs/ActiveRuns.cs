using Replicate.Recording;

namespace Replicate.Runs;

/// <summary>The experiments whose heartbeat this process refreshes.</summary>
internal static class ActiveRuns
{
    /// <summary>
    /// Ends the heartbeats of this process without recording how the experiments ended. Happens by itself when the process
    /// exits; a host that unloads the engine earlier calls it.
    /// </summary>
    public static Task EndAsync() => ProcessLifetime.Current.Heartbeats.EndAllAsync();
}
