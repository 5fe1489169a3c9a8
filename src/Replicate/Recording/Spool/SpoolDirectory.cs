using System.Globalization;
using Replicate.Configuration;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;
using Replicate.Storage.Disk;

namespace Replicate.Recording.Spool;

/// <summary>
/// What a project recorded and its repository doesn't have yet, safe on the local disk: tarballs under the keys they will
/// have, or copies of files that are still to be archived; a file for each experiment that was created or stopped; and for
/// each experiment a journal with a line per checkpoint. What tells of saved files is written after them.
/// </summary>
internal sealed class SpoolDirectory
{
    private const string OperationPrefix = "operations/";
    private const string RejectedPrefix = "rejected/";
    private const string Extension = ".json";

    private static long s_lastTicks;

    private readonly SpoolOrigin _origin;
    private readonly DiskStore _store;
    private readonly Journal _journal;
    private readonly SpooledFiles _copies;

    /// <summary>The spool in a directory, which need not exist.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="origin">What it belongs to: see <see cref="LocalState.OriginOf"/>.</param>
    internal SpoolDirectory(string directory, string origin)
    {
        Path = directory;
        _origin = new SpoolOrigin(directory, origin);
        _store = new DiskStore(directory, isPrivate: true);
        _journal = new Journal(_store, _store);
        Logs = new SpooledLogs(directory, _store, _origin);
        _copies = new SpooledFiles(System.IO.Path.Combine(directory, "copies"));
    }

    /// <summary>Where it lies.</summary>
    internal string Path { get; }

    /// <summary>The logs in it.</summary>
    internal SpooledLogs Logs { get; }

    /// <summary>Adds an operation that is none of a checkpoint, its files saved already; when this returns it is flushed to the disk.</summary>
    internal async Task AddAsync(OperationKind kind, ExperimentMetadata metadata, CancellationToken cancellationToken)
    {
        var operation = new Operation(NewKey(kind), kind, metadata.Id, metadata, null);
        try
        {
            _origin.Claim();
            var content = ObjectContent.FromBytes(MetadataWriter.WriteExperiment(metadata));
            await _store.PutAsync(operation.Key, content, PutCondition.IfAbsent, cancellationToken);
        }
        catch
        {
            await DropAsync([operation]);
            throw;
        }
    }

    /// <summary>Adds checkpoints of an experiment, their files saved already; when this returns they outlive the process.</summary>
    internal async Task AddCheckpointsAsync(
        string experimentId, IReadOnlyList<Checkpoint> checkpoints, CancellationToken cancellationToken)
    {
        try
        {
            _origin.Claim();
            await _journal.TryAppendAsync(experimentId, JournalLine.WriteWaiting(checkpoints), null, null, cancellationToken);
        }
        catch
        {
            await DropAsync(checkpoints.Select(checkpoint => new Operation("", OperationKind.Checkpoint, experimentId, null, checkpoint)));
            throw;
        }
    }

    /// <summary>Adds a tarball whose operation is added later.</summary>
    internal Task AddArchiveAsync(string key, ObjectContent archive, CancellationToken cancellationToken)
    {
        _origin.Claim();
        return _store.PutAsync(key, archive, PutCondition.None, cancellationToken);
    }

    /// <summary>Copies files that are to be archived later; see <see cref="SpooledFiles.TryAddAsync"/>.</summary>
    internal Task<bool> TryAddCopiesAsync(FilesToSave files, CancellationToken cancellationToken)
    {
        _origin.Claim();
        return _copies.TryAddAsync(files, cancellationToken);
    }

    /// <summary>Makes all that waits of an experiment durable: what is saved with it, then what tells of that.</summary>
    /// <exception cref="ReplicateException">The disk failed or is full (<c>FlushFailed</c>).</exception>
    internal async Task FlushAsync(string experimentId, CancellationToken cancellationToken)
    {
        var waiting = (await ReadAsync(cancellationToken)).Where(operation => operation.ExperimentId == experimentId).ToArray();
        foreach (var id in waiting.Select(operation => operation.ArchiveId).OfType<string>().Distinct())
        {
            await Task.Run(() => _copies.Flush(id, cancellationToken), cancellationToken);
        }

        if (waiting.Length > 0)
        {
            _journal.Flush(experimentId, cancellationToken);
        }
    }

    /// <summary>The copies made for an id; null where there are none. See <see cref="SpooledFiles.Find"/>.</summary>
    internal FilesToSave? FindCopies(string id, IProgress<Progress>? progress) => _copies.Find(id, progress);

