using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Replicate.Repositories;
using Replicate.Repositories.Catalog;
using Replicate.Storage;

namespace Replicate.Integrity;

/// <summary>What a metadata file was when it was read.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Sum">The first half of the SHA-256 of its bytes.</param>
internal readonly record struct FileSum(string Version, UInt128 Sum)
{
    /// <summary>That of a file.</summary>
    internal static FileSum Of(string version, ReadOnlySpan<byte> content) =>
        new(version, BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(content)));
}

/// <summary>Holds the layers of the catalog against the metadata files.</summary>
/// <param name="store">Where they lie.</param>
/// <param name="files">The metadata files by the ids in their names.</param>
/// <param name="findings">Says what was found.</param>
internal sealed class CatalogCheck(IObjectStore store, IReadOnlyDictionary<string, FileSum> files, FindingWriter findings)
{
    private const long Slack = 16 << 20;

    internal async IAsyncEnumerable<Finding> LayersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var info in store.ListAsync(RepositoryKeys.CatalogPrefix, cancellationToken))
        {
            if (RepositoryKeys.EntriesOf(info.Key) is null)
            {
                yield return findings.Unknown(info.Key);
            }
            else if (await FindAsync(info, cancellationToken) is { } message)
            {
                yield return findings.New(
                    FindingSeverity.Warning, FindingKind.CatalogDamaged, info.Key, message,
                    "Repair the repository, which deletes it: nothing is in it but what the metadata files say, and lists write it again.");
            }
        }
    }

    /// <summary>What is wrong with a layer; null for nothing.</summary>
    private async Task<string?> FindAsync(ObjectInfo info, CancellationToken cancellationToken)
    {
        var (wrong, named, left) = (0, "", (LayerFormat.MostExpansion * info.Length) + Slack);
        try
        {
            await using var stream = await store.OpenReadAsync(info.Key, cancellationToken: cancellationToken);
            if (stream is null)
            {
                return null;
            }

            await foreach (var block in LayerFormat.ReadBlocksAsync(stream, cancellationToken))
            {
                if ((left -= LayerFormat.LengthOf(block)) < 0)
                {
                    return $"The layer of the catalog expands to more than {LayerFormat.MostExpansion} times its length.";
                }

                LayerFormat.ReadEntries(block, (id, version, content) =>
                {
                    if (files.TryGetValue(id, out var file) && file.Version == version && file != FileSum.Of(version, content.Span))
                    {
                        (wrong, named) = (wrong + 1, id);
                    }
                });
            }
        }
        catch (FormatException error)
        {
            return $"The layer of the catalog cannot be read: {error.Message}";
        }

        return wrong == 0 ? null : $"{wrong} entries of the layer of the catalog are not what the metadata files hold, such as that of the experiment '{named}'.";
    }
}
