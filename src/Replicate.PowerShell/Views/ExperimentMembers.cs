using System.Collections.Concurrent;
using Replicate.PowerShell.Host;

namespace Replicate.PowerShell.Views;

/// <summary>What the type file adds to experiments, because a shell's method does not wait for a task.</summary>
public static class ExperimentMembers
{
    /// <summary>Reads the experiment from its repository again; its flattened properties follow.</summary>
    /// <param name="experiment">The experiment, which is changed.</param>
    /// <returns>The warnings, for the shell to show: a method has no stream to write them to.</returns>
    /// <exception cref="ReplicateException">It is no longer there (<c>IdNotFound</c>).</exception>
    public static IReadOnlyList<string> Refresh(Experiment experiment)
    {
        var warnings = new CollectedWarnings();
        new EnginePump(cmdlet: null).Run(
            async (_, token) =>
            {
                using var log = Log.SendTo(warnings);
                await experiment.RefreshAsync(token);
                Listing.Update(experiment);
                return true;
            },
            CancellationToken.None);
        return [.. warnings.All];
    }

    private sealed class CollectedWarnings : ILogSink
    {
        public ConcurrentQueue<string> All { get; } = [];

        public void Warn(string message) => All.Enqueue(message);

        public void Verbose(string message)
        {
        }
    }
}
