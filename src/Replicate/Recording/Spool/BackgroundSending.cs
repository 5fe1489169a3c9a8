using System.Collections.Concurrent;

namespace Replicate.Recording.Spool;

/// <summary>
/// Sends what waits in a spool while commands go on: after a pause where the repository does not answer, and for a remote
/// one not more often than the metadata of an experiment is worth being rewritten.
/// </summary>
/// <param name="uploader">What sends.</param>
/// <param name="isLocal">Whether the repository is on this machine.</param>
internal sealed class BackgroundSending(Uploader uploader, bool isLocal)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How often the metadata of a remote repository is rewritten while a run goes on.</summary>
    private static readonly TimeSpan SendInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _lastSent = new();
    private int _isWorking;

    /// <summary>Notes that something of an experiment was sent now, by this process.</summary>
    internal void NoteSent(string experimentId) => _lastSent[experimentId] = Environment.TickCount64;

    /// <summary>How long the next sending of an experiment is not due; nothing or less where it is.</summary>
    internal TimeSpan DueIn(string experimentId) => !isLocal && _lastSent.TryGetValue(experimentId, out var last)
        ? SendInterval - TimeSpan.FromMilliseconds(Environment.TickCount64 - last)
        : TimeSpan.Zero;

    /// <summary>Sends in the background until nothing waits, however long the repository does not answer.</summary>
    internal void Start()
    {
        if (Interlocked.Exchange(ref _isWorking, 1) == 1)
        {
            return;
        }

        // The work outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WorkAsync);
        }
    }

    private async Task WorkAsync()
    {
        for (var pause = FirstPause; ;)
        {
            try
            {
                var (isElsewhere, notDue) = await uploader.SendDueAsync(CancellationToken.None);
                if (notDue.Count > 0)
                {
                    // Many checkpoints together are one rewrite.
                    var due = notDue.Min(DueIn);
                    await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero);
                    continue;
                }

                if (isElsewhere)
                {
                    // What another process sends may be left to this one.
                    await Task.Delay(pause);
                    pause = pause < LongestPause ? 2 * pause : LongestPause;
                    continue;
                }

                Volatile.Write(ref _isWorking, 0);

                // What came while the flag was still up has nobody else to send it.
                if ((await uploader.Spool.ReadAsync(CancellationToken.None)).Count == 0 || Interlocked.Exchange(ref _isWorking, 1) == 1)
                {
                    return;
                }

                pause = FirstPause;
            }
            catch (ReplicateException exception) when (exception.Kind is ErrorKind.Unavailable or ErrorKind.Conflict)
            {
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()));
                pause = pause < LongestPause ? 2 * pause : LongestPause;
            }
            catch (ReplicateException)
            {
                // A refusal does not go away by itself: whoever stops or synchronizes next is told.
                Volatile.Write(ref _isWorking, 0);
                return;
            }
        }
    }
}
