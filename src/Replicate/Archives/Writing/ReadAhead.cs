using System.Buffers;
using System.Security.Cryptography;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;
using Replicate.Archives.Snapshots;

namespace Replicate.Archives.Writing;

/// <summary>Some files as they are in a tar file, headers and padding included. Disposing gives its memory back.</summary>
internal sealed class TarRun : IDisposable
{
    /// <summary>How long it can be.</summary>
    public const int MaxLength = 1 << 20;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(MaxLength);
    private readonly List<ArchiveEntry> _entries = [];
    private int _length;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>How many files were added or left out.</summary>
    public int Count { get; private set; }

    /// <summary>Its files, by their offset in the run.</summary>
    public IReadOnlyList<ArchiveEntry> Entries => _entries;

    /// <summary>Reads a file and adds it, or leaves it out.</summary>
    /// <returns>False when there is no room for it.</returns>
    /// <exception cref="ReplicateException"><c>FileChanged</c>, <c>FileUnreadable</c>.</exception>
    public bool TryAdd(string id, SelectedFile selected)
    {
        if (selected.LinkTarget is not null)
        {
            return TryAdd(TarEntries.OfLink(selected), id, null);
        }

        using var file = selected.TryOpen();
        if (file is null)
        {
            Count++;
            return true;
        }

        return TryAdd(TarEntries.Of(selected, file), id, file);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool TryAdd(SavedFile saved, string id, FileContent? file)
    {
        var header = TarHeader.Of($"{id}/{saved.Path}", saved);
        if (TarHeader.Padded(saved.Length) > MaxLength - _length - header.Length)
        {
            return false;
        }

        header.CopyTo(_buffer, _length);
        _length += header.Length;
        var content = _buffer.AsSpan(_length, (int)saved.Length);
        for (var rest = content; !rest.IsEmpty;)
        {
            rest = rest[file!.Read(rest)..];
        }

        var padded = (int)TarHeader.Padded(saved.Length);
        _buffer.AsSpan(_length + content.Length, padded - content.Length).Clear();
        _entries.Add(new ArchiveEntry(file is null ? saved : saved with { Sha256 = TarEntries.Hex(SHA256.HashData(content)) }, _length, header.Length));
        _length += padded;
        Count++;
        return true;
    }
}

/// <summary>Reads small files, which take their time one by one, in parallel before their turn comes.</summary>
internal sealed class ReadAhead(string id, IReadOnlyList<SelectedFile> files, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int Small = TarRun.MaxLength / 4;
    private const int RunLength = TarRun.MaxLength / 2;
    private const int RunCount = 128;
    private static readonly int MaxRuns = Math.Min(2 * Environment.ProcessorCount, 16);

    private readonly Queue<(int Start, Task<TarRun> Reading)> _runs = new();
    private int _planned;

    /// <summary>Takes what was read ahead.</summary>
    /// <param name="index">The file that the run has to begin with.</param>
    /// <returns>At least one file, to be disposed; null where this file has to be read now.</returns>
    /// <exception cref="ReplicateException"><c>FileChanged</c>, <c>FileUnreadable</c>.</exception>
    public async ValueTask<TarRun?> TakeAsync(int index)
    {
        while (_runs.Count < MaxRuns && _planned < files.Count)
        {
            PlanRun();
        }

        if (!_runs.TryPeek(out var next) || next.Start != index)
        {
            return null;
        }

        _runs.Dequeue();
        var run = await next.Reading;
        if (run.Count > 0)
        {
            return run;
        }

        run.Dispose();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, reading) in _runs)
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (reading.IsCompletedSuccessfully)
            {
                (await reading).Dispose();
            }
        }
    }

    private void PlanRun()
    {
        var start = _planned;
        for (var length = 0L; _planned < files.Count && _planned - start < RunCount; _planned++)
        {
            var file = TarHeader.Block + files[_planned].Length;
            if (file > Small || length + file > RunLength)
            {
                break;
            }

            length += file;
        }

        var end = _planned;
        if (end > start)
        {
            _runs.Enqueue((start, Task.Run(() => Read(start, end), cancellationToken)));
        }
        else
        {
            _planned++;
        }
    }

    /// <summary>Reads files until one has grown too long meanwhile.</summary>
    private TarRun Read(int start, int end)
    {
        var run = new TarRun();
        try
        {
            for (var i = start; i < end && run.TryAdd(id, files[i]); i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }
}
