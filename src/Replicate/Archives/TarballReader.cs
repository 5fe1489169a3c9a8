using System.Formats.Tar;

namespace Replicate.Archives;

/// <summary>A saved file with its content, which can be read until the next one is asked for.</summary>
internal sealed record TarballEntry(SavedFile File, Stream Content);

/// <summary>Reads a tarball, one saved file after the other, and holds it to all that a tarball has to be.</summary>
internal sealed class TarballReader : IDisposable
{
    private readonly string _id;
    private readonly TarReader _entries;
    private readonly TarballTree _tree;

    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The compressed tarball; it is left open.</param>
    /// <param name="progress">Told how many compressed bytes are read.</param>
    public TarballReader(string id, Stream archive, IProgress<Progress>? progress = null)
    {
        long? length = archive.CanSeek ? archive.Length : null;
        _id = id;
        _tree = new TarballTree(id);
        Content = new TarballContent(id, archive, new ByteCounter(progress, $"Reading files of {ShortIds.Of(id)}", length));
        _entries = new TarReader(Content);
    }

    /// <summary>All that the tarball holds, headers included.</summary>
    public TarballContent Content { get; }

    /// <summary>Goes on to the next saved file.</summary>
    /// <returns>The file; null after the last, when the tarball was read to its end and is whole.</returns>
    /// <exception cref="ReplicateException"><c>ArchiveDamaged</c>, <c>ArchiveRefused</c>.</exception>
    public async Task<TarballEntry?> NextAsync(CancellationToken cancellationToken)
    {
        while (await ReadHeaderAsync(cancellationToken) is { } entry)
        {
            Content.ExpectData(entry.Length);
            if (_tree.Add(entry) is { } file)
            {
                return new TarballEntry(file, entry.DataStream ?? Stream.Null);
            }
        }

        await Content.ReadEndAsync(cancellationToken);
        return null;
    }

    public void Dispose() => _entries.Dispose();

    private async ValueTask<TarEntry?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _entries.GetNextEntryAsync(copyData: false, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException
            or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw ArchiveErrors.Damaged(_id, e);
        }
    }
}
