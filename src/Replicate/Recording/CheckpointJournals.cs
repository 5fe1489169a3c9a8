using System.Collections.Concurrent;
using Replicate.Metadata;
using Replicate.Repositories;

namespace Replicate.Recording;

/// <summary>The journals that a process adds to, one for each experiment on a disk.</summary>
internal sealed class CheckpointJournals
{
    private readonly ConcurrentDictionary<(string Url, string Id), CheckpointJournal> _open = new();
    private readonly ConcurrentDictionary<string, byte> _lookedAt = new();

    /// <summary>The one of this process for an experiment.</summary>
    internal CheckpointJournal For(Repository repository, Journal journal, string id) =>
        _open.GetOrAdd((repository.Url, id), _ => new CheckpointJournal(repository, journal, id));

    /// <summary>Forgets what is known of an experiment that has ended or was deleted.</summary>
    internal void Forget(Repository repository, string id) => _open.TryRemove((repository.Url, id), out _);

    /// <summary>Compacts what this process added; where that fails, its lines are safe where they are.</summary>
    internal Task CompactAllAsync() => Task.WhenAll(_open.Values.Select(journal => journal.TryCompactAsync()));

    /// <summary>Compacts, in the background and once in a process, what killed processes left in the journals of a repository.</summary>
    internal void CompactLeft(Repository repository, Journal journal, CancellationToken cancellationToken)
    {
        if (!_lookedAt.TryAdd(repository.Url, 0) || journal.Experiments(cancellationToken) is not { Count: > 0 } left)
        {
            return;
        }

        // The work outlives the command that started it and must not speak to it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => CompactLeftAsync(repository, left), CancellationToken.None);
        }
    }

    /// <summary>Rewrites the metadata of an experiment, which may be running here; what is added to it may stay in its journal.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="id">The experiment.</param>
    /// <param name="change">Changes the metadata; may be called several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What the metadata says now.</returns>
    /// <exception cref="ReplicateException">The experiment is gone, or its repository can't be written to.</exception>
    internal Task<ExperimentMetadata> UpdateAsync(
        Repository repository, string id, Action<MetadataDocument> change, CancellationToken cancellationToken) =>
        RewriteAsync(repository, id, change, isEnd: false, cancellationToken);

    /// <summary>Rewrites the metadata of an experiment that ends, and compacts all that was added to it.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    internal async Task<ExperimentMetadata> EndAsync(
        Repository repository, string id, Action<MetadataDocument> change, CancellationToken cancellationToken)
    {
        var metadata = await RewriteAsync(repository, id, change, isEnd: true, cancellationToken);
        Forget(repository, id);
        return metadata;
    }

    private Task<ExperimentMetadata> RewriteAsync(
        Repository repository, string id, Action<MetadataDocument> change, bool isEnd, CancellationToken cancellationToken) =>
        _open.TryGetValue((repository.Url, id), out var journal)
            ? journal.RewriteAsync(change, isEnd, cancellationToken)
            : repository.UpdateExperimentAsync(id, change, cancellationToken);

    private static async Task CompactLeftAsync(Repository repository, IReadOnlyList<string> ids)
    {
        try
        {
            await repository.CompactAsync(ids, CancellationToken.None);
        }
        catch (ReplicateException)
        {
            // They stay where they are and are read there.
        }
    }
}
