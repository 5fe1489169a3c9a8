using Replicate.Archives.Selecting;

namespace Replicate.Archives.Reading;

/// <summary>
/// Reads tarballs, the original's and ours, refusing what would leave the top directory: from start to end, or only what is
/// asked for where there is an index.
/// </summary>
internal static class ArchiveReader
{
    /// <summary>Lists the saved files, by the index where there is one.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball.</param>
    /// <param name="maxSize">How many bytes it may expand to; null, or less than that, for the usual limit.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files and links in the order of the tarball; the later one where a path comes twice.</returns>
    /// <exception cref="ReplicateException">
    /// The tarball is damaged (<c>ArchiveDamaged</c>), hostile (<c>ArchiveRefused</c>) or expands to too much (<c>ArchiveTooLarge</c>).
    /// </exception>
    public static async Task<IReadOnlyList<SavedFile>> ListAsync(
        string id, ArchiveFile archive, long? maxSize = null, CancellationToken cancellationToken = default)
    {
        var tarball = await Tarball.OpenAsync(id, archive, maxSize, cancellationToken);
        if (tarball.Index is { } index)
        {
            return [.. index.Entries.Select(entry => entry.File)];
        }

        await using var entries = await tarball.ReadAllAsync(null, cancellationToken);
        return await ListAsync(entries, cancellationToken);
    }

    /// <summary>Opens one saved file for reading once, reading no more than is needed where there is an index.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball.</param>
    /// <param name="path">The file's path relative to the project directory.</param>
    /// <param name="maxSize">How many bytes the tarball may expand to; null, or less than that, for the usual limit.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The content, or null when no such file is in it. Its end comes only where it is what was saved, or, without an index,
    /// where the tarball is whole.
    /// </returns>
    /// <exception cref="ReplicateException">
    /// The path is a link (<c>FileIsLink</c>); the tarball is damaged (<c>ArchiveDamaged</c>), hostile (<c>ArchiveRefused</c>) or
    /// expands to too much (<c>ArchiveTooLarge</c>).
    /// </exception>
    public static async Task<Stream?> OpenAsync(
        string id, ArchiveFile archive, string path, long? maxSize = null, CancellationToken cancellationToken = default)
    {
        var tarball = await Tarball.OpenAsync(id, archive, maxSize, cancellationToken);
        var saved = ArchivePath.FromUser(path);
        if (tarball.Index is not { } index)
        {
            return await FindAsync(await tarball.ReadAllAsync(null, cancellationToken), saved, cancellationToken);
        }

        var entry = index.Entries.FirstOrDefault(entry => entry.File.Path == saved);
        return entry is null ? null
            : entry.File.LinkTarget is { } target ? throw IsLink(entry.File.Path, target)
            : await tarball.OpenAsync(entry, cancellationToken);
    }

    /// <summary>Lists the saved files, reading the tarball from start to end.</summary>
    internal static async Task<IReadOnlyList<SavedFile>> ListAsync(TarballReader tarball, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, SavedFile>();
        while (await tarball.NextAsync(cancellationToken) is { } entry)
        {
            files[entry.File.Path] = entry.File;
        }

        return [.. files.Values];
    }

    /// <summary>Reads a tarball up to one saved file.</summary>
    /// <param name="tarball">The tarball; it is closed with the result, or when nothing is returned.</param>
    /// <param name="path">The file's path in it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The content, or null when no such file is in it. Whoever reads it to its end has the rest of the tarball read
    /// too, so that the end comes only where the tarball is whole.
    /// </returns>
    internal static async Task<Stream?> FindAsync(TarballReader tarball, string? path, CancellationToken cancellationToken)
    {
        Stream? file = null;
        try
        {
            while (file is null && await tarball.NextAsync(cancellationToken) is { } entry)
            {
                if (entry.File.Path == path)
                {
                    file = entry.File.LinkTarget is { } target
                        ? throw IsLink(path, target)
                        : new SavedFileStream(tarball, entry.Content);
                }
            }

            return file;
        }
        finally
        {
            if (file is null)
            {
                await tarball.DisposeAsync();
            }
        }
    }

    private static ReplicateException IsLink(string path, string target) => new(
        ErrorKind.InvalidArgument, "FileIsLink", $"'{path}' is a link to '{target}', without content of its own.",
        $"Open '{ArchivePath.Follow(path, target)}' instead.");
}
