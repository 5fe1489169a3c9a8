using Replicate.Archives.Indexing;
using Replicate.Archives.Selecting;

namespace Replicate.Archives.Writing;

/// <summary>Writes tarballs: every entry below one top directory named after the id, gzip-compressed, with an index at the end.</summary>
internal static class ArchiveWriter
{
    /// <summary>Writes the selected files in one pass, compressed on all cores.</summary>
    /// <param name="id">The id of the experiment or checkpoint, the name of the top directory.</param>
    /// <param name="files">What is saved; at least one.</param>
    /// <param name="output">A stream that need not seek. It is left open; after an error it does not look whole.</param>
    /// <param name="progress">Told how many bytes are saved.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The size and checksum of what was written.</returns>
    /// <exception cref="ReplicateException">
    /// A file vanished or changed while it was read (<c>FileChanged</c>), or cannot be read (<c>FileUnreadable</c>).
    /// </exception>
    public static Task<ArchiveSummary> WriteAsync(
        string id, IReadOnlyList<SelectedFile> files, Stream output, IProgress<Progress>? progress = null,
        CancellationToken cancellationToken = default) =>
        WriteAsync(id, files, output, new ArchiveOptions(), progress, cancellationToken);

    /// <inheritdoc cref="WriteAsync(string, IReadOnlyList{SelectedFile}, Stream, IProgress{Progress}?, CancellationToken)"/>
    /// <param name="id">The id of the experiment or checkpoint, the name of the top directory.</param>
    /// <param name="files">What is saved; at least one.</param>
    /// <param name="output">A stream that need not seek. It is left open; after an error it does not look whole.</param>
    /// <param name="options">How to write.</param>
    /// <param name="progress">Told how many bytes are saved.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<ArchiveSummary> WriteAsync(
        string id, IReadOnlyList<SelectedFile> files, Stream output, ArchiveOptions options,
        IProgress<Progress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        var counter = new ByteCounter(progress, $"Saving files of {ShortIds.Of(id)}", files.Sum(file => file.Length));
        await using var members = new MemberWriter(output, options.Level, cancellationToken);
        var tar = new TarOutput(members);

        // The system reads files synchronously: not on the thread of the caller.
        var entries = await Task.Run(() => new TarballWriter(id, files, tar, counter).WriteAsync(cancellationToken), cancellationToken);
        var index = new ArchiveIndex(TarChunk.Length, tar.Position, members.Lengths, entries);
        var sha256 = await members.EndAsync(IndexFormat.Write(index));
        return new ArchiveSummary(members.Length, sha256);
    }
}
