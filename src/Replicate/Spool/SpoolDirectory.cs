using System.Globalization;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Spool;

/// <summary>
/// What a project recorded for a remote repository and that isn't there yet, safe on the local disk: the tarballs under
/// the keys they will have, and for each operation a file, written after its tarball, in an order that is that of time.
/// </summary>
internal sealed class SpoolDirectory(string directory)
{
    private const string OperationPrefix = "operations/";
    private const string RejectedPrefix = "rejected/";
    private const string Extension = ".json";

    private static long s_lastTicks;

    private readonly DiskStore _store = new(directory);

    /// <summary>Where it lies.</summary>
    internal string Path => directory;

    /// <summary>Adds an operation with its tarball; when this returns both are flushed to the disk.</summary>
    /// <param name="kind">What was done.</param>
    /// <param name="metadata">See <see cref="Operation.Metadata"/>.</param>
    /// <param name="archive">The content of the tarball, or null.</param>
    /// <param name="cancellationToken">Ends the work; nothing is added then.</param>
    internal async Task AddAsync(
        OperationKind kind, ExperimentMetadata metadata, ObjectContent? archive, CancellationToken cancellationToken)
    {
        var operation = new Operation(NewKey(kind), kind, metadata);
        try
        {
            if (archive is not null)
            {
                await _store.PutAsync(operation.ArchiveKey!, archive, PutCondition.None, cancellationToken);
            }

            var content = ObjectContent.FromBytes(MetadataWriter.WriteExperiment(metadata));
            await _store.PutAsync(operation.Key, content, PutCondition.IfAbsent, cancellationToken);
        }
        catch
        {
            await _store.DeleteAsync([.. KeysOf(operation)], CancellationToken.None);
            throw;
        }
    }

    /// <summary>Adds the tarball of a checkpoint whose operation is added later.</summary>
    internal Task AddArchiveAsync(string key, ObjectContent archive, CancellationToken cancellationToken) =>
        _store.PutAsync(key, archive, PutCondition.None, cancellationToken);

    /// <summary>The waiting operations, oldest first. A file that can't be read is named in a warning and passed over.</summary>
    internal async Task<IReadOnlyList<Operation>> ReadAsync(CancellationToken cancellationToken)
    {
        var operations = new List<Operation>();
        await foreach (var info in _store.ListAsync(OperationPrefix, cancellationToken))
        {
            if (await _store.ReadAsync(info.Key, cancellationToken) is { } stored && Parse(info.Key, stored.Content) is { } operation)
            {
                operations.Add(operation);
            }
        }

        operations.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return operations;
    }

    /// <summary>Where waiting tarballs are read, by the keys they will have.</summary>
    internal IObjectStore Store => _store;

    /// <summary>A waiting tarball as content to send; null when it was sent and removed already.</summary>
    internal async Task<ObjectContent?> ArchiveContentAsync(string key, CancellationToken cancellationToken) =>
        await _store.StatAsync(key, cancellationToken) is null
            ? null
            : ObjectContent.FromFile(System.IO.Path.Combine(directory, key.Replace('/', System.IO.Path.DirectorySeparatorChar)));

    /// <summary>Removes operations that the repository has now, with their tarballs.</summary>
    internal Task RemoveAsync(IEnumerable<Operation> operations, CancellationToken cancellationToken) =>
        _store.DeleteAsync(operations.SelectMany(KeysOf).ToArray(), cancellationToken);

    /// <summary>Puts operations aside that the repository will never take; their tarballs stay, too.</summary>
    internal async Task RejectAsync(IEnumerable<Operation> operations, CancellationToken cancellationToken)
    {
        foreach (var operation in operations)
        {
            var content = ObjectContent.FromBytes(MetadataWriter.WriteExperiment(operation.Metadata));
            var key = RejectedPrefix + operation.Key[OperationPrefix.Length..];
            await _store.PutAsync(key, content, PutCondition.None, cancellationToken);
            await _store.DeleteAsync([operation.Key], cancellationToken);
        }
    }

    // The tarball goes first: an operation without one is sent again and changes nothing.
    private static IEnumerable<string> KeysOf(Operation operation) =>
        operation.ArchiveKey is { } archive ? [archive, operation.Key] : [operation.Key];

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

    private Operation? Parse(string key, ReadOnlyMemory<byte> content)
    {
        try
        {
            var kind = key[(key.LastIndexOf('-') + 1)..^Extension.Length];
            return new Operation(key, Enum.Parse<OperationKind>(kind), MetadataReader.ReadExperiment(content));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            Notices.Warn($"'{key}' in the spool '{directory}' is passed over because it cannot be read: {exception.Message}");
            return null;
        }
    }
}
