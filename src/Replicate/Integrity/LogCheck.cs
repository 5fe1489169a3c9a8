using System.Runtime.CompilerServices;
using Replicate.Repositories;
using Replicate.Repositories.Logs;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>Holds the logs against the experiments, and reads them.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="expected">What the metadata says.</param>
/// <param name="findings">Says what was found.</param>
/// <param name="writers">Tells what a writer may still have in hand.</param>
internal sealed class LogCheck(IObjectStore store, ExpectedArchives expected, FindingWriter findings, LiveWriters writers)
{
    /// <summary>Finds the segments that belong to nothing, or are not what was written.</summary>
    /// <param name="isQuick">Whether they are not read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<Finding> SegmentsAsync(bool isQuick, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in store.ListAsync(RepositoryKeys.LogPrefix, cancellationToken))
        {
            if (LogKey.Parse(info.Key) is not { } key)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (!expected.HasExperiment(key.ExperimentId))
            {
                if (await writers.IsSettledAsync(info.LastModified, cancellationToken))
                {
                    yield return findings.New(
                        FindingSeverity.Warning, FindingKind.LogWithoutExperiment, info.Key,
                        $"There is a log, but no experiment '{key.ExperimentId}'.", "Repair the repository, which moves it aside.");
                }
            }
            else if (!isQuick && await DamageAsync(store, info.Key, cancellationToken) is { Length: > 0 } damage)
            {
                yield return findings.New(
                    FindingSeverity.Error, FindingKind.LogDamaged, info.Key, $"A part of a log cannot be read to its end. {damage}.",
                    "Restore the file from a backup, or delete it; the lines before the damage can be read, and nothing else is affected.");
            }
        }
    }

    /// <summary>Finds the segments that were moved aside and whose experiment is there again.</summary>
    /// <param name="aside">What was moved aside, by the keys it had.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async IAsyncEnumerable<Finding> AsideAsync(
        IReadOnlyDictionary<string, ObjectInfo> aside, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, info) in aside)
        {
            if (LogKey.Parse(key) is { } segment && expected.HasMetadata(segment.ExperimentId) && await store.StatAsync(key, cancellationToken) is null)
            {
                yield return findings.MovedAside(info.Key, key, $"A part of the log of the experiment '{segment.ExperimentId}' was moved aside, and it is there again.");
            }
        }
    }

    /// <summary>What is wrong with a segment; empty for nothing.</summary>
    internal static async Task<string> DamageAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        var reader = new SegmentReader();
        await foreach (var _ in reader.ReadAsync([store], key, cancellationToken))
        {
            // It is the end that matters.
        }

        return reader.Damage;
    }
}