    /// <summary>Whether files of an id are still to be archived.</summary>
    internal bool HasCopies(string id) => _copies.Has(id);

    /// <summary>Deletes copies that are archived now; see <see cref="SpooledFiles.Archived"/>.</summary>
    internal Task DropArchivedAsync(FilesToSave files) => Task.Run(() => _copies.Archived(files.Id, files.Sha256));

    /// <summary>An operation with the checksum of the tarball that was made of copies for it, where one was.</summary>
    internal Operation WithSha256(Operation operation) =>
        operation.ArchiveId is { } id && _copies.Sha256Of(id) is { Length: > 0 } sha256 ? operation.WithSha256(sha256) : operation;

    /// <summary>Deletes copies.</summary>
    internal Task DropCopiesAsync(IEnumerable<string> ids) => Task.Run(() =>
    {
        foreach (var id in ids)
        {
            _copies.Drop(id);
        }
    });

    /// <summary>Deletes copies that a process was making when it was killed.</summary>
    /// <param name="operations">All that wait.</param>
    internal Task DropOldCopiesAsync(IReadOnlyList<Operation> operations) => DropCopiesAsync(
        _copies.Old().Except(operations.Select(operation => operation.ArchiveId).OfType<string>()));

    /// <summary>
    /// The waiting operations: per experiment its creation, its checkpoints, its ends. A file that can't be read is named in a
    /// warning and passed over.
    /// </summary>
    /// <exception cref="ReplicateException">It is another's (<c>StateNotPrivate</c>, <c>SpoolOfAnother</c>), and nothing of it is read.</exception>
    internal async Task<IReadOnlyList<Operation>> ReadAsync(CancellationToken cancellationToken)
    {
        _origin.Check();

        // What comes last is read first: an experiment whose checkpoint or end is found, but not its creation, was sent already.
        var ends = await ReadFilesAsync(key => !IsCreation(key), cancellationToken);
        var lines = await _journal.ReadAsync("", cancellationToken);
        return Sorted((await ReadFilesAsync(IsCreation, cancellationToken)).Concat(ends).Concat(Logs.Read(cancellationToken)), lines);
    }

