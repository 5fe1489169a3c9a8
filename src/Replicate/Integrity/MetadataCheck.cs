using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>Reads all the metadata of a repository, and notes which saved files it expects.</summary>
/// <param name="repository">The repository.</param>
/// <param name="expected">Gets what the metadata says.</param>
/// <param name="findings">Says what was found.</param>
/// <param name="writers">Tells what a writer may still have in hand; gets the experiments that run.</param>
internal sealed class MetadataCheck(Repository repository, ExpectedArchives expected, FindingWriter findings, LiveWriters writers)
{
    private const int ParallelReads = 8;
    private const int MaxNamed = 3;

    private readonly Dictionary<string, FileSum> _sums = [];

    /// <summary>What the metadata files that were read are, by the ids in their names.</summary>
    internal IReadOnlyDictionary<string, FileSum> Sums => _sums;

    internal async IAsyncEnumerable<Finding> SpecificationAsync(
        bool hasExperiments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReplicateException? damage = null;
        var isThere = false;
        try
        {
            isThere = await repository.CheckAsync(cancellationToken);
        }
        catch (ReplicateException error) when (error.Id == ErrorIds.RepositoryDamaged)
        {
            damage = error;
        }

        if (damage is not null)
        {
            yield return findings.New(
                FindingSeverity.Error, FindingKind.SpecificationDamaged, RepositoryKeys.Specification, damage.Message,
                "Repair the repository, which moves the file aside and writes a new one.");
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
        await foreach (var (info, file, version) in ReadAsync(listed, cancellationToken))
        {
            progress?.Report(new Progress("Checking metadata", ++done, listed.Count, ProgressUnit.Items));
            _sums[RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix) ?? ""] = FileSum.Of(version, file.Span);
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix) is not { } id)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!TryRead(file, MetadataReader.ReadExperiment, out var metadata, out var damage))
            {
                expected.AddDamaged(id, file);
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.MetadataDamaged, info.Key, $"The metadata cannot be read: {damage}",
                    "Restore the file from a backup; repairing moves it aside, so that no list warns of it.");
            }
            else
            {
                var twice = expected.Add(info.Key, metadata, running.Contains(metadata.Id));
                if (running.Contains(metadata.Id) || metadata.Extension?.DetachedUntil is not null)
                {
                    writers.Note(metadata.Created.Utc);
                }

                if (metadata.Id != id)
                {
                    yield return findings.New(
                        FindingSeverity.Error, FindingKind.MetadataMisnamed, info.Key,
                        $"The file holds the metadata of the experiment '{metadata.Id}'.",
                        "Repair the repository, which gives the file its name unless there is one of that name.");
                }

                if (UnusualIds(info.Key, metadata.Id, metadata.Checkpoints.Where(checkpoint => checkpoint.PackedId is null).Select(checkpoint => checkpoint.Id)
                    .Prepend(metadata.Id).Where(id => PackedId.TryPack(id) is null)) is { } unusual)
                {
                    yield return unusual;
                }

                foreach (var (checkpoint, other) in twice)
                {
                    yield return findings.New(
                        FindingSeverity.Warning, FindingKind.CheckpointTwice, info.Key,
                        $"The checkpoint '{checkpoint}' is there twice: the experiment '{other}' has it, too.",
                        other == metadata.Id
                            ? "Repair the repository: one of the two files of that experiment has another's name."
                            : $"Remove the experiment '{metadata.Id}', if it is the copy of the other, which keeps the saved files.");
                }
            }
        }
    }

    internal IEnumerable<Finding> Journals(
        IReadOnlyList<(string Key, IReadOnlyList<JournalLine> Lines, int Damaged)> journals, IReadOnlySet<string> running)
    {
        foreach (var (key, lines, damaged) in journals)
        {
            var id = RepositoryKeys.JournalOf(key)!.Value.ExperimentId;
            if (damaged > 0)
            {
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.JournalDamaged, key, $"{damaged} checkpoints in it cannot be read.",
                    "Restore the file from a backup; the other checkpoints are added by the next command that writes.");
            }

            if (UnusualIds(key, id, lines.Select(line => line.Checkpoint).Where(checkpoint => checkpoint.PackedId is null).Select(checkpoint => checkpoint.Id)) is { } unusual)
            {
                yield return unusual;
            }

            if (expected.HasExperiment(id))
            {
                Expect(id, lines, running);
                continue;
            }

            // They may be those of an experiment that is being removed, or of one whose metadata is away for a moment.
            foreach (var line in lines)
            {
                expected.AddPerhaps(line.Checkpoint.Id);
            }

            yield return findings.New(
                lines.Count > 0 ? FindingSeverity.Error : FindingSeverity.Warning, FindingKind.JournalWithoutExperiment, key,
                $"There are {lines.Count} checkpoints, but no experiment '{id}'.",
                $"Restore {RepositoryKeys.Metadata(id)} from a backup, which has them again; where the experiment was removed, repair the repository, which moves them aside.");
        }
    }

    /// <summary>Finds the lines that could not be read when a journal was compacted.</summary>
    internal async IAsyncEnumerable<Finding> DamagedLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in repository.Store.ListAsync(RepositoryKeys.JournalPrefix, cancellationToken))
        {
            if (RepositoryKeys.IsDamagedJournal(info.Key))
            {
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.JournalDamaged, info.Key,
                    $"There are checkpoints in it that could not be read when they were compacted ({info.Length} bytes).",
                    "Delete the file when what its lines say was restored from a backup, or is not needed.");
            }
        }
    }

    /// <summary>Finds the journals that were moved aside and whose experiment is there again without all they have.</summary>
    /// <param name="aside">What was moved aside, by the keys it had.</param>
    /// <param name="running">The experiments that somebody may be about to complete.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<Finding> AsideJournalsAsync(
        IReadOnlyDictionary<string, ObjectInfo> aside, IReadOnlySet<string> running, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, info) in aside)
        {
            if (RepositoryKeys.JournalOf(key)?.ExperimentId is not { } id || !expected.HasMetadata(id) || repository.Journal is not { } journal)
            {
                continue;
            }

            var lines = await journal.ReadFileAsync(info.Key, id, cancellationToken);
            if (lines.Any(line => !expected.HasCheckpoint(line.Checkpoint.Id)))
            {
                Expect(id, lines, running);
                yield return findings.MovedAside(info.Key, key, $"{lines.Count} checkpoints of the experiment '{id}' were moved aside, and it is there again.");
            }
        }
    }

    private void Expect(string id, IReadOnlyList<JournalLine> lines, IReadOnlySet<string> running)
    {
        foreach (var line in lines)
        {
            expected.Add(RepositoryKeys.Metadata(id), id, line.Checkpoint, running.Contains(id));
        }
    }

    internal async IAsyncEnumerable<Finding> HeartbeatsAsync(
        IReadOnlyList<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (info, file, _) in ReadAsync(listed, cancellationToken))
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
            else if (heartbeat.IsOfTheFuture && expected.HasExperiment(id))
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatOfTheFuture, info.Key,
                    $"The heartbeat says {heartbeat.LastHeartbeat}, which is still to come: the clock of the machine that wrote it, or of this one, is wrong.",
                    "Set the clock right; where nothing runs the experiment any more, stop it, which deletes the heartbeat.");
            }
            else if (!expected.HasExperiment(id)
                && await writers.IsSettledAsync(info.LastModified ?? heartbeat.LastHeartbeat.Utc, cancellationToken))
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.HeartbeatWithoutExperiment, info.Key,
                    $"There is a heartbeat, but no experiment '{id}'.", "Repair the repository, which moves it aside.");
            }
        }
    }

    private Finding? UnusualIds(string key, string experiment, IEnumerable<string> unusual) => unusual.ToArray() is not { Length: > 0 } ids ? null : findings.New(
        FindingSeverity.Warning, FindingKind.UnusualId, key,
        $"{ids.Length} ids in it are not of 64 hex digits: '{string.Join("', '", ids.Take(MaxNamed))}'{(ids.Length > MaxNamed ? ", …" : "")}.",
        $"Remove the experiment '{experiment}', unless you know who wrote it: a short id may be there to be taken for another that begins so.");

    /// <summary>Reads objects, several ahead; what was deleted meanwhile is passed over.</summary>
    private async IAsyncEnumerable<(ObjectInfo Info, ReadOnlyMemory<byte> Content, string Version)> ReadAsync(
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
                yield return (info, stored.Content, stored.Version);
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
