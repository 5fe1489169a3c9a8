using System.Buffers;
using System.Security.Cryptography;
using Replicate.Archives.Reading;
using Replicate.Archives.Selecting;

namespace Replicate.Comparisons;

/// <summary>
/// Reads what the sides of a comparison have; a tarball that several of them share is read once. Of one with an index the
/// index is read, which has the digests, and only those texts whose lines are compared.
/// </summary>
/// <param name="texts">Where texts are kept; null keeps none.</param>
/// <param name="includes">Which paths are looked at.</param>
/// <param name="progress">Told how much is read.</param>
internal sealed class SideReader(KeptTexts? texts, Func<string, bool> includes, IProgress<Progress>? progress)
{
    private const int BufferLength = 1 << 17;

    private readonly Dictionary<string, (Tarball Tarball, Dictionary<string, ComparedFile> Files)> _tarballs = [];

    /// <summary>The files of a side by their paths: the experiment's, and the checkpoint's over them.</summary>
    /// <exception cref="ReplicateException">A tarball is missing or damaged, or the repository does not answer.</exception>
    internal async Task<IReadOnlyDictionary<string, ComparedFile>> ReadAsync(Match side, CancellationToken cancellationToken)
    {
        var saved = new SavedFiles(side.Experiment);
        var files = new Dictionary<string, ComparedFile>();
        foreach (var archive in saved.ArchivesOf(side.Representative))
        {
            if (!_tarballs.TryGetValue(archive.Key, out var known))
            {
                var tarball = await saved.FindTarballAsync(archive, cancellationToken);
                _tarballs.Add(archive.Key, known = (tarball, await ReadTarballAsync(tarball, cancellationToken)));
            }

            RemoveWhatIsInTheWay(files, known.Files);
            foreach (var (path, file) in known.Files)
            {
                files[path] = file;
            }
        }

        return files;
    }

    /// <summary>Reads the texts of a side that differ from those of the other one and aren't kept yet.</summary>
    /// <exception cref="ReplicateException">A tarball is gone or damaged, or the repository does not answer.</exception>
    internal async Task ReadTextsAsync(
        IReadOnlyDictionary<string, ComparedFile> side, IReadOnlyDictionary<string, ComparedFile> other, CancellationToken cancellationToken)
    {
        var wanted = side.Where(file => other.TryGetValue(file.Key, out var theirs) && file.Value.MayDifferInLinesFrom(theirs))
            .Select(file => file.Value).ToHashSet();
        foreach (var (tarball, files) in texts is null ? [] : _tarballs.Values.Where(tarball => tarball.Tarball.Index is not null))
        {
            await foreach (var entry in tarball.ReadAsync(
                file => files.TryGetValue(file.Path, out var ours) && wanted.Contains(ours), progress, cancellationToken))
            {
                files[entry.File.Path].Text = (await ReadSmallAsync(texts!, entry, cancellationToken)).Text;
            }
        }
    }

    private async Task<Dictionary<string, ComparedFile>> ReadTarballAsync(Tarball tarball, CancellationToken cancellationToken)
    {
        if (tarball.Index is { } index)
        {
            return index.Entries.Where(entry => includes(entry.File.Path))
                .ToDictionary(entry => entry.File.Path, entry => Of(entry.File, entry.File.Sha256 ?? "", text: null));
        }

        var files = new Dictionary<string, ComparedFile>();
        await using var entries = await tarball.ReadAllAsync(progress, cancellationToken);
        while (await entries.NextAsync(cancellationToken) is { } entry)
        {
            if (includes(entry.File.Path))
            {
                files[entry.File.Path] = await ReadFileAsync(entry, cancellationToken);
            }
        }

        return files;
    }

    private async Task<ComparedFile> ReadFileAsync(TarballEntry entry, CancellationToken cancellationToken)
    {
        var file = entry.File;
        var (sha256, text) = file.LinkTarget is not null ? ("", null)
            : texts is not null && file.Length <= TextContent.MaxLength ? await ReadSmallAsync(texts, entry, cancellationToken)
            : (await DigestAsync(entry.Content, cancellationToken), null);
        return Of(file, sha256, text);
    }

    private static ComparedFile Of(SavedFile file, string sha256, KeptText? text) => new()
    {
        Kind = file.Kind, Length = file.Length, Mode = file.Mode, LinkTarget = file.LinkTarget, Sha256 = sha256, Text = text,
    };

    private static async Task<(string Sha256, KeptText? Text)> ReadSmallAsync(
        KeptTexts texts, TarballEntry entry, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)entry.File.Length);
        try
        {
            var content = buffer.AsMemory(0, (int)entry.File.Length);
            await entry.Content.ReadExactlyAsync(content, cancellationToken);

            // Only the end tells whether it is what was saved.
            await entry.Content.CopyToAsync(Stream.Null, cancellationToken);
            var sha256 = Hex(SHA256.HashData(content.Span));
            return (sha256, TextContent.IsText(content.Span) ? await texts.KeepAsync(sha256, content, cancellationToken) : null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<string> DigestAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
            }

            return Hex(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Hex(byte[] digest) => Convert.ToHexString(digest).ToLowerInvariant();

    // As in a check-out: a file goes over a directory of the earlier tarball, and a directory over a file.
    private static void RemoveWhatIsInTheWay(Dictionary<string, ComparedFile> files, Dictionary<string, ComparedFile> added)
    {
        var directories = added.Keys.SelectMany(ArchivePath.Ancestors).ToHashSet();
        foreach (var path in files.Keys.Where(
            path => directories.Contains(path) || ArchivePath.Ancestors(path).Any(added.ContainsKey)).ToArray())
        {
            files.Remove(path);
        }
    }
}
