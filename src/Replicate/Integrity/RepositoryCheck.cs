using System.Runtime.CompilerServices;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Integrity;

/// <summary>Holds a repository to every rule of the format.</summary>
/// <param name="project">Whose repository it is.</param>
/// <param name="isQuick">Whether tarballs are only looked up, not read.</param>
internal sealed class RepositoryCheck(Project project, bool isQuick)
{
    private const int ParallelReads = 8;

    /// <summary>What a writer that is at work may have in hand.</summary>
    private static readonly TimeSpan InHand = TimeSpan.FromHours(1);

    private readonly Repository _repository = project.OpenRepository();
    private readonly IObjectStore _store = project.OpenRepository().Store;
    private readonly Promises _promises = new();
    private readonly DateTime _settled = DateTime.UtcNow - InHand;

    /// <summary>Checks all, tarballs last.</summary>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The repository is of a later version, or can't be reached.</exception>
    internal async IAsyncEnumerable<Finding> RunAsync(
        IProgress<Progress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Tarballs are written before the metadata that tells of them: what was listed before it was read has an owner in it.
        var archives = await ListAsync(RepositoryKeys.ArchivePrefixes, cancellationToken);
        var heartbeats = await ListAsync([RepositoryKeys.HeartbeatPrefix], cancellationToken);
        var metadata = await ListAsync([RepositoryKeys.MetadataPrefix], cancellationToken);
        var phases = new[]
        {
            CheckSpecificationAsync(metadata.Count > 0, cancellationToken),
            CheckMetadataAsync(metadata, heartbeats, progress, cancellationToken),
            CheckHeartbeatsAsync(heartbeats, cancellationToken),
            CheckOwnersAsync(archives, cancellationToken),
            CheckLeftoversAsync(cancellationToken),
            CheckArchivesAsync(archives.ToDictionary(info => info.Key), progress, cancellationToken),
        };
        foreach (var phase in phases)
        {
            await foreach (var finding in phase.WithCancellation(cancellationToken))
            {
                yield return finding;
            }
        }
    }

    private async IAsyncEnumerable<Finding> CheckSpecificationAsync(
        bool hasExperiments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReplicateException? damage = null;
        var isThere = false;
        try
        {
            isThere = await _repository.CheckAsync(cancellationToken);
        }
        catch (ReplicateException error) when (error.Id == "RepositoryDamaged")
        {
            damage = error;
        }

        if (damage is not null)
        {
            yield return New(
                FindingSeverity.Error, FindingKind.SpecificationDamaged, RepositoryKeys.Specification, damage.Message, damage.RecommendedAction);
        }
        else if (!isThere && hasExperiments)
        {
            yield return New(
                FindingSeverity.Warning, FindingKind.SpecificationMissing, RepositoryKeys.Specification,
                $"The repository '{project.Repository}' has experiments, but no {RepositoryKeys.Specification}.",
                "Repair the repository, or record something: both write it.");
        }
    }

