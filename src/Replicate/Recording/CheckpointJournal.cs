using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Recording;

/// <summary>
/// Adds checkpoints to one experiment on a disk: as lines of its journal, at the same cost however many there are, and from
/// time to time, in the background, to its metadata file. What it knows of the experiment is read only where another writer
/// was there meanwhile.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to free.")]
internal sealed class CheckpointJournal
{
    private readonly Repository _repository;
    private readonly Journal _journal;
    private readonly string _id;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SemaphoreSlim _compacting = new(1, 1);
    private readonly CompactionPace _pace = new();
    private readonly JsonTextWriter _lines = new(indent: 0);
    private ExperimentMetadata? _metadata;
    private string? _version;

    // What was added here need not be read again: the checkpoints of the journal, null where it has others, too, and of closed ones.
    private readonly ConcurrentDictionary<string, IReadOnlyList<Checkpoint>> _ownClosed = new();
    private List<Checkpoint>? _own = [];
    private JournalPosition _end;
    private IReadOnlyList<string> _closed = [];
    private long _highestStep;
    private int _isScheduled;

    /// <summary>Knows nothing of the experiment yet; there is one for each in a process, see <see cref="CheckpointJournals"/>.</summary>
    internal CheckpointJournal(Repository repository, Journal journal, string id) =>
        (_repository, _journal, _id) = (repository, journal, id);

    /// <summary>Adds checkpoints; when this returns they outlive the process.</summary>
    /// <param name="checkpoints">Gives them their steps, told the highest so far; may be called several times.</param>
    /// <param name="cancellationToken">Ends the wait for other writers; none is added then.</param>
    /// <returns>What is known of the experiment but for its checkpoints, and those that were added.</returns>
    /// <exception cref="ReplicateException">The experiment is gone, or its repository can't be written to.</exception>
    internal Task<(ExperimentMetadata Experiment, IReadOnlyList<Checkpoint> Added)> AddAsync(
        Func<long, IReadOnlyList<Checkpoint>> checkpoints, CancellationToken cancellationToken) =>
        AddAsync(() => Task.FromResult(checkpoints(_highestStep)), areNew: true, cancellationToken);

    /// <summary>Adds checkpoints that have their steps, but for steps that others took meanwhile; some may be there already.</summary>
    /// <inheritdoc cref="AddAsync(Func{long, IReadOnlyList{Checkpoint}}, CancellationToken)"/>
    internal Task AddNumberedAsync(IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken) =>
        AddAsync(() => SettleAsync(checkpoints, cancellationToken), areNew: false, cancellationToken);

