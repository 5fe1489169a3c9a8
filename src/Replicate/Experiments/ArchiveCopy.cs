using System.Security.Cryptography;
using Replicate.Archives.Reading;
using Replicate.Archives.Writing;
using Replicate.Repositories;
using Replicate.Storage;

namespace Replicate;

/// <summary>
/// Copies tarballs from one repository to another. Each is held against the checksum that its metadata records before
/// it takes the place of anything: what is rotten or was replaced in the source goes nowhere.
/// </summary>
internal sealed class ArchiveCopy(Repository source, Repository target)
{
    private const int BufferSize = 1 << 20;

    private readonly IObjectStore _from = source.Store;
    private readonly IObjectStore _to = target.Store;

    /// <summary>Copies a tarball, unless it is there already as it was recorded or, where that isn't known, as it is in the source.</summary>
    /// <param name="archive">The tarball.</param>
    /// <param name="info">What the source tells of it.</param>
    /// <param name="read">Told how many bytes of it were copied.</param>
    /// <param name="cancellationToken">Ends the work; what is there stays as it is.</param>
    /// <exception cref="ReplicateException">
    /// The source is not what was recorded (<c>ArchiveDamaged</c>), and nothing was replaced; or the copy is not what was read
    /// (<c>CopyDamaged</c>).
    /// </exception>
    internal async Task RunAsync(SavedArchive archive, ObjectInfo info, Action<long> read, CancellationToken cancellationToken)
    {
        var key = archive.Key;
        var there = await _to.StatAsync(key, cancellationToken);
        if (there?.Length == info.Length && await IsThereAsync(archive, cancellationToken))
        {
            Log.Verbose($"{key} is in '{_to.Url}' already.");
            read(info.Length);
            return;
        }

        Log.Verbose($"Copying {key} from '{_from.Url}' to '{_to.Url}'.");
        if (there is not null && (archive.Sha256.Length == 0 || _to.Capabilities.ServerSideCopy is not null))
        {
            // Otherwise it is found out while it is sent.
            await RequireWholeAsync(archive, info, cancellationToken);
        }

        if (_to.Capabilities.ServerSideCopy is { } server && await server.TryCopyFromAsync(_from, key, cancellationToken))
        {
            await RequireArrivedAsync(archive, info, there, cancellationToken);
            read(info.Length);
            return;
        }

        // A store that is cut off may say that an object ends: its length was told before.
        var (sent, length) = await SendAsync(archive, read, cancellationToken);
        if (length != info.Length || await ChecksumAsync(_to, key, cancellationToken) != sent)
        {
            throw Damaged(key);
        }
    }

    private async Task<bool> IsThereAsync(SavedArchive archive, CancellationToken cancellationToken) =>
        await ChecksumAsync(_to, archive.Key, cancellationToken) is { } there
        && there == (archive.Sha256.Length > 0 ? archive.Sha256 : await ChecksumAsync(_from, archive.Key, cancellationToken));

    /// <summary>Reads the source's tarball; where no checksum is recorded, by those that every tarball has in itself.</summary>
    private async Task RequireWholeAsync(SavedArchive archive, ObjectInfo info, CancellationToken cancellationToken)
    {
        if (archive.Sha256.Length > 0)
        {
            if (await ChecksumAsync(_from, archive.Key, cancellationToken) != archive.Sha256)
            {
                throw ArchiveErrors.Replaced(archive.Id);
            }

            return;
        }

        var file = ArchiveFile.Of(info, archive.Sha256, [_from], () => source.ArchiveMissing(archive.Key));
        if (await ArchiveCheck.ReadAsync(file, archive.Id, progress: null, cancellationToken) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Looks at what the server copied by itself; what is not what was recorded goes again where nothing was before.</summary>
    private async Task RequireArrivedAsync(SavedArchive archive, ObjectInfo info, ObjectInfo? before, CancellationToken cancellationToken)
    {
        if ((await _to.StatAsync(archive.Key, cancellationToken))?.Length != info.Length)
        {
            throw Damaged(archive.Key);
        }

        if (archive.Sha256.Length > 0 && await ChecksumAsync(_to, archive.Key, cancellationToken) != archive.Sha256)
        {
            if (before is null)
            {
                await target.DeleteAsync([archive.Key], cancellationToken);
            }

            throw ArchiveErrors.Replaced(archive.Id);
        }
    }

    /// <summary>Sends a tarball through this machine; the store takes none whose end fails.</summary>
    /// <returns>The checksum of what was sent, and how many bytes that were.</returns>
    private async Task<(string? Checksum, long Length)> SendAsync(SavedArchive archive, Action<long> read, CancellationToken cancellationToken)
    {
        var sent = (Checksum: (string?)null, Length: 0L);
        var content = ObjectContent.FromWriter(async (stream, token) =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var bytes = await source.OpenArchiveAsync(archive.Key, token);
            var buffer = new byte[BufferSize];
            var length = 0L;
            for (int count; (count = await bytes.ReadAsync(buffer, token)) > 0; read(count))
            {
                length += count;
                hash.AppendData(buffer, 0, count);
                await stream.WriteAsync(buffer.AsMemory(0, count), token);
            }

            sent = (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
            if (archive.Sha256.Length > 0 && sent.Checksum != archive.Sha256)
            {
                throw ArchiveErrors.Replaced(archive.Id);
            }
        });
        await _to.PutAsync(archive.Key, content, PutCondition.None, cancellationToken);
        return sent;
    }

    private static async Task<string?> ChecksumAsync(IObjectStore store, string key, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenReadAsync(key, cancellationToken: cancellationToken);
        return stream is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private ReplicateException Damaged(string key) => new(
        ErrorKind.InvalidData, "CopyDamaged", $"{key} in '{_to.Url}' is not what was read from '{_from.Url}'.",
        "Copy the experiment again; if it happens again, check the disk or the network.");
}
