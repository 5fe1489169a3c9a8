using System.Runtime.CompilerServices;
using Replicate.Metadata;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>Finds names that cannot be read, and names of checkpoints that are not there.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="expected">The checkpoints that the metadata tells of.</param>
/// <param name="findings">Says what was found.</param>
internal sealed class NamesCheck(IObjectStore store, ExpectedArchives expected, FindingWriter findings)
{
    internal async IAsyncEnumerable<Finding> NamesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in store.ListAsync(RepositoryKeys.NamePrefix, cancellationToken))
        {
            if (RepositoryKeys.IdOf(info.Key, RepositoryKeys.NamePrefix) is not { } name
                || !CheckpointNames.IsName(name) || RepositoryKeys.Name(name) != info.Key)
            {
                yield return findings.Unknown(info.Key);
                continue;
            }

            var (record, damage) = await TryReadAsync(info, cancellationToken);
            if (damage.Length > 0)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.NameDamaged, info.Key, $"The name '{name}' cannot be read: {damage}",
                    "Repair the repository, which moves it aside, and set the name again.");
            }
            else if (record is { IsSet: true } && !expected.HasCheckpoint(record.CheckpointId) && !expected.HasOwner(info.Key, record.CheckpointId))
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.NameWithoutCheckpoint, info.Key,
                    $"The name '{name}' stands for checkpoint '{record.CheckpointId}', which is not there.",
                    "Repair the repository, which moves the name aside, or move it to another checkpoint.");
            }
        }
    }

    /// <summary>What a file of a name says; null where it is gone.</summary>
    /// <exception cref="FormatException">It is too long, can't be read, or is of another name.</exception>
    internal static async Task<NameRecord?> ReadAsync(IObjectStore store, ObjectInfo info, CancellationToken cancellationToken) =>
        info.Length > NameFormat.MaxLength ? throw NameFormat.TooLong(info.Length)
        : await store.ReadAsync(info.Key, cancellationToken) is not { } file ? null
        : NameFiles.Parse(RepositoryKeys.IdOf(info.Key, RepositoryKeys.NamePrefix) ?? "", file.Content);

    private async Task<(NameRecord? Record, string Damage)> TryReadAsync(ObjectInfo info, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(store, info, cancellationToken), "");
        }
        catch (FormatException error)
        {
            return (null, error.Message);
        }
    }
}
