using System.Security.Cryptography;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;

namespace Replicate.Archives.Writing;

/// <summary>Puts files into a tar file, one after the other.</summary>
internal sealed class TarballWriter(string id, IReadOnlyList<SelectedFile> files, TarOutput tar, ByteCounter counter)
{
    private readonly List<ArchiveEntry> _entries = [];
    private int _next;

    /// <summary>Writes all files and the end of the tar file.</summary>
    /// <returns>Where each of them is.</returns>
    public async Task<IReadOnlyList<ArchiveEntry>> WriteAsync(CancellationToken cancellationToken)
    {
        await using var ahead = new ReadAhead(id, files, cancellationToken);
        while (_next < files.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var chunk = await ahead.TakeAsync(_next);
            if (chunk is null)
            {
                await WriteAsync(files[_next++], cancellationToken);
            }
            else
            {
                _entries.AddRange(chunk.Entries.Select(entry => entry with { Offset = tar.Position + entry.Offset }));
                _next += chunk.Count;
                await tar.AppendAsync(chunk.Bytes);
                counter.Add(chunk.Entries.Sum(entry => entry.File.Length));
            }
        }

        await tar.CompleteAsync();
        return _entries;
    }

    private async Task WriteAsync(SelectedFile selected, CancellationToken cancellationToken)
    {
        if (selected.LinkTarget is not null)
        {
            await WriteHeaderAsync(TarEntries.OfLink(selected));
            return;
        }

        using var file = selected.TryOpen(counter);
        if (file is null)
        {
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var saved = TarEntries.Of(selected, file);
        await WriteHeaderAsync(saved);
        for (var left = saved.Length; left > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var room = await tar.RoomAsync();
            var read = file.Read(room.Span);
            hash.AppendData(room.Span[..read]);
            tar.Advance(read);
            left -= read;
        }

        await tar.PadAsync();
        _entries[^1] = _entries[^1] with { File = saved with { Sha256 = TarEntries.Hex(hash.GetHashAndReset()) } };
    }

    private async Task WriteHeaderAsync(SavedFile file)
    {
        var header = TarHeader.Of($"{id}/{file.Path}", file);
        await tar.AppendAsync(header);
        _entries.Add(new ArchiveEntry(file, tar.Position, header.Length));
    }
}
