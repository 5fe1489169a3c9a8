namespace Replicate.Archives;

/// <summary>Reads tarballs from start to end, the original's and ours, refusing what would leave the top directory.</summary>
public static class ArchiveReader
{
    /// <summary>Lists the saved files.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball; it is left open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The files and links in the order of the tarball; the later one where a path comes twice.</returns>
    /// <exception cref="ReplicateException">The tarball is damaged (<c>ArchiveDamaged</c>) or hostile (<c>ArchiveRefused</c>).</exception>
    public static async Task<IReadOnlyList<SavedFile>> ListAsync(
        string id, Stream archive, CancellationToken cancellationToken = default)
    {
        using var tarball = new TarballReader(id, archive);
        var files = new Dictionary<string, SavedFile>();
        while (await tarball.NextAsync(cancellationToken) is { } entry)
        {
            files[entry.File.Path] = entry.File;
        }

        return [.. files.Values];
    }

    /// <summary>Opens one saved file for reading once; disposing the result closes the tarball.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball; it is closed when nothing is returned.</param>
    /// <param name="path">The file's path relative to the project directory.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The content, or null when no such file is in it. Whoever reads it to its end has the rest of the tarball read
    /// too, so that the end comes only where the tarball is whole.
    /// </returns>
    /// <exception cref="ReplicateException">
    /// The path is a link (<c>FileIsLink</c>); the tarball is damaged (<c>ArchiveDamaged</c>) or hostile (<c>ArchiveRefused</c>).
    /// </exception>
    public static async Task<Stream?> OpenAsync(
        string id, Stream archive, string path, CancellationToken cancellationToken = default)
    {
        var tarball = new TarballReader(id, archive);
        Stream? file = null;
        try
        {
            file = await FindAsync(tarball, archive, ArchivePath.FromUser(path), cancellationToken);
            return file;
        }
        finally
        {
            if (file is null)
            {
                tarball.Dispose();
                await archive.DisposeAsync();
            }
        }
    }

    private static async Task<Stream?> FindAsync(
        TarballReader tarball, Stream archive, string? path, CancellationToken cancellationToken)
    {
        while (await tarball.NextAsync(cancellationToken) is { } entry)
        {
            if (entry.File.Path == path)
            {
                return entry.File.LinkTarget is { } target
                    ? throw IsLink(path, target)
                    : new SavedFileStream(tarball, archive, entry.Content);
            }
        }

        return null;
    }

    private static ReplicateException IsLink(string path, string target) => new(
        ErrorKind.InvalidArgument, "FileIsLink", $"'{path}' is a link to '{target}', without content of its own.",
        $"Open '{ArchivePath.Follow(path, target)}' instead.");
}