    /// <summary>Adds checkpoints.</summary>
    /// <param name="checkpoints">Gives them their steps when all is known that was added before; may be called several times.</param>
    /// <param name="areNew">Whether they cannot be there already; otherwise that is found out when they are compacted.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    private async Task<(ExperimentMetadata Experiment, IReadOnlyList<Checkpoint> Added)> AddAsync(
        Func<Task<IReadOnlyList<Checkpoint>>> checkpoints, bool areNew, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var isKnown = await IsKnownAsync(cancellationToken); ; isKnown = false)
            {
                if (!isKnown)
                {
                    await CatchUpAsync(cancellationToken);
                }

                var added = await checkpoints();
                _lines.Clear();
                JournalLine.Write(_lines, added);
                if (await _journal.TryAppendAsync(_id, _lines.Written, _end, IsWhatWasReadAsync, cancellationToken) is { } end)
                {
                    Log.Verbose($"Added {added.Count} to {RepositoryKeys.Journal(_id)} of '{_repository.Url}'.");
                    _end = end;
                    if (areNew)
                    {
                        _own?.AddRange(added);
                    }
                    else
                    {
                        _own = null;
                    }

                    _highestStep = Math.Max(_highestStep, added.Max(checkpoint => checkpoint.Step));
                    Schedule();
                    return (_metadata!, added);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives checkpoints their steps that are not added yet; no other of this process gets the same.</summary>
    internal async Task<(ExperimentMetadata Experiment, Checkpoint[] Numbered)> NumberAsync(
        Func<long, Checkpoint[]> checkpoints, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!await IsKnownAsync(cancellationToken))
            {
                await CatchUpAsync(cancellationToken);
            }

            var numbered = checkpoints(_highestStep);
            _highestStep = Math.Max(_highestStep, numbered.Max(checkpoint => checkpoint.Step));
            return (_metadata!, numbered);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Rewrites the metadata.</summary>
    /// <param name="change">Changes it; may be called several times.</param>
    /// <param name="isEnd">Whether all is compacted that was added; otherwise that may stay in the journal.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the metadata says now.</returns>
    /// <exception cref="ReplicateException">The experiment is gone, or its repository can't be written to.</exception>
    internal async Task<ExperimentMetadata> RewriteAsync(Action<MetadataDocument> change, bool isEnd, CancellationToken cancellationToken)
    {
        await _compacting.WaitAsync(cancellationToken);
        try
        {
            if (isEnd)
            {
                await InTurnAsync(CloseAsync);
            }

            var (before, after, metadata) = await _repository.RewriteAsync(_id, change, _ownClosed, cancellationToken);
            await InTurnAsync(() =>
            {
                _metadata = metadata with { Checkpoints = CheckpointList.Empty };
                return SetVersionsAsync(before, after);
            });
            return metadata;
        }
        finally
        {
            _compacting.Release();
        }
    }

    /// <summary>Takes the journal up into the metadata. Where that fails, its lines are safe where they are.</summary>
    internal async Task TryCompactAsync()
    {
        await _compacting.WaitAsync();
        var clock = Stopwatch.StartNew();
        try
        {
            await InTurnAsync(CloseAsync);
            if (await _repository.CompactAsync(_id, CancellationToken.None, _ownClosed) is { } versions)
            {
                await InTurnAsync(() => SetVersionsAsync(versions.Before, versions.After));
            }
        }
        catch (ReplicateException)
        {
            // The next rewrite takes them up, and whoever stops the experiment is told why it can't.
        }
        finally
        {
            _pace.NoteRewritten(clock.Elapsed);
            _compacting.Release();
        }
    }

    private async Task<IReadOnlyList<Checkpoint>> SettleAsync(IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken)
    {
        if (!checkpoints.Any(checkpoint => checkpoint.IsCounted))
        {
            return checkpoints;
        }

        // Not all steps are known here; what others add after this reading makes the adding be repeated.
        var (_, metadata) = await _repository.ReadMetadataAsync(_id, cancellationToken) ?? throw _repository.Deleted(_id);
        var own = checkpoints.Select(checkpoint => checkpoint.Id).ToHashSet();
        return Steps.Settle(
            metadata.Checkpoints.Where(checkpoint => !own.Contains(checkpoint.Id)).Select(checkpoint => checkpoint.Step).ToHashSet(), checkpoints);
    }

    /// <summary>Whether the metadata is what was read, or is just being rewritten here.</summary>
    private async Task<bool> IsKnownAsync(CancellationToken cancellationToken) =>
        _metadata is not null && (_compacting.CurrentCount == 0
            || (await _repository.Store.StatAsync(RepositoryKeys.Metadata(_id), cancellationToken))?.Version == _version);

    /// <summary>
    /// Whether the experiment is there and nothing was added to it but what the end of its journal tells: without one,
    /// whether nobody has closed or compacted another meanwhile.
    /// </summary>
    private async Task<bool> IsWhatWasReadAsync() =>
        await _repository.Store.StatAsync(RepositoryKeys.Metadata(_id), CancellationToken.None) is { } now
        && (_end.Length > 0
            || (now.Version == _version && _journal.ClosedKeys(_id, CancellationToken.None).SequenceEqual(_closed)));

    /// <summary>Reads what other writers did since the last time.</summary>
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_end.Length > 0 && await IsKnownAsync(cancellationToken)
            && await _journal.ReadTailAsync(_id, RepositoryKeys.Journal(_id), _end, cancellationToken) is { Lines.Count: > 0 } tail)
        {
            Take(tail.Lines, tail.End);
            return;
        }

        // The journals first: what is compacted meanwhile is then there twice, rather than nowhere.
        _closed = _journal.ClosedKeys(_id, cancellationToken);
        var (lines, end) = await _journal.ReadTailAsync(_id, RepositoryKeys.Journal(_id), JournalPosition.Start, cancellationToken)
            ?? ([], JournalPosition.Start);
        var (file, metadata) = await _repository.ReadMetadataAsync(_id, cancellationToken) ?? throw _repository.Deleted(_id);
        if (metadata.Extension is { IsDeleted: true })
        {
            throw _repository.Deleted(_id);
        }

        (_version, _highestStep) = (file.Version, Steps.Highest(metadata));
        _metadata = metadata with { Checkpoints = CheckpointList.Empty };
        _pace.NoteVersion(file.Version);
        Take(lines, end);
    }

    private void Take(IReadOnlyList<JournalLine> lines, JournalPosition end)
    {
        (_end, _own) = (end, end.Length == 0 ? [] : end == _end ? _own : null);
        foreach (var line in lines)
        {
            _highestStep = Math.Max(_highestStep, line.Checkpoint.Step);
        }
    }

    private void Schedule()
    {
        _pace.NoteWaiting(_end.Length);
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            // The work outlives the command that started it and must not speak to it.
            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(CompactLaterAsync);
            }
        }
    }

    private async Task CompactLaterAsync()
    {
        await _pace.WaitAsync();
        await TryCompactAsync();
    }

    /// <summary>Lets what comes be added to a new journal; what others added to the old one is read, so that nothing is unknown.</summary>
    private async Task CloseAsync()
    {
        Volatile.Write(ref _isScheduled, 0);
        if (await _journal.CloseAsync(_id, CancellationToken.None) is { } closed)
        {
            if (await _journal.ReadTailAsync(_id, closed, _end, CancellationToken.None) is { } tail)
            {
                Take(tail.Lines, tail.End);
            }
            else
            {
                (_metadata, _own) = (null, null);
            }

            if (_own is not null)
            {
                _ownClosed[closed] = _own;
            }

            _own = [];
            (_closed, _end) = ([.. _closed.Append(closed).Order(StringComparer.Ordinal)], JournalPosition.Start);
        }
    }

    /// <summary>All that was closed is in the metadata. Where another writer came in between, more has to be read.</summary>
    private Task SetVersionsAsync(string before, string after)
    {
        _ownClosed.Clear();
        (_version, _closed) = (before == _version ? after : null, []);
        return Task.CompletedTask;
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
