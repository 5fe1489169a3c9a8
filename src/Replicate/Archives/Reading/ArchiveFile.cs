using Replicate.Archives.Writing;
using Replicate.Storage;

namespace Replicate.Archives.Reading;

/// <summary>A tarball of which any range can be read.</summary>
internal sealed class ArchiveFile
{
    private readonly Func<long, long, CancellationToken, Task<Stream>> _open;

    /// <summary>Names a tarball; nothing is read yet.</summary>
    /// <param name="length">How long it is, in bytes.</param>
    /// <param name="open">Opens a range, given its offset and length, for reading once from start to end.</param>
    public ArchiveFile(long length, Func<long, long, CancellationToken, Task<Stream>> open) => (Length, _open) = (length, open);

    /// <summary>How long it is, in bytes.</summary>
    public long Length { get; }

    /// <summary>The SHA-256 that was recorded when it was written, in lower-case hex digits; empty for none.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>A tarball of a store.</summary>
    /// <param name="info">What the store tells of it.</param>
    /// <param name="sha256">See <see cref="Sha256"/>.</param>
    /// <param name="stores">Where it is, or may be when it is read; the first that has it counts.</param>
    /// <param name="missing">The error where none has it.</param>
    internal static ArchiveFile Of(ObjectInfo info, string sha256, IReadOnlyList<IObjectStore> stores, Func<Exception> missing) =>
        new(info.Length, async (offset, length, cancellationToken) =>
        {
            foreach (var store in stores)
            {
                if (await store.OpenReadAsync(info.Key, offset, length, cancellationToken) is { } range)
                {
                    return range;
                }
            }

            throw missing();
        })
        {
            Sha256 = sha256,
        };

    /// <summary>Opens a range.</summary>
    internal Task<Stream> OpenAsync(long offset, long length, CancellationToken cancellationToken) =>
        _open(offset, length, cancellationToken);

    /// <summary>Opens all of it; where its checksum is recorded, the end comes only where that is right.</summary>
    /// <param name="id">The id, for the error message.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal async Task<Stream> OpenVerifiedAsync(string id, CancellationToken cancellationToken)
    {
        var all = await OpenAsync(0, Length, cancellationToken);
        return Sha256.Length == 0 ? all : new VerifiedStream(all, Sha256, () => ArchiveErrors.Replaced(id));
    }

    /// <summary>Reads a small range whole.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than it was said to be.</exception>
    internal async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await using var range = await OpenAsync(offset, length, cancellationToken);
        await range.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
