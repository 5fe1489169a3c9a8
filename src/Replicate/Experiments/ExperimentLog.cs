using System.Runtime.CompilerServices;
using Replicate.Recording.Output;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate;

/// <summary>The log of an experiment: what its run wrote, as its repository and the spool of this machine have it.</summary>
public static class ExperimentLog
{
    private static readonly TimeSpan DiskPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RemotePause = TimeSpan.FromSeconds(2);

    extension(Experiment experiment)
    {
        /// <summary>Reads the log from its beginning, in the order of time; while the run goes on, up to what it has written by now.</summary>
        /// <param name="errorOnly">Whether only lines of the error output are read.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The repository can't be read.</exception>
        public async IAsyncEnumerable<LogLine> ReadLogAsync(
            bool errorOnly = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var line in ReaderFor(experiment).ReadAsync(withOpen: true, cancellationToken))
            {
                if (IsWanted(line, errorOnly))
                {
                    yield return line;
                }
            }
        }

        /// <summary>Reads the last lines of the log; no more of it is looked at than has them.</summary>
        /// <param name="count">How many lines.</param>
        /// <param name="errorOnly">Whether only lines of the error output are read.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The repository can't be read.</exception>
        public Task<IReadOnlyList<LogLine>> ReadLogEndAsync(int count, bool errorOnly = false, CancellationToken cancellationToken = default) =>
            ReaderFor(experiment).ReadLastAsync(count, line => IsWanted(line, errorOnly), withOpen: true, cancellationToken);

        /// <summary>Reads the log while it is written, and ends with the run. Of a line that may still change it waits for the end.</summary>
        /// <param name="tail">How many of the lines that are there come first; null for all.</param>
        /// <param name="errorOnly">Whether only lines of the error output are read.</param>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The repository can't be read, or the experiment was removed.</exception>
        public async IAsyncEnumerable<LogLine> FollowLogAsync(
            int? tail = null, bool errorOnly = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var reader = ReaderFor(experiment);
            if (tail is { } count)
            {
                foreach (var line in await reader.ReadLastAsync(count, line => IsWanted(line, errorOnly), withOpen: false, cancellationToken))
                {
                    yield return line;
                }
            }

            for (var isOver = false; !isOver;)
            {
                // What is written before the end is recorded is there when it is seen.
                await experiment.RefreshAsync(cancellationToken);
                isOver = !experiment.IsRunning;
                await foreach (var line in reader.ReadAsync(withOpen: isOver, cancellationToken))
                {
                    if (IsWanted(line, errorOnly))
                    {
                        yield return line;
                    }
                }

                if (!isOver)
                {
                    await Task.Delay(experiment.Owner.Workspace.Repository.IsLocal ? DiskPause : RemotePause, cancellationToken);
                }
            }
        }

        /// <summary>Opens the log to write to it. It ends when the experiment is stopped, or with the process.</summary>
        /// <param name="cancellationToken">Ends the work.</param>
        /// <exception cref="ReplicateException">The repository is not trusted, or this machine's spool can't be written to.</exception>
        public async Task<LogWriter> OpenLogAsync(CancellationToken cancellationToken = default)
        {
            var workspace = experiment.Owner.Workspace;
            await workspace.Trust.RequireAsync(cancellationToken);
            return new LogWriter(workspace.Lifetime.Logs.For(workspace, experiment.Id, OutputLogs.DefaultMaxText));
        }
    }

    private static bool IsWanted(LogLine line, bool errorOnly) => !errorOnly || line.Stream == LogStream.Error;

    private static LogReader ReaderFor(Experiment experiment)
    {
        var workspace = experiment.Owner.Workspace;
        IObjectStore[] waiting = workspace.WaitingUploader is { } uploader ? [uploader.Spool.ReadableStore()] : [];
        return new LogReader(experiment.Id, [.. waiting, workspace.Repository.Store]);
    }
}
