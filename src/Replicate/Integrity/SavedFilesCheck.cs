using System.Runtime.CompilerServices;
using Replicate.Archives;
using Replicate.Format;
using Replicate.Stores;

namespace Replicate.Integrity;

/// <summary>Holds what was saved against what the metadata promises.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="promises">What the metadata says.</param>
/// <param name="findings">Says what was found.</param>
/// <param name="settled">What is younger may be the work of a writer that is still busy.</param>
internal sealed class SavedFilesCheck(IObjectStore store, Promises promises, FindingWriter findings, DateTime settled)
{
    internal async IAsyncEnumerable<Finding> OwnersAsync(
        IReadOnlyList<ObjectInfo> archives, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var info in archives)
        {
            if (RepositoryKeys.IdOfArchive(info.Key) is not { } id)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!promises.HasOwner(info.Key, id) && !(info.LastModified >= settled)
                && await store.StatAsync(info.Key, cancellationToken) is not null)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.ArchiveWithoutOwner, info.Key,
                    $"The saved files belong to no experiment or checkpoint ({info.Length} bytes).",
                    "Repair the repository, which moves them aside, or delete the file.");
            }
        }
    }

    internal async IAsyncEnumerable<Finding> LeftoversAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (store is not ILeftovers leftovers)
        {
            yield break;
        }

        foreach (var prefix in RepositoryKeys.Prefixes)
        {
            await foreach (var leftover in leftovers.ListLeftoversAsync(prefix, cancellationToken))
            {
                if (leftover.LastModified < settled)
                {
                    yield return findings.New(
                        FindingSeverity.Warning, FindingKind.TemporaryFileLeft, leftover.Name,
                        $"A writer that was killed left {leftover.Length} bytes at {leftover.LastModified:u}.",
                        "Repair the repository, which moves them aside, or delete the file.");
                }
            }
        }
    }

    internal async IAsyncEnumerable<Finding> ArchivesAsync(
        IReadOnlyDictionary<string, ObjectInfo> present, bool isQuick, IProgress<Progress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var total = promises.Archives.Sum(promise => present.GetValueOrDefault(promise.Key)?.Length ?? 0);
        var before = 0L;
        foreach (var promise in promises.Archives)
        {
            var info = present.GetValueOrDefault(promise.Key) ?? await store.StatAsync(promise.Key, cancellationToken);
            if (info is null)
            {
                yield return Missing(promise);
            }
            else if (!isQuick)
            {
                var reading = progress is null ? null : new Part(progress, before, total);
                if (await ReadArchiveAsync(promise, info, reading, cancellationToken) is { } finding)
                {
                    yield return finding;
                }

                before += info.Length;
            }
        }
    }

    private async Task<Finding?> ReadArchiveAsync(
        Promise promise, ObjectInfo info, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var archive = ArchiveFile.Of(info, promise.Sha256, [store], () => ArchiveErrors.Damaged(promise.Id));
        return await ArchiveCheck.ReadAsync(archive, promise.Id, progress, cancellationToken) switch
        {
            null => null,
            { Id: "ArchiveDamaged" } damaged => findings.New(
                FindingSeverity.Error, FindingKind.ArchiveDamaged, promise.Key, damaged.Message,
                "Restore the file from a backup; files that are not damaged can still be opened one by one."),
            var refused => findings.New(
                FindingSeverity.Error, FindingKind.ArchiveRefused, promise.Key, refused.Message,
                "Do not unpack it with another program; find out who wrote it."),
        };
    }

    private Finding Missing(Promise promise) => promise.IsRunning
        ? findings.New(
            FindingSeverity.Information, FindingKind.ArchiveMissing, promise.Key,
            $"The saved files of the experiment '{promise.ExperimentId}', which is running, are not there yet.", "Check again when it has ended.")
        : findings.New(
            FindingSeverity.Error, FindingKind.ArchiveMissing, promise.Key,
            $"The saved files of the experiment '{promise.ExperimentId}' are not there.",
            "Restore the file from a backup; metadata and metrics are not affected.");

    /// <summary>The progress of one tarball as a part of all.</summary>
    private sealed class Part(IProgress<Progress> all, long before, long total) : IProgress<Progress>
    {
        public void Report(Progress value) =>
            all.Report(value with { Activity = "Reading saved files", Done = before + value.Done, Total = total });
    }
}