    private async IAsyncEnumerable<Finding> CheckMetadataAsync(
        IReadOnlyList<ObjectInfo> listed, IReadOnlyList<ObjectInfo> heartbeats, IProgress<Progress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var alive = DateTime.UtcNow - Heartbeat.MaxAge;
        var running = heartbeats.Where(info => !(info.LastModified < alive))
            .Select(info => RepositoryKeys.IdOf(info.Key, RepositoryKeys.HeartbeatPrefix))
            .Concat(await project.PendingExperimentsAsync(cancellationToken))
            .ToHashSet();
        var done = 0;
        await foreach (var (info, file) in ReadAsync(listed, cancellationToken))
        {
            progress?.Report(new Progress("Checking metadata", ++done, listed.Count, ProgressUnit.Items));
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.MetadataPrefix) is not { } id)
            {
                yield return Unknown(info.Key);
            }
            else if (!TryRead(file, MetadataReader.ReadExperiment, out var metadata, out var damage))
            {
                _promises.AddDamaged(id, file);
                yield return New(
                    FindingSeverity.Error, FindingKind.MetadataDamaged, info.Key, $"The metadata cannot be read: {damage}",
                    "Restore the file from a backup; repairing moves it aside, so that no list warns of it.");
            }
            else
            {
                var twice = _promises.Add(metadata, running.Contains(metadata.Id));
                if (metadata.Id != id)
                {
                    yield return New(
                        FindingSeverity.Error, FindingKind.MetadataMisnamed, info.Key,
                        $"The file holds the metadata of the experiment '{metadata.Id}'.",
                        "Repair the repository, which gives the file its name unless there is one of that name.");
                }

                foreach (var checkpoint in twice)
                {
                    yield return New(
                        FindingSeverity.Warning, FindingKind.CheckpointTwice, info.Key,
                        $"The checkpoint '{checkpoint}' is there more than once.",
                        "Delete one of the experiments, if it is a copy of another.");
                }
            }
        }
    }

    private async IAsyncEnumerable<Finding> CheckHeartbeatsAsync(
        IReadOnlyList<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (info, file) in ReadAsync(listed, cancellationToken))
        {
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.HeartbeatPrefix) is not { } id)
            {
                yield return Unknown(info.Key);
            }
            else if (!TryRead(file, MetadataReader.ReadHeartbeat, out var heartbeat, out var damage))
            {
                yield return New(
                    FindingSeverity.Warning, FindingKind.HeartbeatDamaged, info.Key, $"The heartbeat cannot be read: {damage}",
                    "Repair the repository, which moves it aside.");
            }
            else if (heartbeat.ExperimentId != id)
            {
                yield return New(
                    FindingSeverity.Warning, FindingKind.HeartbeatDamaged, info.Key,
                    $"The file holds the heartbeat of the experiment '{heartbeat.ExperimentId}'.",
                    "Repair the repository, which moves it aside.");
            }
            else if (!_promises.HasExperiment(id) && heartbeat.LastHeartbeat.Utc < _settled)
            {
                yield return New(
                    FindingSeverity.Warning, FindingKind.HeartbeatWithoutExperiment, info.Key,
                    $"There is a heartbeat, but no experiment '{id}'.", "Repair the repository, which moves it aside.");
            }
        }
    }

    private async IAsyncEnumerable<Finding> CheckOwnersAsync(
        IReadOnlyList<ObjectInfo> archives, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var info in archives)
        {
            if (RepositoryKeys.IdOfArchive(info.Key) is not { } id)
            {
                yield return Unknown(info.Key);
            }
            else if (!_promises.HasOwner(info.Key, id) && !(info.LastModified >= _settled)
                && await _store.StatAsync(info.Key, cancellationToken) is not null)
            {
                yield return New(
                    FindingSeverity.Warning, FindingKind.ArchiveWithoutOwner, info.Key,
                    $"The saved files belong to no experiment or checkpoint ({info.Length} bytes).",
                    "Repair the repository, which moves them aside, or delete the file.");
            }
        }
    }

    private async IAsyncEnumerable<Finding> CheckLeftoversAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_store is not ILeftovers leftovers)
        {
            yield break;
        }

        foreach (var prefix in RepositoryKeys.Prefixes)
        {
            await foreach (var leftover in leftovers.ListLeftoversAsync(prefix, cancellationToken))
            {
                if (leftover.LastModified < _settled)
                {
                    yield return New(
                        FindingSeverity.Warning, FindingKind.TemporaryFileLeft, leftover.Name,
                        $"A writer that was killed left {leftover.Length} bytes at {leftover.LastModified:u}.",
                        "Repair the repository, which moves them aside, or delete the file.");
                }
            }
        }
    }

    private async IAsyncEnumerable<Finding> CheckArchivesAsync(
        IReadOnlyDictionary<string, ObjectInfo> present, IProgress<Progress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var total = _promises.Archives.Sum(promise => present.GetValueOrDefault(promise.Key)?.Length ?? 0);
        var before = 0L;
        foreach (var promise in _promises.Archives)
        {
            var info = present.GetValueOrDefault(promise.Key) ?? await _store.StatAsync(promise.Key, cancellationToken);
            if (info is null)
            {
                yield return Missing(promise);
            }
            else if (!isQuick)
            {
                var reading = progress is null ? null : new Part(progress, before, total);
                if (await ReadArchiveAsync(promise, reading, cancellationToken) is { } finding)
                {
                    yield return finding;
                }

                before += info.Length;
            }
        }
    }

    private async Task<Finding?> ReadArchiveAsync(Promise promise, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        await using var archive = await _store.OpenReadAsync(promise.Key, cancellationToken: cancellationToken);
        if (archive is null)
        {
            return Missing(promise);
        }

        return await ArchiveCheck.ReadAsync(archive, promise.Id, progress, cancellationToken) switch
        {
            null => null,
            { Id: "ArchiveRefused" } refused => New(
                FindingSeverity.Error, FindingKind.ArchiveRefused, promise.Key, refused.Message,
                "Do not unpack it with another program; find out who wrote it."),
            var damaged => New(
                FindingSeverity.Error, FindingKind.ArchiveDamaged, promise.Key, damaged.Message,
                "Restore the file from a backup; files before the damage can still be opened one by one."),
        };
    }

    private Finding Missing(Promise promise) => promise.IsRunning
        ? New(
            FindingSeverity.Information, FindingKind.ArchiveMissing, promise.Key,
            $"The saved files of the experiment '{promise.ExperimentId}', which is running, are not there yet.", "Check again when it has ended.")
        : New(
            FindingSeverity.Error, FindingKind.ArchiveMissing, promise.Key,
            $"The saved files of the experiment '{promise.ExperimentId}' are not there.",
            "Restore the file from a backup; metadata and metrics are not affected.");

    private Finding Unknown(string key) => New(
        FindingSeverity.Information, FindingKind.UnknownFile, key, "The file is none that the format knows.",
        "Leave it, if somebody put it there on purpose.");

    private Finding New(FindingSeverity severity, FindingKind kind, string path, string message, string remedy) => new()
    {
        Project = project, Severity = severity, Kind = kind, Path = path, Message = message, Remedy = remedy,
    };

    /// <summary>Reads objects, several ahead; what was deleted meanwhile is passed over.</summary>
    private async IAsyncEnumerable<(ObjectInfo Info, ReadOnlyMemory<byte> Content)> ReadAsync(
        IReadOnlyList<ObjectInfo> listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = new Queue<(ObjectInfo Info, Task<StoredObject?> Reading)>();
        for (var next = 0; next < listed.Count || ahead.Count > 0;)
        {
            while (next < listed.Count && ahead.Count < ParallelReads)
            {
                ahead.Enqueue((listed[next], _store.ReadAsync(listed[next].Key, cancellationToken)));
                next++;
            }

            var (info, reading) = ahead.Dequeue();
            if (await reading is { } stored)
            {
                yield return (info, stored.Content);
            }
        }
    }

    private async Task<IReadOnlyList<ObjectInfo>> ListAsync(IEnumerable<string> prefixes, CancellationToken cancellationToken)
    {
        var found = new List<ObjectInfo>();
        foreach (var prefix in prefixes)
        {
            await foreach (var info in _store.ListAsync(prefix, cancellationToken))
            {
                found.Add(info);
            }
        }

        return found;
    }

    private static bool TryRead<T>(
        ReadOnlyMemory<byte> content, Func<ReadOnlyMemory<byte>, T> read,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? result, out string damage)
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

    /// <summary>The progress of one tarball as a part of all.</summary>
    private sealed class Part(IProgress<Progress> all, long before, long total) : IProgress<Progress>
    {
        public void Report(Progress value) =>
            all.Report(value with { Activity = "Reading saved files", Done = before + value.Done, Total = total });
    }
}
