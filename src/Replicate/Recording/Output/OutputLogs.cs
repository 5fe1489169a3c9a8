using System.Collections.Concurrent;
using Replicate.Repositories;

namespace Replicate.Recording.Output;

/// <summary>The logs that a process writes to, one for each experiment.</summary>
internal sealed class OutputLogs
{
    /// <summary>How many bytes of lines a log has at most where nothing else is said.</summary>
    internal const long DefaultMaxText = 64_000_000;

    private readonly ConcurrentDictionary<(string Repository, string ExperimentId), Lazy<Written>> _all = new();

    /// <summary>The log of an experiment, for whoever in the process writes to it.</summary>
    /// <param name="workspace">Whose repository has it.</param>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="maxText">How many bytes of lines are kept, by who writes first.</param>
    /// <exception cref="ReplicateException">The spool can't be written to.</exception>
    internal OutputLog For(Workspace workspace, string experimentId, long maxText) => _all.GetOrAdd(
        (workspace.Repository.Url, experimentId), _ => new Lazy<Written>(() => Written.Begin(workspace, experimentId, maxText))).Value.Log;

    /// <summary>Ends the log of an experiment, where this process writes one: all of it is in the repository then, or waits in the spool.</summary>
    internal async Task FinishAsync(Repository repository, string experimentId)
    {
        if (_all.TryRemove((repository.Url, experimentId), out var written))
        {
            await written.Value.EndAsync();
        }
    }

    /// <summary>Ends all.</summary>
    internal Task EndAllAsync() => Task.WhenAll(_all.Keys.ToArray()
        .Select(key => _all.TryRemove(key, out var written) ? written.Value.EndAsync() : Task.CompletedTask));

    /// <summary>A log, and what sends it.</summary>
    private sealed class Written
    {
        private readonly LogSending? _sending;
        private readonly IDisposable? _claim;

        private Written(OutputLog log, LogSending? sending, IDisposable? claim) => (Log, _sending, _claim) = (log, sending, claim);

        internal OutputLog Log { get; }

        internal static Written Begin(Workspace workspace, string experimentId, long maxText)
        {
            var repository = workspace.Repository;
            if (repository.Store.Capabilities.Growing is not null)
            {
                return new Written(new OutputLog(new SegmentWriter(repository.Store, experimentId, maxText)), null, null);
            }

            var spool = workspace.Uploader.Spool;
            LogSending? sending = null;
            var segments = new SegmentWriter(spool.Store, experimentId, maxText) { Changed = (key, isThere) => sending?.Note(key, isThere) };
            var claim = spool.Logs.Claim(experimentId, segments.Writer);
            sending = new LogSending(spool.Store, repository, () => segments.Current);
            return new Written(new OutputLog(segments), sending, claim);
        }

        internal async Task EndAsync()
        {
            await Log.FinishAsync();
            if (_sending is not null)
            {
                await _sending.DisposeAsync();
            }

            _claim?.Dispose();
        }
    }
}
