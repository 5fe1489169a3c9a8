namespace Replicate.Archives;

/// <summary>Reads tarballs from start to end, the original's and ours, refusing what would leave the top directory.</summary>
public static class ArchiveReader
{
    /// <summary>Lists the saved files.</summary>
    /// <param name="id">The id that the top directory is named after.</param>
    /// <param name="archive">The tarball.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ReplicateException">The tarball is damaged (<c>ArchiveDamaged</c>) or hostile (<c>ArchiveRefused</c>).</exception>
    public static Task<IReadOnlyList<SavedFile>> ListAsync(
        string id, Stream archive, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Opens one saved file for reading once; disposing the result closes the tarball.</summary>
    /// <returns>The content, or null when no such file is in it.</returns>
    public static Task<Stream?> OpenAsync(
        string id, Stream archive, string path, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();
}
