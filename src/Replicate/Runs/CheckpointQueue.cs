using System.Diagnostics;
using System.IO.Compression;
using System.Threading.Channels;
using Replicate.Recording;

namespace Replicate.Runs;

/// <summary>
/// Records checkpoints in the background, in order: their files as they come, several at a time, and the metadata of all
/// that are ready together, so that many checkpoints cost few writes.
/// </summary>
internal sealed class CheckpointQueue : IDisposable
{
    /// <summary>How many bytes of files may wait before who adds waits, too.</summary>
    private const long MaxWaiting = 1L << 31;

    private const int MaxFilesAtOnce = 32;

    /// <summary>Writing may take one of so many parts of the time, unless many wait.</summary>
    private const int PartOfTime = 10;

    /// <summary>So many are worth a write at any time; more are written one batch after the other.</summary>
    private const int Many = 5000;

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly object _lock = new();
    private readonly Channel<NewCheckpoint> _queue = Channel.CreateUnbounded<NewCheckpoint>(new() { SingleReader = true });
    private readonly CancellationTokenSource _ends = new();
    private readonly List<NewCheckpoint> _ready = [];
    private readonly Experiment _experiment;
    private readonly CompressionLevel _level;
    private readonly Task _loop;
    private ReplicateException? _filesError;
    private ReplicateException? _metadataError;
    private long _waiting;

    /// <summary>Begins to record.</summary>
    /// <param name="experiment">What the checkpoints are added to.</param>
    /// <param name="level">How hard their files are compressed.</param>
    internal CheckpointQueue(Experiment experiment, CompressionLevel level)
    {
        (_experiment, _level) = (experiment, level);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Why not all could be recorded; null where all is. Valid at the end.</summary>
    internal ReplicateException? Error => _metadataError ?? _filesError;

    /// <summary>Adds a checkpoint; waits while too much is waiting.</summary>
    internal void Add(NewCheckpoint checkpoint)
    {
        lock (_lock)
        {
            while (_waiting > MaxWaiting && !_loop.IsCompleted)
            {
                Monitor.Wait(_lock, TimeSpan.FromSeconds(1));
            }

            _waiting += checkpoint.Files?.Length ?? 0;
        }

        _queue.Writer.TryWrite(checkpoint);
    }

    /// <summary>Waits until all is recorded, or can't be.</summary>
    internal async Task FinishAsync()
    {
        _queue.Writer.TryComplete();
        await _ends.CancelAsync();
        await _loop;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _ends.Cancel();
        _ends.Dispose();
    }

    private async Task LoopAsync()
    {
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.Zero;
        var isBusy = false;
        for (var isOver = false; !isOver;)
        {
            if (_ready.Count == 0)
            {
                await _queue.Reader.WaitToReadAsync();
            }

            if (clock.Elapsed < pause && !isBusy)
            {
                // Of checkpoints that come fast, many are taken at a time.
                await Task.Delay(MinPause, _ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            isBusy = await TakeAsync();
            isOver = _queue.Reader.Completion.IsCompleted;
            if (_ready.Count > 0 && (isOver || clock.Elapsed >= pause || (_ready.Count >= Many && _metadataError is null)))
            {
                clock.Restart();
                await RecordAsync();
                pause = TimeSpan.FromTicks(Math.Clamp(clock.Elapsed.Ticks * PartOfTime, MinPause.Ticks, MaxPause.Ticks));
                clock.Restart();
            }
        }
    }

    /// <summary>Takes what waits, and saves its files.</summary>
    /// <returns>Whether more may wait.</returns>
    private async Task<bool> TakeAsync()
    {
        var files = new List<NewCheckpoint>();
        var taken = 0;
        for (; taken < Many && files.Count < MaxFilesAtOnce && _queue.Reader.TryRead(out var checkpoint); taken++)
        {
            _ready.Add(checkpoint);
            if (checkpoint.Files is not null)
            {
                files.Add(checkpoint);
            }
        }

        // One core is the program's; but a file that is being flushed needs none.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount - 1, 2, 4) };
        await Parallel.ForEachAsync(files, options, async (checkpoint, _) => await SaveFilesAsync(checkpoint));
        return taken == Many || files.Count > 0;
    }

    private async Task SaveFilesAsync(NewCheckpoint checkpoint)
    {
        using var files = checkpoint.Files!;
        checkpoint.Files = null;
        try
        {
            var saved = new FilesToSave(checkpoint.Id, files.Files, Progress: null) { Level = _level };
            var target = await _experiment.Project.Workspace.OpenTargetAsync(CancellationToken.None);
            await target.SaveArchiveAsync(saved, CancellationToken.None);
            (checkpoint.Path, checkpoint.Sha256) = (files.Path, saved.Sha256);
        }
        catch (ReplicateException e)
        {
            // The metrics are worth recording without the files.
            _filesError = e;
        }

        lock (_lock)
        {
            _waiting -= files.Length;
            Monitor.PulseAll(_lock);
        }
    }

    private async Task RecordAsync()
    {
        try
        {
            await _experiment.AddAsync(_ready, CancellationToken.None);
            _metadataError = null;
            _ready.Clear();
        }
        catch (ReplicateException e)
        {
            // A store that fails now may answer the next time; nothing is dropped.
            _metadataError = e;
        }
    }
}
