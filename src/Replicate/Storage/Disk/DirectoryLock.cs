using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Replicate.Storage.Disk;

/// <summary>
/// The lock of a directory among threads and processes: its file <c>.lock</c>, held open. The system frees it when its
/// process ends, however it ends.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
internal sealed class DirectoryLock(string directory)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WarningDelay = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _threads = new(1, 1);
    private readonly string _path = Path.Combine(directory, DiskKey.LockName);

    /// <summary>How long to wait for others before giving up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The mode of directories there, where its file has to be created.</summary>
    public Func<UnixFileMode> Directories { get; init; } = () => CreationMode.Private;

    /// <summary>Waits for the lock; the directory must exist.</summary>
    /// <returns>Frees the lock when disposed.</returns>
    /// <exception cref="ReplicateException">Another holds it for too long (<c>RepositoryLocked</c>), or it can't be written.</exception>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        if (!await _threads.WaitAsync(Timeout, cancellationToken))
        {
            throw Locked();
        }

        var isTold = false;
        try
        {
            for (var pause = TimeSpan.FromMilliseconds(1); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
            {
                if (TryOpen() is { } file)
                {
                    return new Held(file, _threads);
                }

                if (waiting.Elapsed > Timeout)
                {
                    throw Locked();
                }

                if (!isTold && waiting.Elapsed > WarningDelay)
                {
                    isTold = true;
                    Log.Warn($"{Holding(LockHolder.Of(_path))}. This command waits for it, up to {Timeout.TotalSeconds:0} seconds.");
                }

                // Those who wait wake at different moments.
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), cancellationToken);
            }
        }
        catch
        {
            _threads.Release();
            throw;
        }
    }

    private FileStream? TryOpen()
    {
        try
        {
            return new FileStream(_path, CreationMode.Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, Directories()));
        }
        catch (IOException e) when (DiskError.IsSharingViolation(e))
        {
            return null;
        }
        catch (Exception e) when (DiskError.From(e, "write", _path) is { } error)
        {
            throw error;
        }
    }

    private ReplicateException Locked()
    {
        var holder = LockHolder.Of(_path);
        return new(
            ErrorKind.Unavailable, "RepositoryLocked",
            $"{Holding(holder)} since {Timeout.TotalSeconds:0} seconds.",
            holder is { IsStopped: true }
                ? $"Let that process go on ('kill -CONT {holder.Process}') or end it, and try again."
                : "Wait until they are done, or end the process that hangs, and try again.");
    }

    private string Holding(LockHolder? holder) => holder is null
        ? $"Other writers hold the lock '{_path}'"
        : $"{string.Concat(holder.ToString()[..1].ToUpperInvariant(), holder.ToString().AsSpan(1))} holds the lock '{_path}'";

    private sealed class Held(FileStream file, SemaphoreSlim threads) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            threads.Release();
        }
    }
}
