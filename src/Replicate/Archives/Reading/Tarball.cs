using System.Runtime.CompilerServices;
using Replicate.Archives.Indexing;
using Replicate.Archives.Writing;

namespace Replicate.Archives.Reading;

/// <summary>A tarball with its index, where it has one that can be relied on.</summary>
/// <param name="Id">The id that the top directory is named after.</param>
/// <param name="File">Its bytes.</param>
/// <param name="Limit">What may come out of it.</param>
/// <param name="Index">Where what lies; null where it has to be read from start to end.</param>
internal sealed record Tarball(string Id, ArchiveFile File, ExpansionLimit Limit, ArchiveIndex? Index)
{
    /// <summary>One read gets the footer, and the index of some thousand files with it.</summary>
    private const int TailLength = 1 << 16;

    /// <summary>Looks for the index.</summary>
    public static async Task<Tarball> OpenAsync(string id, ArchiveFile file, long? maxSize, CancellationToken cancellationToken)
    {
        var limit = ExpansionLimit.Of(file.Length, maxSize);
        try
        {
            return new Tarball(id, file, limit, await ReadIndexAsync(id, file, limit, cancellationToken));
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException or ReplicateException { Id: ErrorIds.ArchiveRefused })
        {
            Log.Verbose($"The index of the tarball of {id} is ignored: {e.Message}.");
            return new Tarball(id, file, limit, null);
        }
    }

    /// <summary>All of the tar file, entry by entry, held against the index where there is one.</summary>
    /// <param name="progress">Told how many compressed bytes are read.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="isExact">
    /// Whether the end comes only where the tarball, too, has its recorded checksum; always so without an index, which has the
    /// checksums of the files.
    /// </param>
    public async Task<TarballReader> ReadAllAsync(
        IProgress<Progress>? progress, CancellationToken cancellationToken, bool isExact = false)
    {
        var counter = CounterOf(progress, File.Length);
        if (Index is not null)
        {
            return new TarballReader(Id, new ChunkStream(Id, File, Index, 0, Index.MemberLengths.Count, counter, isExact), counter, Limit, Index.Entries);
        }

        var bytes = await File.OpenVerifiedAsync(Id, cancellationToken);
        return new TarballReader(Id, Gzip.Decompress(new MarkedInput(bytes, counter, leaveOpen: false)), counter, Limit);
    }

    /// <summary>Only the files that are asked for, by the index; each is to be read before the next is asked for.</summary>
    public async IAsyncEnumerable<TarballEntry> ReadAsync(
        Func<SavedFile, bool> wanted, IProgress<Progress>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = Index!.Entries.Where(entry => wanted(entry.File)).ToList();
        var counter = CounterOf(progress, null);
        for (var (start, end) = (0, 0); start < entries.Count; start = end)
        {
            // What lies in the same member, or the next, is read together.
            for (end++; end < entries.Count && FirstMember(entries[end]) <= LastMember(entries[end - 1]) + 1; end++)
            {
            }

            await using var chunks = Chunks(entries[start], entries[end - 1], counter);
            for (var i = start; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new TarballEntry(entries[i].File, await ContentAsync(chunks, entries[i], cancellationToken));
            }
        }
    }

    /// <summary>The content of one file of the index.</summary>
    public async Task<Stream> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken)
    {
        var chunks = Chunks(entry, entry, CounterOf(null, null));
        try
        {
            return await ContentAsync(chunks, entry, cancellationToken);
        }
        catch
        {
            await chunks.DisposeAsync();
            throw;
        }
    }

    private static async Task<ArchiveIndex?> ReadIndexAsync(
        string id, ArchiveFile file, ExpansionLimit limit, CancellationToken cancellationToken)
    {
        if (file.Length < IndexFormat.FooterLength)
        {
            return null;
        }

        var tail = await file.ReadAsync(Math.Max(0, file.Length - TailLength), (int)Math.Min(file.Length, TailLength), cancellationToken);
        if (IndexFormat.ReadFooter(file.Length, tail.AsSpan(tail.Length - IndexFormat.FooterLength)) is not { } start)
        {
            return null;
        }

        var missing = (int)Math.Max(0, file.Length - start - tail.Length);
        var all = missing == 0 ? tail : [.. await file.ReadAsync(start, missing, cancellationToken), .. tail];
        return IndexFormat.Read(id, all.AsSpan(all.Length - (int)(file.Length - start)), limit);
    }

    /// <summary>The members from one entry to another.</summary>
    private ChunkStream Chunks(ArchiveEntry first, ArchiveEntry last, ByteCounter counter) =>
        new(Id, File, Index!, FirstMember(first), LastMember(last) + 1 - FirstMember(first), counter);

    private int FirstMember(ArchiveEntry entry) => (int)(entry.Start / Index!.ChunkLength);

    private int LastMember(ArchiveEntry entry) => (int)((entry.Offset + entry.File.Length - 1) / Index!.ChunkLength);

    /// <summary>The content of an entry, whose header has to say what the index says.</summary>
    private async Task<Stream> ContentAsync(ChunkStream chunks, ArchiveEntry entry, CancellationToken cancellationToken)
    {
        await chunks.SkipToAsync(entry.Start, cancellationToken);
        using var header = new TarballReader(Id, new SlicedStream(chunks, entry.HeaderLength, leaveOpen: true), CounterOf(null, null), Limit, [entry]);
        return await header.NextAsync(cancellationToken) is not null && chunks.Offset == entry.Offset
            ? new SlicedStream(chunks, entry.File.Length).Verified(Id, entry.File)
            : throw ArchiveErrors.DamagedAt(Id, $"'{entry.File.Path}'");
    }

    private ByteCounter CounterOf(IProgress<Progress>? progress, long? total) =>
        new(progress, $"Reading files of {ShortIds.Of(Id)}", total);
}
