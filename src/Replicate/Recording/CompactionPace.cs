using System.Diagnostics;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>How often a journal may be compacted into the metadata: about once a second, and for a part of the time only.</summary>
internal sealed class CompactionPace
{
    /// <summary>Rewriting the metadata may take one of so many parts of the time.</summary>
    private const int PartOfTime = 20;

    /// <summary>How fast lines are compacted, roughly.</summary>
    private const double BytesPerSecond = 100e6;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);

    private long _next;
    private long _waiting;

    /// <summary>Notes how many bytes wait in the journal.</summary>
    internal void NoteWaiting(long bytes) => Volatile.Write(ref _waiting, bytes);

    /// <summary>Notes that the metadata was rewritten just now.</summary>
    /// <param name="duration">How long that took.</param>
    internal void NoteRewritten(TimeSpan duration) =>
        Volatile.Write(ref _next, After(TimeSpan.FromTicks(Math.Max(MinPause.Ticks, (PartOfTime - 1) * duration.Ticks))));

    /// <summary>Notes the version of the metadata file, which somebody may have written a moment ago.</summary>
    internal void NoteVersion(string version)
    {
        var age = FileVersion.Parse(version) is { } parsed ? DateTime.UtcNow - parsed.Written : MinPause;
        var left = Math.Clamp((MinPause - age).Ticks, 0, MinPause.Ticks);
        Volatile.Write(ref _next, Math.Max(_next, After(TimeSpan.FromTicks(left))));
    }

    /// <summary>Waits until the metadata may be rewritten.</summary>
    internal async Task WaitAsync()
    {
        var since = Stopwatch.GetTimestamp();
        var wait = Stopwatch.GetElapsedTime(since, Volatile.Read(ref _next));
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait);
        }

        // Where more comes than can be rewritten in that part of the time, it waits for less to come, or for the end.
        while (PartOfTime * Volatile.Read(ref _waiting) / BytesPerSecond > Stopwatch.GetElapsedTime(since).TotalSeconds)
        {
            await Task.Delay(MinPause);
        }
    }

    private static long After(TimeSpan pause) => Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency);
}
