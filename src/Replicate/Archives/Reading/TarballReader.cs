using System.Formats.Tar;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Reading;

/// <summary>A saved file with its content, which can be read until the next one is asked for.</summary>
internal sealed record TarballEntry(SavedFile File, Stream Content);

/// <summary>Reads a tarball, one saved file after the other, and holds it to all that a tarball has to be.</summary>
internal sealed class TarballReader : IDisposable, IAsyncDisposable
{
    private readonly string _id;
    private readonly TarReader _entries;
    private readonly TarballTree _tree;
    private readonly ExpansionLimit _limit;
    private readonly IReadOnlyList<ArchiveEntry>? _known;
    private long _headers;
    private int _files;

    /// <summary>Reads what was decompressed of a tarball.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="content">The tar file, and <see cref="MarkedInput.Mark"/> where it is whole; disposed with this.</param>
    /// <param name="counter">Knows how many compressed bytes were read.</param>
    /// <param name="limit">What may come out.</param>
    /// <param name="known">What has to be in it, where that is known.</param>
    public TarballReader(string id, Stream content, ByteCounter counter, ExpansionLimit limit, IReadOnlyList<ArchiveEntry>? known = null)
    {
        (_id, _limit, _known) = (id, limit, known);
        _tree = new TarballTree(id);
        Content = new TarballContent(id, content, counter, limit);
        _entries = new TarReader(Content);
    }

    /// <summary>All that the tarball holds, headers included.</summary>
    public TarballContent Content { get; }

    /// <summary>Goes on to the next saved file.</summary>
    /// <returns>The file; null after the last, when the tarball was read to its end and is whole.</returns>
    /// <exception cref="ReplicateException"><c>ArchiveDamaged</c>, <c>ArchiveRefused</c>, <c>ArchiveTooLarge</c>.</exception>
    public async Task<TarballEntry?> NextAsync(CancellationToken cancellationToken)
    {
        while (await ReadHeaderAsync(cancellationToken) is { } entry)
        {
            Content.ExpectData(entry.Length);
            if (++_headers > _limit.Entries)
            {
                throw ArchiveErrors.TooLarge(_id, _limit);
            }

            if (_tree.Add(entry) is { } file)
            {
                return Entry(file, entry.DataStream ?? Stream.Null);
            }
        }

        await Content.ReadEndAsync(cancellationToken);
        return _known is null || _files == _known.Count ? null : throw ArchiveErrors.Damaged(_id);
    }

    public void Dispose() => _entries.Dispose();

    public ValueTask DisposeAsync() => _entries.DisposeAsync();

    /// <summary>The file with what the index knows of it, which has to be the same.</summary>
    private TarballEntry Entry(SavedFile file, Stream content)
    {
        if (_known is null)
        {
            return new TarballEntry(file, content);
        }

        var known = _files < _known.Count ? _known[_files++].File : null;
        return known is null || known with { Sha256 = null } != file
            ? throw ArchiveErrors.DamagedAt(_id, $"'{file.Path}'")
            : new TarballEntry(known, known.LinkTarget is null ? new VerifiedStream(content, _id, known) : content);
    }

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