    /// <summary>The waiting operations of an experiment to be sent and removed; what is recorded meanwhile is not among them.</summary>
    /// <param name="experimentId">The experiment.</param>
    /// <param name="known">What was read of it; what is gone since is left out.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<IReadOnlyList<Operation>> TakeAsync(
        string experimentId, IReadOnlyList<Operation> known, CancellationToken cancellationToken)
    {
        await _journal.CloseAsync(experimentId, cancellationToken);
        var lines = (await _journal.ReadClosedAsync(experimentId, cancellationToken)).Lines;
        return Sorted(
            known.Where(operation => (operation.Kind == OperationKind.Log || operation.Key.StartsWith(OperationPrefix, StringComparison.Ordinal))
                && File.Exists(DiskKey.ToPath(Path, operation.Key))),
            lines);
    }

    /// <summary>Where waiting tarballs are read, by the keys they will have.</summary>
    internal IObjectStore Store => _store;

    /// <summary>The same, looked at before.</summary>
    /// <exception cref="ReplicateException">It is another's (<c>StateNotPrivate</c>, <c>SpoolOfAnother</c>), and nothing of it is read.</exception>
    internal IObjectStore ReadableStore()
    {
        _origin.Check();
        return _store;
    }

    /// <summary>A waiting tarball as content to send; null when it was sent and removed already.</summary>
    internal async Task<ObjectContent?> ArchiveContentAsync(string key, CancellationToken cancellationToken) =>
        await _store.StatAsync(key, cancellationToken) is null
            ? null
            : ObjectContent.FromFile(System.IO.Path.Combine(Path, key.Replace('/', System.IO.Path.DirectorySeparatorChar)));

    /// <summary>Removes operations that the repository has now, with their files; all that an object tells of, or none.</summary>
    internal async Task RemoveAsync(IReadOnlyCollection<Operation> operations, CancellationToken cancellationToken)
    {
        await DropAsync(operations);
        await _store.DeleteAsync([.. operations.Select(operation => operation.Key).Distinct()], cancellationToken);
        Logs.ForgetEmpty(operations);
    }

    /// <summary>Gives up what is among the waiting operations.</summary>
    internal async Task ForgetAsync(Func<Operation, bool> isForgotten, CancellationToken cancellationToken)
    {
        var taken = new List<Operation>();
        foreach (var group in (await ReadAsync(cancellationToken)).GroupBy(operation => operation.ExperimentId).Where(group => group.Any(isForgotten)))
        {
            taken.AddRange(await TakeAsync(group.Key, [.. group], cancellationToken));
        }

        foreach (var group in taken.GroupBy(operation => operation.Key).Where(group => group.Any(isForgotten)))
        {
            if (group.Where(operation => !isForgotten(operation)).ToArray() is { Length: > 0 } kept)
            {
                await AddCheckpointsAsync(kept[0].ExperimentId, [.. kept.Select(operation => operation.Checkpoint!)], cancellationToken);
                _journal.Flush(kept[0].ExperimentId, cancellationToken);
            }

            // Other than what was sent: without its files it would still be sent.
            await _store.DeleteAsync([group.Key], cancellationToken);
            await DropAsync(group.Where(isForgotten));
        }
    }

    /// <summary>Puts operations aside that the repository will never take; their files stay, too.</summary>
    internal async Task RejectAsync(IEnumerable<Operation> operations, CancellationToken cancellationToken)
    {
        foreach (var key in operations.Select(operation => operation.Key).Distinct())
        {
            await _store.TryRenameAsync(key, RejectedPrefix + key[(key.IndexOf('/') + 1)..], cancellationToken);
        }
    }

    private static IReadOnlyList<Operation> Sorted(IEnumerable<Operation> files, IEnumerable<JournalLine> lines) =>
        [.. files.Concat(lines.Select(line => new Operation(line.Key, OperationKind.Checkpoint, line.ExperimentId, null, line.Checkpoint)))
            .Where(HasNames).OrderBy(operation => operation.Kind)];

    /// <summary>Whether its ids can be names of files. What is none leads elsewhere, and nothing of it is believed.</summary>
    private static bool HasNames(Operation operation)
    {
        if (IsName(operation.ExperimentId) && IsName(operation.Checkpoint?.Id ?? "-"))
        {
            return true;
        }

        Log.Warn($"'{operation.Key}' in the spool is passed over: it has an id that is none.");
        return false;

        static bool IsName(string id) => DiskKey.IsKey(id) && !id.Contains('/');
    }

    /// <summary>Deletes what was saved with operations. Of what was sent it goes before them: to send that again changes nothing.</summary>
    private async Task DropAsync(IEnumerable<Operation> operations)
    {
        var saved = operations.Where(operation => operation.ArchiveId is not null).ToArray();
        if (saved.Length > 0)
        {
            await _store.DeleteAsync([.. saved.Select(operation => operation.ArchiveKey!)], CancellationToken.None);
            await DropCopiesAsync(saved.Select(operation => operation.ArchiveId!));
        }
    }

    private static string NewKey(OperationKind kind)
    {
        long last, ticks;
        do
        {
            last = Interlocked.Read(ref s_lastTicks);
            ticks = Math.Max(DateTime.UtcNow.Ticks, last + 1);
        }
        while (Interlocked.CompareExchange(ref s_lastTicks, ticks, last) != last);

        return string.Create(
            CultureInfo.InvariantCulture, $"{OperationPrefix}{ticks:D19}-{Guid.NewGuid():N}-{kind}{Extension}");
    }

    private static bool IsCreation(string key) => key.EndsWith($"-{OperationKind.Create}{Extension}", StringComparison.Ordinal);

    private async Task<List<Operation>> ReadFilesAsync(Predicate<string> isWanted, CancellationToken cancellationToken)
    {
        var operations = new List<Operation>();
        foreach (var info in _store.List(OperationPrefix, cancellationToken).Where(info => isWanted(info.Key)))
        {
            if (await _store.ReadAsync(info.Key, cancellationToken) is { } stored && Parse(info.Key, stored.Content) is { } operation)
            {
                operations.Add(operation);
            }
        }

        operations.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return operations;
    }

    private Operation? Parse(string key, ReadOnlyMemory<byte> content)
    {
        try
        {
            var kind = Enum.Parse<OperationKind>(key[(key.LastIndexOf('-') + 1)..^Extension.Length]);
            var metadata = MetadataReader.ReadExperiment(content);

            // Checkpoints had a file each in earlier releases.
            return new Operation(key, kind, metadata.Id, metadata, kind == OperationKind.Checkpoint ? metadata.Checkpoints[0] : null);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            Log.Warn($"'{key}' in the spool '{Path}' is passed over because it cannot be read: {exception.Message}");
            return null;
        }
    }
}
