using System.Collections.Concurrent;
using System.Diagnostics;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>The leases of a spool; see <see cref="SendingLease"/>.</summary>
/// <param name="directory">Where their files are; it need not exist.</param>
internal sealed class SendingLeases(string directory)
{
    /// <summary>How long a command that must have what another sends waits for it.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int MaxLength = 4096;

    /// <summary>A holder that says nothing for so long stands still.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>The same for who comes for the first time, by the clock of the file system, which may be set.</summary>
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan WarningDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, (string Said, long Since)> _silent = new();
    private readonly ConcurrentDictionary<string, Task> _own = new();

    /// <summary>Takes the lease of an experiment; null where another has it and is alive.</summary>
    /// <exception cref="ReplicateException">The files can't be written.</exception>
    internal SendingLease? TryTake(string experimentId) => TryTake(experimentId, out _);

    /// <summary>The same, telling who has it.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="own">Where it was taken here before, what completes when it is free; otherwise null.</param>
    /// <exception cref="ReplicateException">The files can't be written.</exception>
    internal SendingLease? TryTake(string experimentId, out Task? own)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holder = _own.GetOrAdd(experimentId, ended.Task);
        own = holder == ended.Task ? null : holder;
        if (own is not null)
        {
            return null;
        }

        SendingLease? lease = null;
        try
        {
            return lease = TryTakeFromOthers(experimentId, End);
        }
        finally
        {
            if (lease is null)
            {
                End();
            }
        }

        void End()
        {
            if (_own.TryRemove(new(experimentId, ended.Task)))
            {
                ended.SetResult();
            }
        }
    }

    private SendingLease? TryTakeFromOthers(string experimentId, Action ended)
    {
        var path = DiskKey.ToPath(directory, experimentId + ".lock");
        var holder = DiskKey.ToPath(directory, experimentId + ".holder");
        try
        {
            CreationMode.CreateDirectory(directory);
            if (TryOpen(path) is { } file)
            {
                return new SendingLease(experimentId, path, holder, file, ended);
            }

            if (!IsSilent(experimentId, holder))
            {
                return null;
            }

            Log.Verbose($"{Describe(experimentId)} stands still: this process sends now.");
            Remove(path);
            return TryOpen(path) is { } taken ? new SendingLease(experimentId, path, holder, taken, ended) : null;
        }
        catch (Exception e) when (DiskError.From(e, "write", path) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Waits for the lease of an experiment, and says for whom where that takes long.</summary>
    /// <exception cref="ReplicateException">Another has it for too long (<c>SentElsewhere</c>).</exception>
    internal async Task<SendingLease> TakeAsync(string experimentId, CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        for (var isTold = false; ;)
        {
            if (TryTake(experimentId) is { } lease)
            {
                return lease;
            }

            isTold = await WaitAsync(experimentId, waiting.Elapsed, isTold, cancellationToken);
        }
    }

    /// <summary>Waits a moment for who has the lease of an experiment.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="waited">How long was waited already.</param>
    /// <param name="isTold">Whether the user was told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the user was told now or before.</returns>
    /// <exception cref="ReplicateException">It took too long (<c>SentElsewhere</c>).</exception>
    internal async Task<bool> WaitAsync(string experimentId, TimeSpan waited, bool isTold, CancellationToken cancellationToken)
    {
        if (waited > Timeout)
        {
            throw new ReplicateException(
                ErrorKind.Unavailable, ErrorIds.SentElsewhere, $"{Describe(experimentId)}, and is not done after {Timeout.TotalSeconds:0} seconds.",
                "Wait until it is done and try again, or end that process: what waits is kept, and the next command sends it.");
        }

        isTold = isTold || Tell(experimentId, waited, $"up to {Timeout.TotalSeconds:0} seconds");
        await Task.Delay(Pause, cancellationToken);
        return isTold;
    }

    /// <summary>Waits a moment for a lease that was taken here: it is waited for as long as it would take to send the same.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="own">What completes when it is free.</param>
    /// <param name="waited">How long was waited already.</param>
    /// <param name="isTold">Whether the user was told.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the user was told now or before.</returns>
    internal async Task<bool> WaitForOwnAsync(
        string experimentId, Task own, TimeSpan waited, bool isTold, CancellationToken cancellationToken)
    {
        isTold = isTold || Tell(experimentId, waited, "until that is done");
        await Task.WhenAny(own, Task.Delay(Pause, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return isTold;
    }

    /// <summary>What the holder of a lease tells; empty where there is none.</summary>
    internal static string Read(string path)
    {
        try
        {
            using var file = DiskFile.TryOpen(path);
            var bytes = new byte[file is null ? 0 : Math.Min(RandomAccess.GetLength(file), MaxLength)];
            return file is null ? "" : System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private bool Tell(string experimentId, TimeSpan waited, string howLong)
    {
        if (waited <= WarningDelay)
        {
            return false;
        }

        Log.Warn($"{Describe(experimentId)}. This command waits for it, {howLong}.");
        return true;
    }

    private string Describe(string experimentId) =>
        Read(DiskKey.ToPath(directory, experimentId + ".holder")).Split('\n') is [_, var process, var host, var what, ..]
            ? $"Process {process} on {host} is sending experiment {experimentId}{(what.Length > 0 ? $" ({what})" : "")}"
            : $"Another process is sending experiment {experimentId}";

    private static FileStream? TryOpen(string path)
    {
        try
        {
            // Where it is freed by its file's name being taken away, another may have come in between: then this is no longer it.
            var options = CreationMode.Open(
                FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
            var file = new FileStream(path, options);
            if (UnixStatus.Of(file.SafeFileHandle) is { } mine && UnixStatus.Of(path)?.Number != mine.Number)
            {
                file.Dispose();
                return null;
            }

            return file;
        }
        catch (IOException e) when (DiskError.IsSharingViolation(e))
        {
            return null;
        }
    }

    private static void Remove(string path)
    {
        // Windows keeps the name of an open file until it is closed, but lets it have another.
        var aside = DiskKey.TemporaryBeside(path);
        File.Move(path, aside);
        DiskFile.TryDelete(aside);
    }

    private bool IsSilent(string experimentId, string holder)
    {
        var said = Read(holder);
        var now = Environment.TickCount64;
        var known = _silent.AddOrUpdate(experimentId, (said, now), (_, before) => before.Said == said ? before : (said, now));
        return now - known.Since > Silence.TotalMilliseconds
            || (DiskFile.VersionOf(holder) is { } version && DateTime.UtcNow - version.Written > LongSilence);
    }
}
