using System.Runtime.CompilerServices;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>Holds what was saved against what the metadata expects.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="expected">What the metadata says.</param>
/// <param name="findings">Says what was found.</param>
/// <param name="writers">Tells what a writer may still have in hand.</param>
/// <param name="look">Looks again at what was found.</param>
internal sealed class SavedFilesCheck(
    IObjectStore store, ExpectedArchives expected, FindingWriter findings, LiveWriters writers, SecondLook look)
{
    /// <summary>Finds the tarballs that belong to nothing.</summary>
    /// <param name="archives">The tarballs, listed before the metadata was.</param>
    /// <param name="metadata">The metadata files as they were listed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<Finding> OwnersAsync(
        IReadOnlyList<ObjectInfo> archives, IReadOnlyList<ObjectInfo> metadata, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ExpectedArchives? changed = null;
        foreach (var info in archives)
        {
            if (RepositoryKeys.IdOfArchive(info.Key) is not { } id)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!expected.HasOwner(info.Key, id) && await writers.IsSettledAsync(info.LastModified, cancellationToken)
                && !(changed ??= await look.ChangedAsync(metadata, cancellationToken)).HasOwner(info.Key, id)
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
        if (store.Capabilities.Leftovers is not { } leftovers)
        {
            yield break;
        }

        foreach (var prefix in RepositoryKeys.Prefixes)
        {
            await foreach (var leftover in leftovers.ListLeftoversAsync(prefix, cancellationToken))
            {
                if (await writers.IsSettledAsync(leftover.LastModified, cancellationToken))
                {
                    yield return findings.New(
                        FindingSeverity.Warning, FindingKind.TemporaryFileLeft, leftover.Name,
                        $"A writer that was killed left {leftover.Length} bytes at {leftover.LastModified:u}.",
                        "Repair the repository, which moves them aside, or delete the file.");
                }
            }
        }
    }

    /// <summary>Finds what is expected and is not there, or not what was written.</summary>
    /// <param name="present">The tarballs that were listed, by their keys.</param>
    /// <param name="aside">What was moved aside, by the keys it had.</param>
    /// <param name="isQuick">Whether tarballs are only looked up, not read.</param>
    /// <param name="progress">Told how much is read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<Finding> ArchivesAsync(
        IReadOnlyDictionary<string, ObjectInfo> present, IReadOnlyDictionary<string, ObjectInfo> aside, bool isQuick,
        IProgress<Progress>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var total = expected.Archives.Sum(archive => present.GetValueOrDefault(archive.Key)?.Length ?? 0);
        var before = 0L;
        foreach (var ofOneFile in expected.Archives.GroupBy(archive => archive.Source))
        {
            var found = new List<(ExpectedArchive Archive, Finding Finding)>();
            foreach (var archive in ofOneFile)
            {
                var info = present.GetValueOrDefault(archive.Key) ?? await store.StatAsync(archive.Key, cancellationToken);
                var reading = progress is null ? null : new Part(progress, before, total);
                if ((info is null ? Missing(archive, aside.GetValueOrDefault(archive.Key))
                    : isQuick ? null : await ReadTwiceAsync(archive, info, reading, cancellationToken)) is { } finding)
                {
                    found.Add((archive, finding));
                }

                before += info?.Length ?? 0;
            }

            // Who removes deletes the metadata first, and the files then: what is still expected has to be there.
            var still = found.Count > 0 ? await look.ExpectedAsync(ofOneFile.Key, cancellationToken) : null;
            foreach (var (archive, finding) in found)
            {
                if (still?.Contains(archive.Key) == true)
                {
                    yield return finding;
                }
            }
        }
    }

    /// <summary>Reads a tarball; where it is damaged, once more, as somebody may have replaced it meanwhile.</summary>
    private async Task<Finding?> ReadTwiceAsync(
        ExpectedArchive archive, ObjectInfo info, IProgress<Progress>? progress, CancellationToken cancellationToken) =>
        await ReadArchiveAsync(archive, info, progress, cancellationToken) is null ? null
        : await store.StatAsync(archive.Key, cancellationToken) is { } now ? await ReadArchiveAsync(archive, now, progress, cancellationToken)
        : Missing(archive, aside: null);

    private async Task<Finding?> ReadArchiveAsync(
        ExpectedArchive archive, ObjectInfo info, IProgress<Progress>? progress, CancellationToken cancellationToken)
    {
        var file = ArchiveFile.Of(info, archive.Sha256, [store], () => ArchiveErrors.Damaged(archive.Id));
        return await ArchiveCheck.ReadAsync(file, archive.Id, progress, cancellationToken) switch
        {
            null => null,
            { Id: ErrorIds.ArchiveDamaged } damaged => findings.New(
                FindingSeverity.Error, FindingKind.ArchiveDamaged, archive.Key, damaged.Message,
                "Restore the file from a backup; files that are not damaged can still be opened one by one."),
            var refused => findings.New(
                FindingSeverity.Error, FindingKind.ArchiveRefused, archive.Key, refused.Message,
                "Do not unpack it with another program. Restore the file from a backup, or remove what it belongs to, and find out who wrote it."),
        };
    }

    private Finding Missing(ExpectedArchive archive, ObjectInfo? aside) => aside is not null
        ? findings.MovedAside(aside.Key, archive.Key, $"The saved files of the experiment '{archive.ExperimentId}' were moved aside.")
        : archive.IsRunning
        ? findings.New(
            FindingSeverity.Information, FindingKind.ArchiveMissing, archive.Key,
            $"The saved files of the experiment '{archive.ExperimentId}', which is running, are not there yet.", "Check again when it has ended.")
        : findings.New(
            FindingSeverity.Error, FindingKind.ArchiveMissing, archive.Key,
            $"The saved files of the experiment '{archive.ExperimentId}' are not there.",
            "Restore the file from a backup; metadata and metrics are not affected.");

    /// <summary>The progress of one tarball as a part of all.</summary>
    private sealed class Part(IProgress<Progress> all, long before, long total) : IProgress<Progress>
    {
        public void Report(Progress value) =>
            all.Report(value with { Activity = "Reading saved files", Done = before + value.Done, Total = total });
    }
}
