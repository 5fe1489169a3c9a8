using Replicate.Stores;

namespace Replicate.Archives;

/// <summary>A tarball of which any range can be read.</summary>
public sealed class ArchiveFile
{
    private readonly Func<long, long, CancellationToken, Task<Stream>> _open;

    /// <summary>Names a tarball; nothing is read yet.</summary>
    /// <param name="length">How long it is, in bytes.</param>
    /// <param name="open">Opens a range, given its offset and length, for reading once from start to end.</param>
    public ArchiveFile(long length, Func<long, long, CancellationToken, Task<Stream>> open) => (Length, _open) = (length, open);

    /// <summary>How long it is, in bytes.</summary>
    public long Length { get; }

    /// <summary>A tarball of a store.</summary>
    /// <param name="info">What the store tells of it.</param>
    /// <param name="stores">Where it is, or may be when it is read; the first that has it counts.</param>
    /// <param name="missing">The error where none has it.</param>
    internal static ArchiveFile Of(ObjectInfo info, IReadOnlyList<IObjectStore> stores, Func<Exception> missing) =>
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
        });

    /// <summary>Opens a range.</summary>
    internal Task<Stream> OpenAsync(long offset, long length, CancellationToken cancellationToken) =>
        _open(offset, length, cancellationToken);

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
