using System.Collections.Concurrent;
using System.Diagnostics;

namespace Replicate.Adapters.Cloud;

/// <summary>What a failed request tells of its repetition.</summary>
internal enum Failure
{
    /// <summary>It would fail again.</summary>
    Final,

    /// <summary>The store answered that it can't just now.</summary>
    Busy,

    /// <summary>No answer, or a broken one.</summary>
    Unanswered,
}

/// <summary>Repeats requests that fail for a moment: for long while the store answers, for a short time when nobody does.</summary>
internal static class Retry
{
    /// <summary>How long nothing may move before a try is given up.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    /// <summary>The same after bytes were sent, which lie in buffers of the system on a slow line.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(60);

    // With one more try that takes all of Silence this stays below 20 s.
    private static readonly TimeSpan TimeoutWithoutAnswer = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // A connection that breaks when much was sent on a slow line has used up the whole timeout with the first try.
    private const int FewestTries = 3;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // One that has answered before and is connected, but silent, is busy; the network is there.
    private static readonly ConcurrentDictionary<string, bool> ServersThatAnswered = new();

    /// <summary>Runs a request until it succeeds, fails for good, or the timeout is over.</summary>
    /// <param name="server">Who is asked: one that has answered this process before is waited for longer.</param>
    /// <param name="request">The request; it may run several times.</param>
    /// <param name="judge">What an exception means.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TimeoutException">The last try was given up because nothing moved.</exception>
    public static async Task<T> RunAsync<T>(
        string server, Func<Attempt, Task<T>> request, Func<Exception, Failure> judge, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.FromMilliseconds(100);
        var answered = false;
        for (var number = 1; ; number++)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            silence.CancelAfter(Silence);
            var attempt = new Attempt(number, silence);
            try
            {
                var result = await request(attempt);
                ServersThatAnswered.TryAdd(server, true);
                return result;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var isSilent = silence.IsCancellationRequested;
                var failure = isSilent ? Failure.Unanswered : judge(e);
                answered |= failure == Failure.Busy || attempt.IsAnswered;
                var isThere = answered || (isSilent && ServersThatAnswered.ContainsKey(server));
                var isOver = clock.Elapsed + pause > (isThere ? Timeout : TimeoutWithoutAnswer);
                if (failure == Failure.Final || (isOver && (isSilent || number >= FewestTries)))
                {
                    if (isSilent)
                    {
                        throw new TimeoutException("There was no answer in time.", e);
                    }

                    throw;
                }
            }

            // Many clients that failed together should not come back together.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
