using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Integrity;

/// <summary>Reads all the metadata of a repository, and takes down what it promises.</summary>
/// <param name="repository">The repository.</param>
/// <param name="promises">Gets what the metadata says.</param>
/// <param name="findings">Says what was found.</param>
/// <param name="settled">What is younger may be the work of a writer that is still busy.</param>
internal sealed class MetadataCheck(Repository repository, Promises promises, FindingWriter findings, DateTime settled)
{
    private const int ParallelReads = 8;
    private const int MaxNamed = 3;

    internal async IAsyncEnumerable<Finding> SpecificationAsync(
        bool hasExperiments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReplicateException? damage = null;
        var isThere = false;
        try
        {
            isThere = await repository.CheckAsync(cancellationToken);
        }
        catch (ReplicateException error) when (error.Id == "RepositoryDamaged")
        {
            damage = error;
        }

        if (damage is not null)
        {
            yield return findings.New(
                FindingSeverity.Error, FindingKind.SpecificationDamaged, RepositoryKeys.Specification, damage.Message, damage.RecommendedAction);
        }
        else if (!isThere && hasExperiments)
        {
            yield return findings.New(
                FindingSeverity.Warning, FindingKind.SpecificationMissing, RepositoryKeys.Specification,
                $"The repository '{repository.Url}' has experiments, but no {RepositoryKeys.Specification}.",
                "Repair the repository, or record something: both write it.");
        }
    }

    internal async IAsyncEnumerable<Finding> ExperimentsAsync(
        IReadOnlyList<ObjectInfo> listed, IReadOnlySet<string> running, IProgress<Progress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = 0;
        await foreach (var (info, file) in ReadAsync(listed, cancellationToken))
        {
            progress?.Report(new Progress("Checking metadata", ++done, listed.Count, ProgressUnit.Items));
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix) is not { } id)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!TryRead(file, MetadataReader.ReadExperiment, out var metadata, out var damage))
            {
                promises.AddDamaged(id, file);
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.MetadataDamaged, info.Key, $"The metadata cannot be read: {damage}",
                    "Restore the file from a backup; repairing moves it aside, so that no list warns of it.");
            }
            else
            {
                var twice = promises.Add(metadata, running.Contains(metadata.Id));
                if (metadata.Id != id)
                {
                    yield return findings.New(
                        FindingSeverity.Error, FindingKind.MetadataMisnamed, info.Key,
                        $"The file holds the metadata of the experiment '{metadata.Id}'.",
                        "Repair the repository, which gives the file its name unless there is one of that name.");
                }

                if (UnusualIds(info.Key, metadata.Checkpoints.Where(checkpoint => checkpoint.PackedId is null).Select(checkpoint => checkpoint.Id)
                    .Prepend(metadata.Id).Where(id => PackedId.TryPack(id) is null)) is { } unusual)
                {
                    yield return unusual;
                }

                foreach (var checkpoint in twice)
                {
                    yield return findings.New(
                        FindingSeverity.Warning, FindingKind.CheckpointTwice, info.Key,
                        $"The checkpoint '{checkpoint}' is there more than once.",
                        "Delete one of the experiments, if it is a copy of another.");
                }
            }
        }
    }

    internal async IAsyncEnumerable<Finding> JournalsAsync(
        IReadOnlyList<(string Key, IReadOnlyList<JournalLine> Lines, int Damaged)> journals, IReadOnlySet<string> running)
    {
        foreach (var (key, lines, damaged) in journals)
        {
            var id = RepositoryKeys.JournalOf(key)!.Value.ExperimentId;
            if (damaged > 0)
            {
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.JournalDamaged, key, $"{damaged} checkpoints in it cannot be read.",
                    "Restore them from a backup; the others are taken up by the next command that writes.");
            }

            if (!promises.HasExperiment(id) && await repository.Store.StatAsync(key) is not null)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.JournalWithoutExperiment, key,
                    $"There are {lines.Count} checkpoints, but no experiment '{id}'.", "Repair the repository, which moves them aside.");
            }

            if (UnusualIds(key, lines.Select(line => line.Checkpoint).Where(checkpoint => checkpoint.PackedId is null).Select(checkpoint => checkpoint.Id)) is { } unusual)
            {
                yield return unusual;
            }

            foreach (var line in lines)
            {
                promises.Add(id, line.Checkpoint, running.Contains(id));
            }
        }
    }

    internal async IAsyncEnumerable<Finding> HeartbeatsAsync(
        IReadOnlyList<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (info, file) in ReadAsync(listed, cancellationToken))
        {
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.HeartbeatPrefix) is not { } id)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!TryRead(file, MetadataReader.ReadHeartbeat, out var heartbeat, out var damage))
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatDamaged, info.Key, $"The heartbeat cannot be read: {damage}",
                    "Repair the repository, which moves it aside.");
            }
            else if (heartbeat.ExperimentId != id)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatDamaged, info.Key,
                    $"The file holds the heartbeat of the experiment '{heartbeat.ExperimentId}'.",
                    "Repair the repository, which moves it aside.");
            }
            else if (heartbeat.IsOfTheFuture && promises.HasExperiment(id))
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatOfTheFuture, info.Key,
                    $"The heartbeat says {heartbeat.LastHeartbeat}, which is still to come: the clock of the machine that wrote it, or of this one, is wrong.",
                    "Set the clock right; where nothing runs the experiment any more, stop it, which deletes the heartbeat.");
            }
            else if (!promises.HasExperiment(id) && heartbeat.WrittenAt(info.LastModified).LastHeartbeat.Utc < settled)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatWithoutExperiment, info.Key,
                    $"There is a heartbeat, but no experiment '{id}'.", "Repair the repository, which moves it aside.");
            }
        }
    }

    private Finding? UnusualIds(string key, IEnumerable<string> unusual) => unusual.ToArray() is not { Length: > 0 } ids ? null : findings.New(
        FindingSeverity.Warning, FindingKind.UnusualId, key,
        $"{ids.Length} ids in it are not of 64 hex digits: '{string.Join("', '", ids.Take(MaxNamed))}'{(ids.Length > MaxNamed ? ", …" : "")}.",
        "Find out who wrote it: a short id may be there to be taken for another that begins so.");

    /// <summary>Reads objects, several ahead; what was deleted meanwhile is passed over.</summary>
    private async IAsyncEnumerable<(ObjectInfo Info, ReadOnlyMemory<byte> Content)> ReadAsync(
        IReadOnlyList<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<(ObjectInfo Info, Task<StoredObject?> Reading)>();
        for (var next = 0; next < listed.Count || ahead.Count > 0;)
        {
            while (next < listed.Count && ahead.Count < ParallelReads)
            {
                ahead.Enqueue((listed[next], repository.Store.ReadAsync(listed[next].Key, cancellationToken)));
                next++;
            }

            var (info, reading) = ahead.Dequeue();
            if (await reading is { } stored)
            {
                yield return (info, stored.Content);
            }
        }
    }

    private static bool TryRead<T>(
        ReadOnlyMemory<byte> content, Func<ReadOnlyMemory<byte>, T> read,
        [NotNullWhen(true)] out T? result, out string damage)
        where T : class
    {
        try
        {
            (result, damage) = (read(content), "");
            return true;
        }
        catch (FormatException error)
        {
            (result, damage) = (null, error.Message);
            return false;
        }
    }
}
